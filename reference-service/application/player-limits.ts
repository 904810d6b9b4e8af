/**
 * Story: a player limits himself. Each change is one transaction that holds his row, the same
 * lock under which his deposits are admitted: what is answered here is in force for every
 * deposit that begins afterwards.
 */
import { changedLimit, settledLimit, type DepositLimit } from '../domain/limits/deposit-limit.ts';
import { withCoolOff, withSelfExclusion, type ExclusionChange } from '../domain/limits/exclusion.ts';
import type { UsedByPeriod } from '../domain/limits/limit-breach.ts';
import type { LimitPeriod } from '../domain/limits/period.ts';
import { ServiceError } from '../domain/errors.ts';
import { unknownPlayer, type Player } from '../domain/player.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';

export interface PlayerLimits {
  player: Player;
  /** As they stand now, by currency and period. */
  limits: DepositLimit[];
  usedByCurrency: Map<string, UsedByPeriod>;
}

/** Minor units; null: no limit. Periods that are not named stay as they are. */
export type WantedLimits = Partial<Record<LimitPeriod, number | null>>;

export function readLimits(context: ServiceContext, playerId: string): Promise<PlayerLimits> {
  return read(context, context.database.autocommit, playerId);
}

async function read(context: ServiceContext, unit: Unit, playerId: string): Promise<PlayerLimits> {
  const { clock, stores } = context;
  const nowMs = clock.now();
  const player = (await stores.players.find(unit, playerId)) ?? unknownPlayer(playerId, nowMs);
  const limits = (await stores.limits.list(unit, playerId)).map((limit) => settledLimit(limit, nowMs));
  const usedByCurrency = new Map<string, UsedByPeriod>();
  for (const currency of new Set(limits.map((limit) => limit.currency)))
    usedByCurrency.set(currency, await stores.limits.deposited(unit, playerId, currency, nowMs));
  return { player, limits, usedByCurrency };
}

export function changeLimits(
  context: ServiceContext,
  playerId: string,
  { currency, wanted }: { currency: string; wanted: WantedLimits },
): Promise<PlayerLimits> {
  return change(context, playerId, async (unit, player, nowMs) => {
    const { limits: store } = context.stores;
    const present = await store.list(unit, playerId);
    for (const [period, amountMinor] of Object.entries(wanted) as [LimitPeriod, number | null][]) {
      const before = present.find((limit) => limit.currency === currency && limit.period === period);
      const limit = before ?? { currency, period, amountMinor: null, pending: null };
      const raiseWaitMs = context.policy.limitRaiseWaitMs;
      await store.save(unit, playerId, changedLimit(limit, { amountMinor, nowMs, raiseWaitMs }));
    }
    return { ...player, guarded: true };
  });
}

/** @param until epoch ms */
export function coolOff(context: ServiceContext, playerId: string, until: number): Promise<PlayerLimits> {
  return change(context, playerId, (_unit, player, nowMs) => excluded(player, withCoolOff(player, until, nowMs)));
}

/** @param until epoch ms; null: without an end */
export function selfExclude(context: ServiceContext, playerId: string, until: number | null): Promise<PlayerLimits> {
  return change(context, playerId, (_unit, player, nowMs) => excluded(player, withSelfExclusion(player, until, nowMs)));
}

function excluded(player: Player, changed: ExclusionChange): Promise<Player> {
  if (changed.ok) return Promise.resolve({ ...player, ...changed.exclusion, guarded: true });
  const message = `This is not allowed: ${changed.reason}.`;
  if (changed.problem === 'shorter') throw new ServiceError('invalid_state', message);
  throw new ServiceError('validation_failed', message, {
    details: { errors: [{ field: 'until', message: changed.reason }] },
  });
}

/** @throws ServiceError invalid_state, validation_failed */
async function change(
  context: ServiceContext,
  playerId: string,
  work: (unit: Unit, player: Player, nowMs: number) => Promise<Player>,
): Promise<PlayerLimits> {
  const { clock, database, stores } = context;
  return database.transaction(async (unit) => {
    const player = await stores.players.lockOrCreate(unit, playerId, clock.now());
    const nowMs = clock.now();
    const changed = await work(unit, player, nowMs);
    await stores.players.save(unit, { ...changed, updatedAt: nowMs });
    return read(context, unit, playerId);
  });
}
