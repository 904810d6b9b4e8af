/**
 * Scenario and seed to plan: all draws are keyed by the operation's own name, never by order,
 * so taking one deposit away leaves the fate of the others as it was.
 */
import { createKeyedRandom, type Random } from '../../kernel/index.ts';
import { minorUnits } from './amount.ts';
import { countOf } from './check-meaning.ts';
import { commonMethod } from './dialects.ts';
import { durationMs } from './duration.ts';
import { toParameters } from './parameters.ts';
import type {
  CardholderBehaviour,
  ClientBehaviour,
  Plan,
  PlannedFault,
  PlannedMoney,
  PlannedOperation,
  Player,
} from './plan.ts';
import { drawPlayer } from './players.ts';
import type {
  Card,
  CardholderEntry,
  ClientEntry,
  DepositTraffic,
  FaultEntry,
  Method,
  PayoutTraffic,
  RefundTraffic,
  Scenario,
  Timing,
} from './scenario.ts';

/** A client in a hurry still waits longer than a service that asks a PSP for 10 s. */
const CLIENT_TIMEOUT_MS = 15_000;
const CLIENT_RETRIES = 3;
const CLIENT_RETRY_AFTER_MS = 5_000;

/** How long a person looks at a challenge page. */
const CARDHOLDER_THINKS_MS = 20_000;
/** Later than the 15 minutes for which a challenge usually lives. */
const CARDHOLDER_LATE_MS = 20 * 60_000;

/** Players of an entry that does not say how many. */
const DEFAULT_PLAYERS = 4;

/** In the http driver no delay of the compressed clock is shorter than this on the wall. */
const HTTP_FLOOR_MS = 20;

/** The plan of a run. Pure: same scenario, same seed, same plan. */
export function resolveScenario(scenario: Scenario, seed: string): Plan {
  const random = createKeyedRandom(seed).fork('scenario', scenario.name);
  const operations = planTraffic(scenario, random);
  return {
    scenario: scenario.name,
    title: scenario.title,
    seed,
    drivers: scenario.drivers ?? ['virtual', 'http'],
    psps: scenario.psps.map((psp) => ({
      name: psp.name,
      dialect: psp.dialect,
      profile: toParameters(psp.profile ?? {}),
    })),
    players: playersOf(operations, random),
    operations,
    faults: (scenario.faults ?? []).map((fault, index) => planFault(fault, index, scenario)),
    kills: (scenario.target?.kill ?? []).map((kill) => ({
      atMs: durationMs(kill.at),
      restartAfterMs: durationMs(kill.restart_after),
    })),
    healAtMs: durationMs(scenario.heal_at),
    settleWithinMs: durationMs(scenario.settle_within),
    watchUntilMs: scenario.watch_until === undefined ? 0 : durationMs(scenario.watch_until),
    expect: scenario.expect ?? {},
    invariants: scenario.invariants ?? 'all',
    http: {
      compression: scenario.http?.compression ?? 'auto',
      floorMs: scenario.http?.floor === undefined ? HTTP_FLOOR_MS : durationMs(scenario.http.floor),
    },
  };
}

function planTraffic(scenario: Scenario, random: Random): PlannedOperation[] {
  const counters = { dep: 0, out: 0, ref: 0 };
  const operations: PlannedOperation[] = [];
  scenario.traffic.forEach((entry, entryIndex) => {
    for (let index = 0; index < countOf(entry); index++) {
      const prefix = 'deposits' in entry ? 'dep' : 'payouts' in entry ? 'out' : 'ref';
      counters[prefix] += 1;
      const op = `${prefix}-${counters[prefix]}`;
      const atMs = startOf(entry, index);
      const base = { op, atMs, group: entry.burst === true ? `burst-${entryIndex + 1}` : op };
      if ('refunds' in entry) operations.push({ kind: 'refund', ...base, psps: pspsOf(entry) });
      else if ('payouts' in entry)
        operations.push({
          kind: 'payout',
          ...base,
          ...planPayout(entry, op, index, random),
          method: methodOf(entry, scenario),
        });
      else
        operations.push({
          kind: 'deposit',
          ...base,
          ...planDeposit(entry, op, index, random),
          method: methodOf(entry, scenario),
        });
    }
  });
  return operations;
}

function startOf(timing: Timing, index: number): number {
  const fromMs = timing.from === undefined ? 0 : durationMs(timing.from);
  const listed = timing.at?.[index];
  if (listed !== undefined) return fromMs + durationMs(listed);
  return fromMs + (timing.every === undefined ? 0 : index * durationMs(timing.every));
}

