/**
 * The draws behind planned operations, each keyed by the seed and the operation's own name, and
 * what an entry means that leaves something out.
 */
import type { Random } from '../../kernel/index.ts';
import { minorUnits } from './amount.ts';
import { commonMethod, type MethodUse } from './dialects.ts';
import { durationMs } from './duration.ts';
import type { AuthorizedBehaviour, CardholderBehaviour, ClientBehaviour, PlannedMoney } from './plan.ts';
import type { Afterwards, Card, CardholderEntry, ClientEntry, DepositTraffic, Method } from './scenario.ts';
import type { PayoutTraffic, Scenario } from './scenario.ts';

/** A client in a hurry still waits longer than a service that asks a PSP for 10 s. */
const CLIENT_TIMEOUT_MS = 15_000;
const CLIENT_RETRIES = 3;
const CLIENT_RETRY_AFTER_MS = 5_000;

/** How long a person looks at a challenge page. */
const CARDHOLDER_THINKS_MS = 20_000;
/** Later than the 15 minutes for which a challenge usually lives. */
const CARDHOLDER_LATE_MS = 20 * 60_000;

/** A platform that looks at what was authorized before it takes the money. */
const AFTERWARDS_MS = 10 * 60_000;

/** Players of an entry that does not say how many. */
const DEFAULT_PLAYERS = 4;

export function playerOf({ players }: { players?: number }, index: number): string {
  return `player-${(index % (players ?? DEFAULT_PLAYERS)) + 1}`;
}

export function drawMoney(
  entry: Pick<DepositTraffic, 'amount' | 'currency'>,
  op: string,
  random: Random,
): PlannedMoney {
  const currency = random.pick([entry.currency].flat(), 'currency', op);
  return { amountMinor: drawAmount(entry.amount, currency, random, 'amount', op), currency };
}

/** `label` and `op` are what the draw is keyed by. */
export function drawAmount(
  amount: DepositTraffic['amount'],
  currency: string,
  random: Random,
  label: string,
  op: string,
): number {
  const [least, most] = typeof amount === 'string' ? [amount, amount] : [amount.min, amount.max];
  return random.integer({ min: minorUnits(least, currency), max: minorUnits(most, currency) }, label, op);
}

export function pspsOf({ psp }: { psp?: string | string[] }): string[] {
  return psp === undefined ? [] : [psp].flat();
}

export function drawPsp(entry: { psp?: string | string[] }, op: string, random: Random): { psp?: string } {
  const psps = pspsOf(entry);
  return psps.length === 0 ? {} : { psp: random.pick(psps, 'psp', op) };
}

/** What is paid with must not be drawn: the same for all operations of an entry, whichever PSP takes them. */
export function methodOf(entry: DepositTraffic | PayoutTraffic, scenario: Scenario, use: MethodUse): Method {
  if (entry.method !== undefined) return entry.method;
  const asked = pspsOf(entry);
  const dialects = scenario.psps
    .filter(({ name }) => asked.length === 0 || asked.includes(name))
    .map((psp) => psp.dialect);
  return commonMethod(dialects, use) ?? 'card';
}

export function drawCard(card: Card | Partial<Record<Card, number>>, op: string, random: Random): Card {
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

export function cardholderOf(given: string | CardholderEntry): CardholderBehaviour {
  const entry = typeof given === 'string' ? { action: given as CardholderEntry['action'] } : given;
  if (entry.action === 'late')
    return { action: 'approve', waitMs: entry.after === undefined ? CARDHOLDER_LATE_MS : durationMs(entry.after) };
  return { action: entry.action, waitMs: entry.thinks === undefined ? CARDHOLDER_THINKS_MS : durationMs(entry.thinks) };
}

export function clientOf(entry: ClientEntry): ClientBehaviour {
  return {
    timeoutMs: entry.timeout === undefined ? CLIENT_TIMEOUT_MS : durationMs(entry.timeout),
    retries: entry.retries ?? CLIENT_RETRIES,
    retryAfterMs: entry.retry_after === undefined ? CLIENT_RETRY_AFTER_MS : durationMs(entry.retry_after),
    doubleSubmit: entry.double_submit ?? false,
    reuseKeyWithOtherBody: entry.reuse_key_with_other_body ?? false,
  };
}

/** A part is between a tenth and nine tenths; of one minor unit there is none but all of it. */
export function afterwardsOf(
  given: DepositTraffic['afterwards'],
  op: string,
  { amountMinor }: PlannedMoney,
  random: Random,
): AuthorizedBehaviour {
  const entry = typeof given === 'object' && !Array.isArray(given) ? given : { action: given ?? 'capture' };
  const action: Afterwards = random.pick([entry.action].flat(), 'afterwards', op);
  const part = {
    min: Math.ceil(amountMinor / 10),
    max: Math.max(Math.ceil(amountMinor / 10), Math.floor((amountMinor * 9) / 10)),
  };
  return {
    action: action === 'capture-part' ? 'capture' : action,
    afterMs: entry.after === undefined ? AFTERWARDS_MS : durationMs(entry.after),
    captureMinor: action === 'capture-part' ? random.integer(part, 'part', op) : null,
  };
}
