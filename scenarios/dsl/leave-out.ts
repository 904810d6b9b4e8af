/**
 * What of a scenario cannot be told where all PSPs are of one dialect: payouts where nobody can be
 * paid out, methods that it does not take, and faults of status queries where there is none. What is left is told, and every run
 * says what is missing.
 */
import { ABILITIES } from './dialects.ts';
import type { Dialect, Expectations, FaultEntry, Method, Scenario, Traffic } from './scenario.ts';
import { kindOf } from './traffic-kinds.ts';

export interface Left {
  scenario: Scenario;
  /** What is missing and why, a sentence; null when it is the whole story. */
  without: string | null;
}

/** Strike answers of status queries only. */
const QUERY_FAULTS: readonly string[] = ['lagging-status', 'stale-status', 'status-not-found'];

/** What a dialect's settlement files and webhooks have no words for. */
const UNSAID: Partial<Readonly<Record<Dialect, Readonly<Record<string, string>>>>> = {
  mollie: {
    'settlement-wrong-currency': 'mollie settles in words of one currency',
    'webhook-wrong-amount': "mollie's webhooks state no amount",
    'webhook-wrong-currency': "mollie's webhooks state no currency",
  },
};

/** Why an entry of traffic cannot be played at a dialect; undefined when it can. */
export function whyNot(entry: Traffic, dialect: Dialect): string | undefined {
  const can = ABILITIES[dialect];
  if ('payouts' in entry) {
    if (can.payoutMethods.length === 0) return `${dialect} cannot pay out`;
    const lacks = entry.method !== undefined && !can.payoutMethods.includes(entry.method);
    return lacks ? `${dialect} cannot pay out to ${entry.method}` : undefined;
  }
  if ('disputes' in entry) return can.disputes ? undefined : `${dialect} knows no disputes`;
  if ('removals' in entry) return can.storableMethods.length > 0 ? undefined : `${dialect} keeps no methods`;
  if (!('deposits' in entry)) return undefined;
  const { method } = entry;
  const lacks = (able: readonly Method[]): boolean =>
    method === undefined ? able.length === 0 : !able.includes(method);
  if (lacks(can.methods)) return `${dialect} takes no ${method}`;
  const which = method === undefined ? '' : ` ${method}`;
  if (entry.capture === 'manual' && lacks(can.twoStepMethods))
    return `${dialect} cannot authorize${which} first and capture later`;
  const keeps = entry.keep === true || (entry.pay_with ?? 'token') !== 'token';
  return keeps && lacks(can.storableMethods) ? `${dialect} keeps no${which} methods` : undefined;
}

/** Traffic that tells a story by itself: the rest is about payments that others began. */
export function tellsByItself(entry: Traffic): boolean {
  return 'deposits' in entry || 'payouts' in entry || 'rounds' in entry;
}

/** The scenario without the traffic for which `reasonOf` has a reason, and a sentence for each kind of it. */
export function leaveOut(
  scenario: Scenario,
  reasonOf: (entry: Traffic) => string | undefined,
): { scenario: Scenario; sentences: string[] } {
  const sentences = new Set<string>();
  const traffic = scenario.traffic.filter((entry) => {
    const reason = reasonOf(entry);
    if (reason === undefined) return true;
    const what = 'deposits' in entry ? 'some deposits' : `its ${kindOf(entry).field}`;
    sentences.add(`Told without ${what}: ${reason}.`);
    return false;
  });
  const left = traffic.length === scenario.traffic.length ? scenario : without(scenario, traffic);
  return { scenario: left, sentences: [...sentences] };
}

export function whatIsLeft(scenario: Scenario, dialect: Dialect): Left {
  const can = ABILITIES[dialect];
  const first = leaveOut(scenario, (entry) => whyNot(entry, dialect));
  const sentences = new Set(first.sentences);
  let left = first.scenario;
  const idle = new Set(left.faults?.map(({ fault }) => fault).filter((fault) => QUERY_FAULTS.includes(fault)));
  if (!can.statusQuery && idle.size > 0) {
    left = withFaults(left, left.faults?.filter(({ fault }) => !idle.has(fault)) ?? []);
    sentences.add(`Told without ${[...idle].join(' and ')}: ${dialect} has no status query.`);
  }
  for (const [fault, reason] of Object.entries(UNSAID[dialect] ?? {})) {
    const faults = left.faults?.filter((one) => one.fault !== fault) ?? [];
    if (faults.length === (left.faults?.length ?? 0)) continue;
    left = withFaults(left, faults);
    sentences.add(`Told without ${fault}: ${reason}.`);
  }
  if (!can.statusQuery && losesEveryWebhook(left) && left.expect?.payouts_succeeded_at_least !== undefined) {
    const { payouts_succeeded_at_least: _never, ...expect } = left.expect;
    left = { ...left, expect };
    sentences.add(`No payout is expected to end: ${dialect} tells it by webhooks alone, and all are lost.`);
  }
  return { scenario: left, without: sentences.size === 0 ? null : [...sentences].join(' ') };
}

function losesEveryWebhook({ faults = [] }: Scenario): boolean {
  return faults.some(
    ({ fault, psp, event, chance, count, from }) =>
      fault === 'webhook-lost' && [psp, event, chance, count, from].every((limit) => limit === undefined),
  );
}

/** Expectations that only this kind of traffic can meet. */
const MET_BY: readonly [met: (entry: Traffic) => boolean, expectation: RegExp][] = [
  [(entry) => 'payouts' in entry, /^payouts_/],
  [(entry) => 'disputes' in entry, /^disputes_/],
  [(entry) => 'deposits' in entry && entry.capture === 'manual', /^captured_/],
  [(entry) => 'deposits' in entry && entry.pay_with === 'kept', /^kept_/],
];

/** The traffic that is left, the faults that can still strike, and what it can still meet. */
function without(scenario: Scenario, traffic: Traffic[]): Scenario {
  const paysOut = traffic.some((entry) => 'payouts' in entry);
  const faults = scenario.faults?.filter((fault) => {
    const asked = [fault.operation ?? []].flat();
    return paysOut || asked.length === 0 || asked.some((operation) => !operation.endsWith('payout'));
  });
  const gone = MET_BY.filter(([met]) => !traffic.some(met)).map(([, expectation]) => expectation);
  const expect = Object.fromEntries(
    Object.entries(scenario.expect ?? {}).filter(([name]) => !gone.some((expectation) => expectation.test(name))),
  );
  return withFaults({ ...scenario, traffic, expect }, faults);
}

/** What a fault that is left out would have done is not asked for either. */
function withFaults(scenario: Scenario, faults: FaultEntry[] | undefined): Scenario {
  const kinds = new Set(faults?.map(({ fault }) => fault));
  const expect: Expectations = { ...scenario.expect };
  if (expect.faults_hit !== undefined) expect.faults_hit = expect.faults_hit.filter((kind) => kinds.has(kind));
  return { ...scenario, expect, ...(faults === undefined ? {} : { faults }) };
}
