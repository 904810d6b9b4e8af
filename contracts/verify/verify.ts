/**
 * `assay contract verify`: runs the checks of a partner one after the other and says what came of
 * each, with nothing secret in it. Neither product is imported; a simulated PSP is a process like
 * any other PSP. A stop lets the check at hand end what it began, and does not count it.
 */
import { createRandomIds, createRealClock, createTcpNetwork, messageOf, type Clock } from '../../kernel/index.ts';
import { realOfExamples, type ContractedDialect } from '../consumer/example-credentials.ts';
import type { PactFile } from '../pact-files.ts';
import { createStandIns } from '../provider/stand-ins.ts';
import { askPartner } from './ask-partner.ts';
import { fail, unknown, type Check, type Finding, type Result } from './check.ts';
import type { PartnerConfig } from './config.ts';
import { openDeliveries, type Deliveries } from './deliveries.ts';
import { noAnswer } from './exchange.ts';
import { UnknownMatcherError } from './pact/matchers.ts';
import { pactOf, planChecks } from './plan.ts';
import { createSecrets, shorten, type Secrets } from './secrets.ts';
import { createStateMaker, type AskForState, type StateTools } from './states.ts';
import { testValueSwap } from './test-values.ts';
import { isTaken, makeCall, show, type World } from './world.ts';

/** Of what a sandbox answered, in a finding. */
const MOST_SHOWN = 1_000;

/** How long a stop waits for the check at hand. */
const GRACE_MS = 5_000;

export interface VerifyOptions {
  config: PartnerConfig;
  /** Makes the states that no call makes; default: the partner's own endpoint. */
  ask?: (tools: Omit<StateTools, 'ask'>) => AskForState;
  /** Ids, or beginnings of ids with a `*` at the end. */
  only?: readonly string[];
  /** Deliveries that were opened already, because their address had to be known before. */
  deliveries?: Deliveries;
  /** Where the deliveries that were seen are kept, for `source: folder`. */
  recordInto?: string;
  signal?: AbortSignal;
  onCheck?(check: Pick<Check<World>, 'id' | 'title'>, position: Position): void;
  onResult?(result: Result, position: Position): void;
}

/** `done` of `total` checks. */
export interface Position {
  done: number;
  total: number;
}

export interface Verification {
  results: Result[];
  /** Stopped before the end. */
  stopped: boolean;
}

/**
 * References (and the keys made from them) get a mark of this run and of their interaction:
 * `att_x_…` → `att_1f3c07_x_…`. What one interaction did to a payment is nothing to the next.
 */
export function markReferences(pact: PactFile, run: string): PactFile {
  const marked = pact.interactions.map((interaction, index) => {
    const mark = `${run}${String(index).padStart(2, '0')}`;
    return JSON.parse(JSON.stringify(interaction).replaceAll(/\b(att|pot)_(?=[a-z])/g, `$1_${mark}_`)) as unknown;
  });
  return { ...pact, interactions: marked as PactFile['interactions'] };
}

/** @throws UserError when what is to be checked does not exist, or webhooks cannot be received; nothing was then called */
export async function verifyPartner(options: VerifyOptions): Promise<Verification> {
  const { config, signal, onCheck, onResult } = options;
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  try {
    const { world, checks, deliveries } = await prepare(options, { clock, network });
    const results: Result[] = [];
    const stop = stopOf(signal, clock);
    signal?.addEventListener('abort', () => deliveries.giveUp(), { once: true });
    for (const check of checks) {
      if (isStopped(signal)) break;
      const position = { done: results.length, total: checks.length };
      onCheck?.(check, position);
      const startedAt = clock.elapsed();
      const finding = await Promise.race([findingOf(check, world, results), stop]);
      // What was cut short says nothing.
      if (finding === undefined || isStopped(signal)) break;
      const ms = Math.round(clock.elapsed() - startedAt);
      const result = resultOf(check, finding, { ms, config, today: clock.now(), secrets: world.secrets });
      results.push(result);
      onResult?.(result, { ...position, done: results.length });
    }
    if (options.recordInto !== undefined && config.webhooks.source === 'receive')
      deliveries.record(options.recordInto, world.secrets);
    return { results, stopped: results.length < checks.length };
  } finally {
    await network.close();
  }
}

type Tools = Pick<World, 'clock' | 'network'>;

