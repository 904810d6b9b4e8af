/**
 * Gathers what the checks of a payout look at, before anything is reserved.
 *
 *   plan (no transaction): risk, way back, does a person look at it?
 *   refuse (the transaction that reserves): KYC, limit, wagering, loop, under the lock of the wallet
 *
 * A policy that asks for nothing costs nothing: each fact is read only for a rule that is set.
 */
import { leavesTheLoop, payoutRoute, type PayoutRoute, type PayoutWish } from '../domain/payout-checks/closed-loop.ts';
import { payoutRefusal, reviewReasons, type Refusal } from '../domain/payout-checks/check-payout.ts';
import { periodWindow } from '../domain/limits/period.ts';
import type { Payout } from '../domain/payout.ts';
import type { StoredRisk } from '../ports/players.ts';
import type { Unit } from '../ports/unit.ts';
import { assessRisk } from './assess-risk.ts';
import type { ServiceContext } from './context.ts';

export interface PayoutPlan {
  risk: StoredRisk | null;
  route: PayoutRoute | null;
  /** Why a person looks at it first; empty when nobody does. */
  reviewReasons: string[];
}

/**
 * May name where the money should go out: `preferredPsp` of the payout, unless the platform
 * chose one, and the method that this PSP keeps, unless the platform gave a destination.
 */
export async function planPayout(
  context: ServiceContext,
  payout: Payout,
  { mayUseKept }: { mayUseKept: boolean },
): Promise<PayoutPlan> {
  const { database, policy, stores } = context;
  const { id, playerId, amountMinor, currency, method } = payout;
  const route =
    policy.payouts.closedLoop === 'off'
      ? null
      : payoutRoute(await stores.payoutChecks.ways(database.autocommit, playerId, currency), wishOf(context, payout));
  payout.preferredPsp ??= route?.psp ?? null;
  if (route !== null && mayUseKept) await sendToKept(context, payout, route);
  const subject = { kind: 'payout', id, playerId, amountMinor, currency, method } as const;
  const risk = await assessRisk(context, {
    ...subject,
    token: payout.destinationToken,
    country: payout.country,
    bin: null,
  });
  return { risk, route, reviewReasons: reviewReasons(policy.payouts, { risk, amountMinor, currency }) };
}

/** The token of a kept method means something to one PSP only, so the payout goes there or waits. */
async function sendToKept(context: ServiceContext, payout: Payout, route: PayoutRoute): Promise<void> {
  const { playerId, method } = payout;
  const { psp } = route;
  if (psp === null || payout.preferredPsp !== psp) return;
  const keeps = context.psps.get(psp)?.adapter.capabilities.keptPayoutMethods ?? [];
  if (!keeps.includes(method)) return;
  const way = { playerId, psp, method };
  const kept = await context.stores.payoutChecks.keptDestination(context.database.autocommit, way);
  if (kept === null) return;
  payout.destinationToken = kept.token;
  payout.pinnedPsp = psp;
  route.storedMethodId = kept.storedMethodId;
}

/** Why the payout may not begin; null when it may. Holds the wallet until the transaction ends. */
export async function refuseOrHold(
  context: ServiceContext,
  unit: Unit,
  payout: Payout,
  plan: PayoutPlan,
): Promise<Refusal | null> {
  const { clock, policy, stores } = context;
  const rules = policy.payouts;
  const { playerId, amountMinor, currency } = payout;
  const isLimited = rules.dailyLimitMinor[currency] !== undefined;
  const asksKyc = rules.kycLevels.length > 0;
  const asksWagers = rules.wageringFactor !== null;
  const closesLoop = rules.closedLoop === 'require';
  if (!isLimited && !asksKyc && !asksWagers && !closesLoop && plan.risk === null) return null;

  await stores.payoutChecks.lockWallet(unit, playerId, currency);
  const nowMs = clock.now();
  const player = asksKyc ? await stores.players.find(unit, playerId) : null;
  const since = periodWindow('day', nowMs).startsAt;
  const refusal = payoutRefusal(rules, {
    amountMinor,
    currency,
    nowMs,
    kycLevel: player?.kycLevel ?? 0,
    usedTodayMinor: isLimited ? await stores.limits.paidOut(unit, playerId, currency, since) : 0,
    wageringOutstandingMinor: asksWagers
      ? await stores.wagering.outstanding(unit, playerId, currency, rules.wageringFactor ?? 0)
      : 0,
    risk: plan.risk,
    loopLeft: closesLoop ? await loopLeft(context, unit, payout) : null,
  });
  if (refusal?.code === 'kyc_required') await stores.players.noteKycRequest(unit, playerId, nowMs);
  return refusal;
}

/** The way is looked at again under the lock: another payout may have gone it meanwhile. */
async function loopLeft(context: ServiceContext, unit: Unit, payout: Payout): Promise<PayoutRoute | null> {
  const ways = await context.stores.payoutChecks.ways(unit, payout.playerId, payout.currency);
  const wish = wishOf(context, payout);
  const route = payoutRoute(ways, wish);
  return leavesTheLoop(route, ways, wish) ? route : null;
}

function wishOf(context: ServiceContext, { method, amountMinor }: Payout): PayoutWish {
  const canPayOut: PayoutWish['canPayOut'] = (psp, by) =>
    context.psps.get(psp)?.adapter.capabilities.payoutMethods.includes(by) ?? false;
  return { method, amountMinor, canPayOut };
}
