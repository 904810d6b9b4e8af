/**
 * Smaller worlds: faults, PSPs, settlements and hours left out, faults and profiles that say less.
 */
import { durationMs, type PspEntry, type Scenario, type Traffic } from '../dsl/index.ts';
import { durationOf } from './generator-1/moments.ts';
import { withoutEntries } from './shrink-traffic.ts';

export function* fewerFaults(scenario: Scenario): Generator<Scenario> {
  const { faults = [] } = scenario;
  if (faults.length === 0) return;
  if (faults.length > 1) yield { ...scenario, faults: [] };
  for (const index of faults.keys()) yield { ...scenario, faults: faults.filter((_, place) => place !== index) };
}

export function* fewerSettlements(scenario: Scenario): Generator<Scenario> {
  const { settlements, ...rest } = scenario;
  if (settlements === undefined) return;
  yield { ...rest, faults: (scenario.faults ?? []).filter(({ fault }) => !fault.startsWith('settlement-')) };
  if (settlements.twice === true) yield { ...scenario, settlements: { ...settlements, twice: false } };
  if (settlements.bank === true) yield { ...scenario, settlements: { ...settlements, bank: false } };
}

/** Half of the time under faults, down to a minute; what lies beyond the new end ends with it. */
export function* fewerHours(scenario: Scenario): Generator<Scenario> {
  const healMs = durationMs(scenario.heal_at);
  for (const shorterMs of [healMs / 8, healMs / 2].map(Math.round)) {
    if (shorterMs < LEAST_MS) continue;
    const faults = (scenario.faults ?? [])
      .filter(({ from }) => from === undefined || durationMs(from) < shorterMs)
      .map((fault) => (fault.to !== undefined && durationMs(fault.to) > shorterMs ? without(fault, 'to') : fault));
    yield { ...scenario, faults, heal_at: durationOf(shorterMs) };
  }
}

export function* plainerFaults(scenario: Scenario): Generator<Scenario> {
  const { faults = [] } = scenario;
  for (const [index, fault] of faults.entries()) {
    for (const field of ['chance', 'from', 'to', 'psp', 'with'] as const) {
      if (fault[field] === undefined) continue;
      const plainer = without(fault, field);
      yield { ...scenario, faults: faults.map((other, place) => (place === index ? plainer : other)) };
    }
    const operations = [fault.operation ?? []].flat();
    for (const operation of operations.length > 1 ? operations : []) {
      const narrower = { ...fault, operation };
      yield { ...scenario, faults: faults.map((other, place) => (place === index ? narrower : other)) };
    }
  }
}

/** Without each PSP; whatever names it names the others. */
export function* fewerPsps(scenario: Scenario): Generator<Scenario> {
  if (scenario.psps.length < 2) return;
  for (const { name } of scenario.psps) {
    const { traffic } = scenario;
    const goes = new Set([...traffic.keys()].filter((index) => asksOnly(traffic[index] as Traffic, name)));
    yield {
      ...scenario,
      psps: scenario.psps.filter((psp) => psp.name !== name),
      traffic: withoutEntries(traffic, goes).map((entry) => withoutPsp(entry, name)),
      faults: (scenario.faults ?? []).filter(({ psp }) => psp !== name),
    };
  }
}

export function* plainerPsps(scenario: Scenario): Generator<Scenario> {
  for (const [index, psp] of scenario.psps.entries()) {
    const { profile } = psp;
    if (profile === undefined) continue;
    const put = (plainer: PspEntry): Scenario => ({
      ...scenario,
      psps: scenario.psps.map((other, place) => (place === index ? plainer : other)),
    });
    yield put(without(psp, 'profile'));
    const fields = Object.keys(profile);
    for (const field of fields.length > 1 ? fields : []) yield put({ ...psp, profile: without(profile, field) });
  }
}

const LEAST_MS = 60_000;

/** An entry that asked for nobody else goes with the PSP. */
function asksOnly(entry: Traffic, name: string): boolean {
  return 'psp' in entry && entry.psp !== undefined && [entry.psp].flat().every((psp) => psp === name);
}

function withoutPsp(entry: Traffic, name: string): Traffic {
  if (!('psp' in entry) || entry.psp === undefined) return entry;
  return { ...entry, psp: [entry.psp].flat().filter((psp) => psp !== name) };
}

function without<T extends object>(given: T, field: string): T {
  return Object.fromEntries(Object.entries(given).filter(([key]) => key !== field)) as T;
}
