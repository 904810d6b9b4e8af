/**
 * Traffic of a scenario to planned operations. All draws are keyed by the operation's own name,
 * never by order, so taking one deposit away leaves the fate of the others as it was.
 */
import type { Random } from '../../kernel/index.ts';
import { minorUnits } from './amount.ts';
import * as draw from './draws.ts';
import { durationMs } from './duration.ts';
import type * as Plan from './plan.ts';
import type * as Entry from './scenario.ts';
import { countOf, kindOf, type TrafficKind } from './traffic-kinds.ts';

/** How long after its opening a dispute is decided. */
const DISPUTE_ENDS_AFTER_MS = 2 * 3_600_000;
/** From a bet to what comes of it. */
const ROUND_LASTS_MS = 30_000;
const COOL_OFF_MS = 7 * 24 * 3_600_000;

/** What each planned operation has, and what planning may draw from. */
interface Planning {
  scenario: Entry.Scenario;
  random: Random;
  base: { op: string; atMs: number; group: string };
  index: number;
}

/** All operations in the order of the file; names count per kind, over all entries. */
export function planTraffic(scenario: Entry.Scenario, random: Random): Plan.PlannedOperation[] {
  const counters = new Map<TrafficKind, number>();
  const operations: Plan.PlannedOperation[] = [];
  scenario.traffic.forEach((entry, entryIndex) => {
    const kind = kindOf(entry);
    const first = entry.first ?? (counters.get(kind) ?? 0) + 1;
    for (let index = 0; index < countOf(entry); index++) {
      const number = first + index;
      counters.set(kind, number);
      if (entry.only?.includes(index + 1) === false) continue;
      const op = `${kind.prefix}-${number}`;
      const group = entry.burst === true ? `burst-${entryIndex + 1}` : op;
      operations.push(planOne(entry, { scenario, random, index, base: { op, atMs: startOf(entry, index), group } }));
    }
  });
  return operations;
}

function planOne(entry: Entry.Traffic, planning: Planning): Plan.PlannedOperation {
  if ('deposits' in entry) return planDeposit(entry, planning);
  if ('payouts' in entry) return planPayout(entry, planning);
  if ('refunds' in entry) return planRefund(entry, planning);
  if ('disputes' in entry) return planDispute(entry, planning);
  if ('rounds' in entry) return planRound(entry, planning);
  const { base, index } = planning;
  if ('switches' in entry) return { kind: 'switch', ...base, psps: draw.pspsOf(entry), inService: entry.in_service };
  const own = { ...base, player: draw.playerOf(entry, index), client: draw.clientOf(entry.client ?? {}) };
  if ('removals' in entry) return { kind: 'removal', ...own };
  if ('limits' in entry) return { kind: 'limit', ...own, currency: entry.currency, limits: limitsOf(entry) };
  return { kind: 'exclusion', ...own, ...exclusionOf(entry) };
}

function startOf(timing: Entry.Timing, index: number): number {
  const fromMs = timing.from === undefined ? 0 : durationMs(timing.from);
  const listed = timing.at?.[index];
  if (listed !== undefined) return fromMs + durationMs(listed);
  return fromMs + (timing.every === undefined ? 0 : index * durationMs(timing.every));
}

function planDeposit(entry: Entry.DepositTraffic, { scenario, random, base, index }: Planning): Plan.PlannedDeposit {
  const { op } = base;
  const money = draw.drawMoney(entry, op, random);
  return {
    kind: 'deposit',
    ...base,
    ...money,
    ...draw.drawPsp(entry, op, random),
    player: draw.playerOf(entry, index),
    card: draw.drawCard(entry.card ?? 'ok', op, random),
    idempotencyKey: `${op}-${random.hex(8, 'idempotency-key', op)}`,
    cardholder: draw.cardholderOf(entry.cardholder ?? 'approve'),
    client: draw.clientOf(entry.client ?? {}),
    method: draw.methodOf(entry, scenario, useOf(entry)),
    ...(entry.capture === 'manual' ? { authorized: draw.afterwardsOf(entry.afterwards, op, money, random) } : {}),
    ...(entry.keep === true ? { keep: true } : {}),
    ...(entry.pay_with === undefined || entry.pay_with === 'token' ? {} : { payWith: entry.pay_with }),
  };
}

