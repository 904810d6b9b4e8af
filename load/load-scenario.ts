/**
 * The scenario in which a journey is played: its PSPs, and the faults of a scenario file whose
 * time is stretched or squeezed onto the length of the load.
 */
import { durationMs, type Dialect, type Scenario } from '../scenarios/index.ts';
import { secondsOf, type LoadProfile, type Route } from './lib/k6/profile.ts';

/** After the load: how long everything may take to come to rest. */
const SETTLE_WITHIN = '5m';

export interface LoadScenario {
  scenario: Scenario;
  deposits: Route[];
  payouts: Route[];
}

export function loadScenarioOf(journey: string, profile: LoadProfile, chaos?: Scenario): LoadScenario {
  const seconds = secondsOf(profile);
  const named = [...new Set([...profile.deposits, ...profile.payouts].map(({ psp }) => psp))];
  const psps = chaos?.psps ?? named.map((name) => ({ name, dialect: name as Dialect }));
  const reachable = (routes: Route[]): Route[] =>
    psps.flatMap(({ name, dialect }) =>
      routes.filter(({ psp }) => psp === dialect).map(({ method }) => ({ psp: name, method })),
    );
  const storm = journey === 'webhook-storm' ? [{ fault: 'webhook-duplicate', with: { copies: 9, mode: 'burst' } }] : [];
  const scenario: Scenario = {
    name: `load-${journey}`,
    title: `${journey} under load, profile ${profile.name}${chaos === undefined ? '' : `, with the faults of ${chaos.name}`}`,
    description: profile.purpose,
    psps,
    traffic: [],
    faults: [...storm, ...(chaos === undefined ? [] : scaledFaults(chaos, seconds * 1000))],
    ...(chaos?.target === undefined ? {} : { target: scaledKills(chaos, seconds * 1000) }),
    heal_at: `${seconds}s`,
    settle_within: SETTLE_WITHIN,
    http: { compression: 1 },
  };
  return { scenario, deposits: reachable(profile.deposits), payouts: reachable(profile.payouts) };
}

/** From the file's time, which ends at its heal point, to the load's. */
export function scaledFaults(chaos: Scenario, loadMs: number): NonNullable<Scenario['faults']> {
  const scaled = scaleOf(chaos, loadMs);
  return (chaos.faults ?? []).map((fault) => ({
    ...fault,
    ...(fault.from === undefined ? {} : { from: scaled(fault.from) }),
    ...(fault.to === undefined ? {} : { to: scaled(fault.to) }),
  }));
}

function scaledKills(chaos: Scenario, loadMs: number): NonNullable<Scenario['target']> {
  const scaled = scaleOf(chaos, loadMs);
  const kill = (chaos.target?.kill ?? []).map(({ at, restart_after }) => ({
    at: scaled(at),
    restart_after: scaled(restart_after),
  }));
  return { kill };
}

function scaleOf(chaos: Scenario, loadMs: number): (text: string) => string {
  const factor = loadMs / durationMs(chaos.heal_at);
  return (text) => `${Math.round(durationMs(text) * factor)}ms`;
}
