/**
 * Smaller traffic: entries left out, operations left out, plainer clients and payers. What is left
 * keeps its names and with them its fate, because every draw is keyed by the operation's name.
 */
import { countOf, kindOf } from '../dsl/traffic-kinds.ts';
import type { DepositTraffic, Scenario, Traffic } from '../dsl/index.ts';

export function* smallerTraffic(scenario: Scenario): Generator<Scenario> {
  const { traffic } = scenario;
  if (traffic.length > 1) {
    for (const index of traffic.keys()) yield { ...scenario, traffic: withoutEntries(traffic, new Set([index])) };
  }
  for (const [index, entry] of traffic.entries()) {
    for (const only of fewer(playedOf(entry))) yield replaced(scenario, index, { ...entry, only });
  }
}

export function* plainerTraffic(scenario: Scenario): Generator<Scenario> {
  for (const [index, entry] of scenario.traffic.entries()) {
    for (const plainer of plainerEntries(entry)) yield replaced(scenario, index, plainer);
  }
}

/** How many operations a scenario plays. */
export function playedIn({ traffic }: Scenario): number {
  return traffic.reduce((sum, entry) => sum + playedOf(entry).length, 0);
}

/** Numbers of the operations of an entry that are played, from 1. */
function playedOf(entry: Traffic): number[] {
  return entry.only ?? Array.from({ length: countOf(entry) }, (_, index) => index + 1);
}

/** Half of them, then each alone left out. */
function* fewer(numbers: readonly number[]): Generator<number[]> {
  if (numbers.length < 2) return;
  const half = Math.ceil(numbers.length / 2);
  yield numbers.slice(0, half);
  yield numbers.slice(half);
  if (numbers.length < 3) return;
  for (const left of numbers) yield numbers.filter((number) => number !== left);
}

function replaced(scenario: Scenario, index: number, entry: Traffic): Scenario {
  return { ...scenario, traffic: scenario.traffic.map((other, place) => (place === index ? entry : other)) };
}

/** The entries behind a dropped one keep the numbers in their names. */
export function withoutEntries(traffic: readonly Traffic[], dropped: ReadonlySet<number>): Traffic[] {
  /** The next number of each kind as it was, and as it is without what was dropped. */
  const was = new Map<string, number>();
  const is = new Map<string, number>();
  return traffic.flatMap((entry, index) => {
    const { prefix } = kindOf(entry);
    const first = entry.first ?? was.get(prefix) ?? 1;
    was.set(prefix, first + countOf(entry));
    if (dropped.has(index)) return [];
    const says = first !== (is.get(prefix) ?? 1);
    is.set(prefix, first + countOf(entry));
    return [says ? { ...entry, first } : entry];
  });
}

function* plainerEntries(entry: Traffic): Generator<Traffic> {
  if ('client' in entry) {
    const { client = {}, ...rest } = entry;
    yield rest as Traffic;
    const fields = Object.keys(client) as (keyof typeof client)[];
    for (const field of fields.length > 1 ? fields : []) {
      const { [field]: _left, ...others } = client;
      yield { ...entry, client: others } as Traffic;
    }
  }
  if ('deposits' in entry) yield* plainerDeposits(entry);
  if ('amount' in entry && typeof entry.amount === 'object' && 'min' in entry.amount)
    yield { ...entry, amount: entry.amount.min } as Traffic;
  if ('times' in entry) yield left(entry, 'times');
}

function* plainerDeposits(entry: DepositTraffic): Generator<Traffic> {
  for (const field of ['cardholder', 'capture', 'keep', 'card'] as const) {
    if (entry[field] === undefined) continue;
    const plainer = left(entry, field);
    yield field === 'capture' ? left(plainer, 'afterwards') : plainer;
  }
  if (typeof entry.card === 'object' && Object.keys(entry.card).length > 1)
    for (const card of Object.keys(entry.card) as (keyof typeof entry.card)[]) yield { ...entry, card };
}

function left<T extends object>(entry: T, field: string): T {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field)) as T;
}
