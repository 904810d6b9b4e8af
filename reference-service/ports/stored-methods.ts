/**
 * Store of kept methods.
 */
import type { PaymentMethod } from '../domain/deposit.ts';
import type { Unit } from './unit.ts';

export interface StoredMethod {
  id: string;
  playerId: string;
  /** The PSP that keeps it. */
  psp: string;
  /** The PSP's token; null once the method is removed. Never a card number. */
  pspToken: string | null;
  method: PaymentMethod;
  brand: string | null;
  last4: string | null;
  status: 'active' | 'removed';
  createdAt: number;
  removedAt: number | null;
}

export interface StoredMethodStore {
  /** Gives the id under which the player's token is kept: the new one, or that of an earlier payment. */
  keep(unit: Unit, method: StoredMethod): Promise<string>;
  find(unit: Unit, id: string): Promise<StoredMethod | null>;
  /** Active ones, newest first. */
  list(unit: Unit, playerId: string): Promise<StoredMethod[]>;
  /** Erases the token. Gives the method as it then is, or null when the player has none of this id. */
  remove(unit: Unit, playerId: string, id: string, nowMs: number): Promise<StoredMethod | null>;
}
