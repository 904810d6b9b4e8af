/**
 * Player: the facts of a player that payments depend on. The platform knows the rest; a player
 * that it told us nothing about has no row and no restriction.
 */
import type { Exclusion } from './limits/exclusion.ts';

/** 0: nothing checked, 3: everything that the law asks for. */
export type KycLevel = 0 | 1 | 2 | 3;

export interface Player extends Exclusion {
  id: string;
  /** ISO 3166 country of registration. */
  country: string | null;
  registeredAt: number | null;
  kycLevel: KycLevel;
  /** When the last check of identity was first asked for, and when the present level was reached. Epoch ms. */
  kycRequestedAt: number | null;
  kycVerifiedAt: number | null;
  /**
   * Has, or had, a limit or an exclusion: deposits of this player are admitted under the lock
   * of this row. False spares everybody else the lock.
   */
  guarded: boolean;
  createdAt: number;
  updatedAt: number;
}

export function unknownPlayer(id: string, nowMs: number): Player {
  return {
    id,
    country: null,
    registeredAt: null,
    kycLevel: 0,
    kycRequestedAt: null,
    kycVerifiedAt: null,
    coolOffUntil: null,
    excludedAt: null,
    excludedUntil: null,
    guarded: false,
    createdAt: nowMs,
    updatedAt: nowMs,
  };
}
