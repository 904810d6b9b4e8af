/**
 * Story: the platform tells what it knows of a player: country, registration, how far his
 * identity is checked, bonuses that must be wagered. Payment methods and documents stay there.
 */
import { ServiceError } from '../domain/errors.ts';
import { unknownPlayer, type KycLevel, type Player } from '../domain/player.ts';
import type { WageringRequirement } from '../ports/players.ts';
import type { ServiceContext } from './context.ts';

export interface ProfileChange {
  country?: string | null;
  registeredAt?: number | null;
  kycLevel?: KycLevel;
  /** A check of identity has been asked for; the first time stays. */
  kycRequested?: boolean;
  wageringRequired: readonly WageringRequirement[];
}

export interface Profile {
  player: Player;
  /** What must still be wagered, by currency; empty where the policy does not ask for it. */
  wagering: { currency: string; outstandingMinor: number }[];
}

export async function readProfile(context: ServiceContext, playerId: string): Promise<Profile> {
  const { clock, database, policy, stores } = context;
  const unit = database.autocommit;
  const player = (await stores.players.find(unit, playerId)) ?? unknownPlayer(playerId, clock.now());
  const factor = policy.payouts.wageringFactor;
  const wagering: Profile['wagering'] = [];
  for (const currency of factor === null ? [] : await stores.wagering.currencies(unit, playerId)) {
    const outstandingMinor = await stores.wagering.outstanding(unit, playerId, currency, factor ?? 0);
    wagering.push({ currency, outstandingMinor });
  }
  return { player, wagering };
}

/** @throws ServiceError txn_conflict when a wagering reference exists with other content */
export async function changeProfile(
  context: ServiceContext,
  playerId: string,
  change: ProfileChange,
): Promise<Profile> {
  const { clock, database, meter, stores } = context;
  await database.transaction(async (unit) => {
    const player = await stores.players.lockOrCreate(unit, playerId, clock.now());
    const nowMs = clock.now();
    const next = changed(player, change, nowMs);
    await stores.players.save(unit, next);
    const { kycRequestedAt: requestedAt, kycVerifiedAt: verifiedAt } = next;
    if (verifiedAt !== null && verifiedAt !== player.kycVerifiedAt && requestedAt !== null)
      unit.afterCommit(() => meter.identityVerified(verifiedAt - requestedAt));
    for (const requirement of change.wageringRequired) {
      if (!(await stores.wagering.require(unit, playerId, requirement, nowMs)))
        throw new ServiceError('txn_conflict', `Wagering ${requirement.reference} exists with other content.`);
    }
  });
  return readProfile(context, playerId);
}

function changed(player: Player, change: ProfileChange, nowMs: number): Player {
  const kycLevel = change.kycLevel ?? player.kycLevel;
  const requested = change.kycRequested === true || kycLevel > player.kycLevel;
  // A request that was answered by a verification is over: the next one begins anew.
  const { kycRequestedAt: before, kycVerifiedAt: verified } = player;
  const pendingSince = before !== null && (verified === null || verified < before) ? before : null;
  return {
    ...player,
    country: change.country === undefined ? player.country : change.country,
    registeredAt: change.registeredAt === undefined ? player.registeredAt : change.registeredAt,
    kycLevel,
    kycRequestedAt: pendingSince ?? (requested ? nowMs : before),
    kycVerifiedAt: kycLevel > player.kycLevel ? nowMs : player.kycVerifiedAt,
    updatedAt: nowMs,
  };
}
