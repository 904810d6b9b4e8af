/**
 * `assay contract verify`: plans the checks for a partner, runs them one after the other and says
 * what came of each. Neither product is imported; a simulated PSP is a process like any other PSP.
 */
import { createRandomIds, createRealClock, createTcpNetwork, messageOf, UserError } from '../../kernel/index.ts';
import { EXAMPLE_CREDENTIALS, type ContractedDialect } from '../consumer/example-credentials.ts';
import { listPacts, readPact, type PactFile } from '../pact-files.ts';
import { createStandIns } from '../provider/stand-ins.ts';
import type { SchemeName } from '../vectors/read-vectors.ts';
import { askPartner } from './ask-partner.ts';
import { fail, unknown, type Check, type Finding, type Result } from './check.ts';
import type { PartnerConfig } from './config.ts';
import { openDeliveries, type Deliveries } from './deliveries.ts';
import { noAnswer } from './exchange.ts';
import { UnknownMatcherError } from './pact/matchers.ts';
import { callChecks } from './stages/calls.ts';
import { preflightChecks } from './stages/preflight.ts';
import { semanticsChecks } from './stages/semantics.ts';
import { staticChecks } from './stages/static.ts';
import { vectorChecks } from './stages/vectors.ts';
import { webhookChecks } from './stages/webhooks.ts';
import { createStateMaker, type AskForState, type StateTools } from './states.ts';
import { makeCall, type World } from './world.ts';

/** Dialects in which an ordinary payment ends without a payer at a page. */
const NEEDS_A_PAYER = new Set(['open-banking']);

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
  onResult?(result: Result, position: { done: number; total: number }): void;
}

export interface Verification {
  results: Result[];
  /** Stopped before the end. */
  stopped: boolean;
}

/** The checks that a run would make, without a call. @throws UserError when `only` fits none */
export function planChecks(config: PartnerConfig, only: readonly string[] = []): Check<World>[] {
  return select(checksOf(config, pactOf(config), createStandIns({})), only);
}

function checksOf(
  config: PartnerConfig,
  pact: PactFile | undefined,
  standIns: ReturnType<typeof createStandIns>,
): Check<World>[] {
  const { dialect, webhooks, openapi, signer } = config;
  const isLive = webhooks.source === 'receive';
  return [
    ...preflightChecks(),
    ...staticChecks(pact, openapi),
    ...callChecks(pact, standIns),
    ...(webhooks.source === 'none' ? [] : webhookChecks(pact, !NEEDS_A_PAYER.has(dialect.name), isLive)),
    ...vectorChecks(dialect.name as SchemeName, signer),
    ...semanticsChecks(dialect.name),
  ];
}

function select(checks: Check<World>[], only: readonly string[]): Check<World>[] {
  if (only.length === 0) return checks;
  const fits = (id: string, wish: string): boolean =>
    wish.endsWith('*') ? id.startsWith(wish.slice(0, -1)) : id === wish;
  for (const wish of only) {
    if (checks.some(({ id }) => fits(id, wish))) continue;
    throw new UserError(`no check is called "${wish}"`, 'See --list for the ids; a * at the end stands for the rest.');
  }
  return checks.filter(({ id }) => only.some((wish) => fits(id, wish)));
}

export function pactPathOf({ dialect }: PartnerConfig): string | undefined {
  return listPacts().find((path) => path.endsWith(`-psp-${dialect.name}.json`));
}

function pactOf(config: PartnerConfig): PactFile | undefined {
  const path = pactPathOf(config);
  return path === undefined ? undefined : readPact(path);
}

/** References (and the keys made from them) get a mark of this run: `att_x_…` → `att_1f3c_x_…`. */
export function markReferences(pact: PactFile, run: string): PactFile {
  return JSON.parse(JSON.stringify(pact).replaceAll(/\b(att|pot)_(?=[a-z])/g, `$1_${run}_`)) as PactFile;
}