function planDeposit(entry: DepositTraffic, op: string, index: number, random: Random) {
  return {
    ...drawMoney(entry, op, random),
    ...drawPsp(entry, op, random),
    player: `player-${(index % (entry.players ?? DEFAULT_PLAYERS)) + 1}`,
    card: drawCard(entry.card ?? 'ok', op, random),
    idempotencyKey: `${op}-${random.hex(8, 'idempotency-key', op)}`,
    cardholder: cardholderOf(entry.cardholder ?? 'approve'),
    client: clientOf(entry.client ?? {}),
  };
}

function planPayout(entry: PayoutTraffic, op: string, index: number, random: Random) {
  const money = drawMoney(entry, op, random);
  return {
    ...money,
    ...drawPsp(entry, op, random),
    player: `player-${(index % (entry.players ?? DEFAULT_PLAYERS)) + 1}`,
    fundMinor: minorUnits(entry.fund, money.currency),
    destination: entry.destination ?? 'ok',
    idempotencyKey: `${op}-${random.hex(8, 'idempotency-key', op)}`,
    client: clientOf(entry.client ?? {}),
  };
}

function drawMoney(entry: DepositTraffic | PayoutTraffic, op: string, random: Random): PlannedMoney {
  const currency = random.pick([entry.currency].flat(), 'currency', op);
  const { amount } = entry;
  const [least, most] = typeof amount === 'string' ? [amount, amount] : [amount.min, amount.max];
  const amountMinor = random.integer(
    { min: minorUnits(least, currency), max: minorUnits(most, currency) },
    'amount',
    op,
  );
  return { amountMinor, currency };
}

function pspsOf(entry: DepositTraffic | PayoutTraffic | RefundTraffic): string[] {
  return entry.psp === undefined ? [] : [entry.psp].flat();
}

function drawPsp(entry: DepositTraffic | PayoutTraffic, op: string, random: Random): { psp?: string } {
  const psps = pspsOf(entry);
  return psps.length === 0 ? {} : { psp: random.pick(psps, 'psp', op) };
}

/** What is paid with must not be drawn: the same for all operations of an entry, whichever PSP takes them. */
function methodOf(entry: DepositTraffic | PayoutTraffic, scenario: Scenario): Method {
  if (entry.method !== undefined) return entry.method;
  const asked = pspsOf(entry);
  const dialects = scenario.psps
    .filter(({ name }) => asked.length === 0 || asked.includes(name))
    .map((psp) => psp.dialect);
  return commonMethod(dialects, 'deposits' in entry ? 'methods' : 'payoutMethods') ?? 'card';
}

function drawCard(card: Card | Partial<Record<Card, number>>, op: string, random: Random): Card {
  if (typeof card === 'string') return card;
  const weights = Object.entries(card) as [Card, number][];
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let rest = random.unit('card', op) * total;
  for (const [name, weight] of weights) {
    rest -= weight;
    if (rest < 0) return name;
  }
  return weights[0]?.[0] ?? 'ok';
}

function cardholderOf(given: string | CardholderEntry): CardholderBehaviour {
  const entry = typeof given === 'string' ? { action: given as CardholderEntry['action'] } : given;
  if (entry.action === 'late')
    return { action: 'approve', waitMs: entry.after === undefined ? CARDHOLDER_LATE_MS : durationMs(entry.after) };
  return { action: entry.action, waitMs: entry.thinks === undefined ? CARDHOLDER_THINKS_MS : durationMs(entry.thinks) };
}

function clientOf(entry: ClientEntry): ClientBehaviour {
  return {
    timeoutMs: entry.timeout === undefined ? CLIENT_TIMEOUT_MS : durationMs(entry.timeout),
    retries: entry.retries ?? CLIENT_RETRIES,
    retryAfterMs: entry.retry_after === undefined ? CLIENT_RETRY_AFTER_MS : durationMs(entry.retry_after),
    doubleSubmit: entry.double_submit ?? false,
    reuseKeyWithOtherBody: entry.reuse_key_with_other_body ?? false,
  };
}

/** Without `to` a fault lasts until everything heals. */
function planFault(entry: FaultEntry, index: number, scenario: Scenario): PlannedFault {
  const { from, to, id, with: parameters, ...rest } = entry;
  return {
    ...rest,
    id: id ?? `${entry.fault}-${index + 1}`,
    from: from === undefined ? 0 : durationMs(from),
    to: Math.min(to === undefined ? Infinity : durationMs(to), durationMs(scenario.heal_at)),
    ...(parameters === undefined ? {} : { with: toParameters(parameters) }),
  };
}

function playersOf(operations: readonly PlannedOperation[], random: Random): Player[] {
  const numbers = operations.flatMap((operation) =>
    'player' in operation ? [Number(operation.player.slice('player-'.length))] : [],
  );
  return Array.from({ length: Math.max(0, ...numbers) }, (_, index) => drawPlayer(random, index + 1));
}
