/**
 * The scenario in which a journey is played: its PSPs, and the faults of a scenario file whose
 * time is stretched or squeezed onto the length of the load.
 */
import { UserError } from '../kernel/index.ts';
import { ABILITIES, durationMs, onTarget, type Dialect, type Scenario, type Target } from '../scenarios/index.ts';
import { secondsOf, type LoadProfile, type Route } from './lib/k6/profile.ts';

/** After the load: how long everything may take to come to rest. */
const SETTLE_WITHIN = '10m';

/**
 * Banks take minutes or hours to say whether a payout arrived. Under load they say so in about a
 * second: what is measured is the way to the PSP and back, and a run has an end. For the same reason
 * a challenge is open for two minutes: who was shown none within the budget does not come back.
 */
const QUICK_ENDS = { payout_settlement: { kind: 'lognormal', p50Ms: 500, p95Ms: 1_500 }, challenge_life: '2m' };

export interface LoadScenario {
  scenario: Scenario;
  deposits: Route[];
  payouts: Route[];
}

export function loadScenarioOf(journey: string, profile: LoadProfile, chaos?: Scenario, target?: Target): LoadScenario {
  const ms = Math.round(secondsOf(profile) * 1000);
  const named = [...new Set([...profile.deposits, ...profile.payouts].map(({ psp }) => psp))];
  const psps: Scenario['psps'] = chaos?.psps ?? named.map((name) => ({ name, dialect: name as Dialect }));
  const storm = journey === 'webhook-storm' ? [{ fault: 'webhook-duplicate', with: { copies: 9, mode: 'burst' } }] : [];
  const under = chaos === undefined ? '' : `, with the faults of ${chaos.name}`;
  const own: Scenario = {
    name: `load-${journey}`,
    title: `${journey} under load, profile ${profile.name}${under}`,
    description: profile.purpose,
    psps: psps.map((psp) => ({ ...psp, profile: { ...QUICK_ENDS, ...psp.profile } })),
    traffic: [],
    faults: [...storm, ...(chaos === undefined ? [] : scaledFaults(chaos, ms))],
    ...(chaos?.target === undefined ? {} : { target: scaledKills(chaos, ms) }),
    heal_at: `${ms}ms`,
    settle_within: SETTLE_WITHIN,
    http: { compression: 1 },
  };
  if (target !== undefined) return told(own, profile, target);
  const routesTo = (routes: readonly Route[]): Route[] =>
    psps.flatMap(({ name, dialect }) =>
      routes.filter(({ psp }) => psp === dialect).map(({ method }) => ({ psp: name, method })),
    );
  return { scenario: own, deposits: routesTo(profile.deposits), payouts: routesTo(profile.payouts) };
}

/** With the PSPs of somebody else's service, and the methods for which its file has tokens. */
function told(own: Scenario, profile: LoadProfile, target: Target): LoadScenario {
  // A story needs traffic to be told; the load generator plays its own.
  const traffic = [{ deposits: 1, amount: '10.00', currency: 'EUR', players: 1 }];
  const story = onTarget({ ...own, traffic }, target);
  if (story.kind === 'not-applicable')
    throw new UserError(`${target.name} cannot be loaded: ${story.reason}`, 'Choose another scenario or target.', 254);
  const methods = [...new Set(profile.deposits.map(({ method }) => method))].filter(
    (method) => method === 'card' || target.tokens?.[`${method}_ok`] !== undefined,
  );
  const scenario = { ...story.scenario, traffic: [], http: { ...story.scenario.http, compression: 1 } };
  const deposits = scenario.psps.flatMap(({ name }) => methods.map((method) => ({ psp: name, method })));
  const payouts = scenario.psps.flatMap(({ name, dialect }) => {
    const [method] = ABILITIES[dialect].payoutMethods;
    return method === undefined ? [] : [{ psp: name, method }];
  });
  return { scenario, deposits, payouts };
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