async function prepare(
  options: VerifyOptions,
  { clock, network }: Tools,
): Promise<{ world: World; checks: Check<World>[]; deliveries: Deliveries }> {
  const { config, only = [] } = options;
  const ids = createRandomIds();
  const run = ids.uuid().slice(0, 6);
  const unmarked = pactOf(config);
  const pact = unmarked === undefined ? undefined : markReferences(unmarked, run);
  const standIns = createStandIns(realOfExamples(config.dialect.name as ContractedDialect, config.credentials));
  const checks = planChecks({ config, only, pact, standIns });
  const pull = async (path: string): Promise<unknown> => {
    const { answer } = await makeCall(world, { method: 'GET', path, headers: {} });
    if (!isTaken(answer)) throw new Error(`the event log, webhooks.path, was answered ${show(answer)}`);
    return answer.json;
  };
  const deliveries =
    options.deliveries ??
    (await openDeliveries({ network, clock, dialect: config.dialect, source: config.webhooks, pull }));
  const tools = {
    network,
    dialect: config.dialect,
    psp: {
      name: config.dialect.name,
      dialect: config.dialect.name as ContractedDialect,
      url: config.baseUrl,
      credentials: { ...config.credentials },
    },
    run,
    swapTestValues: testValueSwap(config.testValues),
    standIns,
    pact: pact ?? { consumer: { name: '' }, provider: { name: '' }, interactions: [] },
  };
  const ask = options.ask?.(tools) ?? askPartner(network, config.statesUrl, standIns);
  const world: World = {
    config,
    network,
    clock,
    ids,
    run,
    deliveries,
    states: createStateMaker({ ...tools, ask }),
    secrets: createSecrets(config.credentials),
    ...(pact === undefined ? {} : { pact }),
  };
  return { world, checks, deliveries };
}

const isStopped = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** Resolves a while after the person asked to stop: the check at hand may end what it began. */
function stopOf(signal: AbortSignal | undefined, clock: Clock): Promise<undefined> {
  return new Promise((resolve) => {
    const endSoon = (): void => void clock.schedule(GRACE_MS, 'contract verify stop', () => resolve(undefined));
    signal?.addEventListener('abort', endSoon, { once: true });
  });
}

async function findingOf(check: Check<World>, world: World, results: readonly Result[]): Promise<Finding> {
  if (check.stage === 'preflight' && isSilent(results)) return unknown('nobody answered: see preflight.reach');
  if (!mayRun(check, results)) return unknown('the sandbox was not ready: see preflight');
  try {
    return await check.run(world);
  } catch (error) {
    if (error instanceof UnknownMatcherError) return unknown(error.message);
    if (error instanceof Error && error.name === 'NetworkError') return fail('an answer', noAnswer(error));
    return unknown(`it could not be looked at: ${messageOf(error)}`);
  }
}

/** One cause is told once. */
function isSilent(results: readonly Result[]): boolean {
  return results.some(({ id, finding }) => id === 'preflight.reach' && finding.verdict === 'fail');
}

/** After a failed preflight only what needs no sandbox is looked at. */
function mayRun({ stage }: Check<World>, results: readonly Result[]): boolean {
  if (stage === 'preflight' || stage === 'static' || stage === 'vectors') return true;
  return results.every((result) => result.stage !== 'preflight' || result.finding.verdict === 'pass');
}

function resultOf(
  { id, stage, title, why }: Check<World>,
  found: Finding,
  { ms, config, today, secrets }: { ms: number; config: PartnerConfig; today: number; secrets: Secrets },
): Result {
  const finding = presentable(found, secrets);
  const deviation = config.deviations.find(({ check, until }) => check === id && Date.parse(until) > today);
  const isTolerated = deviation !== undefined && finding.verdict !== 'pass';
  return {
    id,
    stage,
    title,
    why,
    finding,
    ms,
    ...(isTolerated ? { tolerated: { reason: secrets.hide(deviation.reason), until: deviation.until } } : {}),
  };
}

/** Hidden before it is shortened: half of a secret would not be recognised. */
function presentable(finding: Finding, secrets: Secrets): Finding {
  const short = (text: string): string => shorten(secrets.hide(text), MOST_SHOWN);
  switch (finding.verdict) {
    case 'pass':
      return finding;
    case 'unknown':
      return { ...finding, reason: short(finding.reason) };
    case 'fail': {
      const shown = { ...finding, expected: short(finding.expected), got: short(finding.got) };
      return finding.curl === undefined ? shown : { ...shown, curl: secrets.hide(finding.curl) };
    }
  }
}

/** 1 when the contract is broken, 2 when something is unknown, left out, or the sandbox was not ready, else 0. */
export function exitCodeOf({ results, stopped }: Verification): 0 | 1 | 2 {
  const open = results.filter(({ tolerated }) => tolerated === undefined);
  const failed = open.filter(({ finding }) => finding.verdict === 'fail');
  if (failed.some(({ stage }) => stage === 'preflight')) return 2;
  if (failed.length > 0) return 1;
  return stopped || results.length === 0 || open.some(({ finding }) => finding.verdict === 'unknown') ? 2 : 0;
}
