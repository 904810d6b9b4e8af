/**
 * What of a scenario cannot be told where all PSPs are of one dialect: payouts where nobody can be
 * paid out, and faults of status queries where there is none. What is left is told, and every run
 * says what is missing.
 */
import { ABILITIES } from './dialects.ts';
import type { Dialect, Expectations, FaultEntry, Scenario } from './scenario.ts';

export interface Left {
  scenario: Scenario;
  /** What is missing and why, a sentence; null when it is the whole story. */
  without: string | null;
}

/** Strike answers of status queries only. */
const QUERY_FAULTS: readonly string[] = ['lagging-status', 'stale-status', 'status-not-found'];

export function whatIsLeft(scenario: Scenario, dialect: Dialect): Left {
  const can = ABILITIES[dialect];
  const sentences: string[] = [];
  let left = scenario;
  if (can.payoutMethods.length === 0 && scenario.traffic.some((entry) => 'payouts' in entry)) {
    left = withoutPayouts(left);
    sentences.push(`Told without its payouts: ${dialect} cannot pay out.`);
  }
  const idle = new Set(left.faults?.map(({ fault }) => fault).filter((fault) => QUERY_FAULTS.includes(fault)));
  if (!can.statusQuery && idle.size > 0) {
    left = withFaults(left, left.faults?.filter(({ fault }) => !idle.has(fault)) ?? []);
    sentences.push(`Told without ${[...idle].join(' and ')}: ${dialect} has no status query.`);
  }
  return { scenario: left, without: sentences.length === 0 ? null : sentences.join(' ') };
}

/** Its other traffic, and the faults that can still strike. */
function withoutPayouts(scenario: Scenario): Scenario {
  const traffic = scenario.traffic.filter((entry) => !('payouts' in entry));
  const faults = scenario.faults?.filter((fault) => {
    const asked = [fault.operation ?? []].flat();
    return asked.length === 0 || asked.some((operation) => !operation.endsWith('payout'));
  });
  const { payouts_succeeded_at_least: _paid, payouts_failed_at_least: _failed, ...expect } = scenario.expect ?? {};
  return withFaults({ ...scenario, traffic, expect }, faults);
}

/** What a fault that is left out would have done is not asked for either. */
function withFaults(scenario: Scenario, faults: FaultEntry[] | undefined): Scenario {
  const kinds = new Set(faults?.map(({ fault }) => fault));
  const expect: Expectations = { ...scenario.expect };
  if (expect.faults_hit !== undefined) expect.faults_hit = expect.faults_hit.filter((kind) => kinds.has(kind));
  return { ...scenario, expect, ...(faults === undefined ? {} : { faults }) };
}