export async function verifyPartner(options: VerifyOptions): Promise<Verification> {
  const { config, signal } = options;
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const ids = createRandomIds();
  const run = ids.uuid().slice(0, 6);
  const unmarked = pactOf(config);
  const pact = unmarked === undefined ? undefined : markReferences(unmarked, run);
  const standIns = createStandIns(examplesOf(config));
  const checks = select(checksOf(config, pact, standIns), options.only ?? []);
  const results: Result[] = [];
  try {
    const deliveries =
      options.deliveries ??
      (await openDeliveries({
        network,
        clock,
        dialect: config.dialect,
        source: config.webhooks,
        pull: (path) => pull(path),
      }));
    const psp = {
      name: config.dialect.name,
      dialect: config.dialect.name as ContractedDialect,
      url: config.baseUrl,
      credentials: { ...config.credentials },
    };
    const tools = {
      network,
      dialect: config.dialect,
      psp,
      run,
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
      ...(pact === undefined ? {} : { pact }),
    };
    const pull = async (path: string): Promise<unknown> =>
      (await makeCall(world, { method: 'GET', path, headers: {} })).answer.json;
    for (const check of checks) {
      if (signal?.aborted === true) break;
      const startedAt = clock.elapsed();
      const finding = mayRun(check, results)
        ? await runCheck(check, world)
        : unknown('the sandbox was not ready: see preflight');
      const result = resultOf(check, finding, {
        ms: Math.round(clock.elapsed() - startedAt),
        config,
        today: clock.now(),
      });
      results.push(result);
      options.onResult?.(result, { done: results.length, total: checks.length });
    }
    if (options.recordInto !== undefined && config.webhooks.source === 'receive' && deliveries.all.length > 0)
      deliveries.record(options.recordInto);
  } finally {
    await network.close();
  }
  return { results, stopped: results.length < checks.length };
}

/** After a failed preflight only what needs no sandbox is looked at. */
function mayRun({ stage }: Check<World>, results: readonly Result[]): boolean {
  if (stage === 'preflight' || stage === 'static' || stage === 'vectors') return true;
  return results.every((result) => result.stage !== 'preflight' || result.finding.verdict === 'pass');
}

async function runCheck(check: Check<World>, world: World): Promise<Finding> {
  try {
    return await check.run(world);
  } catch (error) {
    if (error instanceof UnknownMatcherError) return unknown(error.message);
    if (error instanceof Error && error.name === 'NetworkError') return fail('an answer', noAnswer(error));
    return unknown(`it could not be looked at: ${messageOf(error)}`);
  }
}

function resultOf(
  { id, stage, title, why }: Check<World>,
  finding: Finding,
  { ms, config, today }: { ms: number; config: PartnerConfig; today: number },
): Result {
  const deviation = config.deviations.find(({ check, until }) => check === id && Date.parse(until) > today);
  const isTolerated = deviation !== undefined && finding.verdict !== 'pass';
  return {
    id,
    stage,
    title,
    why,
    finding,
    ms,
    ...(isTolerated ? { tolerated: { reason: deviation.reason, until: deviation.until } } : {}),
  };
}

function examplesOf({ dialect, credentials }: PartnerConfig): Record<string, string> {
  const examples = Object.entries(EXAMPLE_CREDENTIALS[dialect.name as ContractedDialect] ?? {});
  return Object.fromEntries(examples.map(([name, example]) => [example, credentials[name] ?? example]));
}

/** 1 when the contract is broken, 2 when something is unknown or the sandbox was not ready, else 0. */
export function exitCodeOf({ results, stopped }: Verification): 0 | 1 | 2 {
  const open = results.filter(({ tolerated }) => tolerated === undefined);
  const failed = open.filter(({ finding }) => finding.verdict === 'fail');
  if (failed.some(({ stage }) => stage === 'preflight')) return 2;
  if (failed.length > 0) return 1;
  return stopped || results.length === 0 || open.some(({ finding }) => finding.verdict === 'unknown') ? 2 : 0;
}
