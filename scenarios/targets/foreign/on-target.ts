/**
 * A scenario as it can be told to a foreign service: with the PSPs that it can be configured
 * with, and without the traffic that its target file does not describe. What is left out is said
 * in a sentence; a story of which nothing is left is not applicable, with the reason.
 */
import {
  leaveOut,
  onDialect,
  tellsByItself,
  type Dialect,
  type Expectations,
  type OnDialect,
  type Scenario,
  type Traffic,
} from '../../dsl/index.ts';
import { namesIn } from './fill.ts';
import type { Target } from './target-file.ts';

/** `dialect`: the one that was asked for; without it the first of the target's PSPs. */
export function onTarget(scenario: Scenario, target: Target, dialect?: Dialect): OnDialect {
  const unable = cannotBeTold(scenario, target);
  if (unable !== undefined) return { kind: 'not-applicable', reason: unable };
  const [first] = Object.values(target.psps);
  const chosen = dialect ?? first?.dialect ?? 'acme';
  const names = Object.entries(target.psps).flatMap(([name, psp]) => (psp.dialect === chosen ? [name] : []));
  if (names.length === 0) return { kind: 'not-applicable', reason: `${target.name} is not configured with ${chosen}` };
  const told = onDialect(scenario, chosen);
  if (told.kind === 'not-applicable') return told;
  const left = leaveOut(told.scenario, (entry) => whyNot(entry, target));
  if (!left.scenario.traffic.some(tellsByItself))
    return { kind: 'not-applicable', reason: left.sentences[0] ?? 'nothing of its traffic is left' };
  const sentences = [told.without ?? [], ...left.sentences, accountsSentence(told.scenario, names)].flat();
  return {
    kind: 'applicable',
    scenario: adapted(left.scenario, target, names),
    without: sentences.length === 0 ? null : sentences.join(' '),
  };
}

function cannotBeTold(scenario: Scenario, target: Target): string | undefined {
  if (scenario.drivers !== undefined && !scenario.drivers.includes('http'))
    return 'it is told in virtual time only, and a service of its own lives in real time';
  if (scenario.target !== undefined && target.start === undefined)
    return `it kills the service, and ${target.name} was not started by the run: give \`start\``;
  if (scenario.settlements !== undefined) return 'it imports settlements, which a target file cannot describe';
  return undefined;
}

/** Why an entry of traffic cannot be sent to this target; undefined when it can. */
function whyNot(entry: Traffic, target: Target): string | undefined {
  const lacks = (what: string): string => `the target file has no \`${what}\``;
  if ('payouts' in entry) {
    if (target.payout === undefined) return lacks('payout');
    return target.fund === undefined ? lacks('fund') : undefined;
  }
  if ('refunds' in entry) return entry.by === 'platform' && target.refund === undefined ? lacks('refund') : undefined;
  if ('disputes' in entry) return undefined;
  if (!('deposits' in entry)) return 'a target file describes deposits, payouts and refunds only';
  if (entry.capture === 'manual') return 'a target file cannot describe captures';
  if (entry.keep === true || (entry.pay_with ?? 'token') !== 'token')
    return 'a target file cannot describe kept methods';
  const method = entry.method ?? 'card';
  if (method !== 'card' && !Object.keys(target.tokens ?? {}).some((token) => token.startsWith(`${method}_`)))
    return `the target file has no \`tokens\` of ${method}`;
  return undefined;
}

function accountsSentence(scenario: Scenario, names: readonly string[]): string[] {
  if (scenario.psps.length <= names.length) return [];
  return [`Told with ${names.length === 1 ? 'one PSP' : `${names.length} PSPs`} in place of ${scenario.psps.length}.`];
}

/** PSPs under the target's names, its currencies, and clients that repeat nothing where there is no key. */
function adapted(scenario: Scenario, target: Target, names: readonly string[]): Scenario {
  const byOldName = new Map(scenario.psps.map((psp, index) => [psp.name, names[index % names.length] ?? psp.name]));
  const renamed = (name: string): string => byOldName.get(name) ?? name;
  const seen = new Set<string>();
  const psps = scenario.psps
    .map((psp) => ({ ...psp, name: renamed(psp.name) }))
    .filter(({ name }) => !seen.has(name) && seen.add(name));
  const keyed = {
    deposits: namesIn(target.deposit).includes('key'),
    payouts: namesIn(target.payout).includes('key'),
  };
  return {
    ...scenario,
    psps,
    traffic: scenario.traffic.map((entry) => adaptTraffic(entry, { target, renamed, keyed })),
    ...(scenario.faults === undefined
      ? {}
      : {
          faults: scenario.faults.map((fault) =>
            fault.psp === undefined ? fault : { ...fault, psp: renamed(fault.psp) },
          ),
        }),
    ...(scenario.expect === undefined ? {} : { expect: whatCanBeSeen(scenario.expect, target, psps.length) }),
    http: {
      ...scenario.http,
      ...(target.compression === undefined ? {} : { compression: target.compression }),
      ...(target.floor === undefined ? {} : { floor: target.floor }),
    },
  };
}

interface Adapting {
  target: Target;
  renamed(name: string): string;
  keyed: { deposits: boolean; payouts: boolean };
}

function adaptTraffic(entry: Traffic, { target, renamed, keyed }: Adapting): Traffic {
  const psp = 'psp' in entry && entry.psp !== undefined ? { psp: [...new Set([entry.psp].flat().map(renamed))] } : {};
  const { currencies } = target;
  const currency =
    'currency' in entry && currencies !== undefined
      ? { currency: [entry.currency].flat().filter((one) => currencies.includes(one)) }
      : undefined;
  const taken = currency === undefined || currency.currency.length > 0 ? currency : { currency: currencies ?? [] };
  const patient = ('deposits' in entry && keyed.deposits) || ('payouts' in entry && keyed.payouts);
  // Without a key nobody can tell a repetition from a second order.
  const client =
    patient || !('client' in entry || 'deposits' in entry || 'payouts' in entry)
      ? {}
      : {
          client: {
            ...('client' in entry ? entry.client : {}),
            retries: 0,
            double_submit: false,
            reuse_key_with_other_body: false,
          },
        };
  return { ...entry, ...psp, ...taken, ...client } as Traffic;
}

/** Of what the scenario wants to see, what this target can show. */
function whatCanBeSeen(expect: Expectations, target: Target, psps: number): Expectations {
  // Codes of refusals, and the status 401, are words of the payments API.
  const { refused: _codes, refused_webhooks_at_least: _401, cases, failed_over_at_least: over, ...rest } = expect;
  const { no_cases: none, ...left } = rest;
  const describes = target.observe?.cases !== undefined && target.observe.cases !== 'none';
  return {
    ...left,
    ...(describes && cases !== undefined ? { cases } : {}),
    ...(describes && none !== undefined ? { no_cases: none } : {}),
    ...(psps > 1 && over !== undefined ? { failed_over_at_least: over } : {}),
  };
}