function planPayout(entry: Entry.PayoutTraffic, { scenario, random, base, index }: Planning): Plan.PlannedPayout {
  const { op } = base;
  const money = draw.drawMoney(entry, op, random);
  return {
    kind: 'payout',
    ...base,
    ...money,
    ...draw.drawPsp(entry, op, random),
    player: draw.playerOf(entry, index),
    fundMinor: minorUnits(entry.fund, money.currency),
    destination: entry.destination ?? 'ok',
    idempotencyKey: `${op}-${random.hex(8, 'idempotency-key', op)}`,
    client: draw.clientOf(entry.client ?? {}),
    method: draw.methodOf(entry, scenario, 'payoutMethods'),
  };
}

function useOf({
  capture,
  keep,
  pay_with: payWith,
}: Entry.DepositTraffic): 'methods' | 'twoStepMethods' | 'storableMethods' {
  if (keep === true || (payWith ?? 'token') !== 'token') return 'storableMethods';
  return capture === 'manual' ? 'twoStepMethods' : 'methods';
}

function planRefund(entry: Entry.RefundTraffic, { random, base }: Planning): Plan.PlannedRefund {
  const { op } = base;
  const percents = Array.from({ length: entry.times ?? 1 }, (_, copy) =>
    random.integer({ min: 10, max: 60 }, 'percent', op, String(copy)),
  );
  return {
    kind: 'refund',
    ...base,
    psps: draw.pspsOf(entry),
    by: entry.by ?? 'dashboard',
    amount: random.pick([entry.amount ?? 'all'].flat(), 'refund-amount', op),
    percents,
    idempotencyKey: `${op}-${random.hex(8, 'idempotency-key', op)}`,
    client: draw.clientOf(entry.client ?? {}),
  };
}

function planDispute(entry: Entry.DisputeTraffic, { random, base }: Planning): Plan.PlannedDispute {
  return {
    kind: 'dispute',
    ...base,
    psps: draw.pspsOf(entry),
    of: entry.of ?? 'intact',
    ends: random.pick([entry.ends ?? 'lost'].flat(), 'dispute-end', base.op),
    afterMs: entry.after === undefined ? DISPUTE_ENDS_AFTER_MS : durationMs(entry.after),
  };
}

function planRound(entry: Entry.RoundTraffic, { random, base, index }: Planning): Plan.PlannedRound {
  const { op } = base;
  const currency = random.pick([entry.currency].flat(), 'currency', op);
  return {
    kind: 'round',
    ...base,
    player: draw.playerOf(entry, index),
    currency,
    betMinor: draw.drawAmount(entry.bet, currency, random, 'bet', op),
    winMinor: draw.drawAmount(entry.win ?? entry.bet, currency, random, 'win', op),
    ...(entry.fund === undefined ? {} : { fundMinor: minorUnits(entry.fund, currency) }),
    ends: random.pick([entry.ends ?? ['win', 'lose']].flat(), 'round-end', op),
    lastsMs: entry.lasts === undefined ? ROUND_LASTS_MS : durationMs(entry.lasts),
    client: draw.clientOf(entry.client ?? {}),
  };
}

function limitsOf(entry: Entry.LimitTraffic): Plan.PlannedLimit['limits'] {
  const periods = ['day', 'week', 'month'] as const;
  return Object.fromEntries(
    periods.flatMap((period) => {
      const amount = entry[period];
      return amount === undefined ? [] : [[period, minorUnits(amount, entry.currency)]];
    }),
  );
}

function exclusionOf({ kind = 'self-exclusion', lasts }: Entry.ExclusionTraffic) {
  const shortest = kind === 'cool-off' ? COOL_OFF_MS : null;
  return { exclusion: kind, lastsMs: lasts === undefined ? shortest : durationMs(lasts) };
}
