/**
 * Plays one operation in k6 and reports it: init, the challenge if there is one, then looks
 * until it is final. What is not done within the budget counts at the budget's value; it is
 * never left out. No remote imports: everything here runs offline.
 */
import { sleep } from 'k6';
import http from 'k6/http';
import exec from 'k6/execution';
import { Counter, Rate, Trend } from 'k6/metrics';
import { executorOf, planIteration, playerOf, thresholdsOf } from '../../lib/k6/profile.ts';
import type { JourneyPlan } from '../../lib/k6/profile.ts';
import type { OperationLine } from '../../lib/k6/operation-line.ts';
import { summaryText } from '../../lib/k6/summary.ts';
import type { SummaryData } from '../../lib/k6/summary.ts';
import { paymentsApi } from './payments-api.ts';
import type { Asked, Seen } from './service.ts';
import { targetApi } from './target-api.ts';

/** k6's own; its lines go where `--console-output` says. */
declare const console: { log(line: string): void };

const plan = planOf();
const outDir = __ENV['OUT_DIR'] ?? '.';
const service =
  plan.target === undefined
    ? paymentsApi(plan.baseUrl, required('API_KEY'), plan.budgetMs)
    : targetApi(plan.target, plan.baseUrl, plan.budgetMs);

export const options = {
  scenarios: { journey: executorOf(plan) },
  thresholds: thresholdsOf(plan),
  summaryTrendStats: ['count', 'min', 'avg', 'med', 'p(95)', 'p(99)', 'max'],
};

const metrics = { deposit: metricsOf('deposit'), payout: metricsOf('payout') };

function metricsOf(kind: string) {
  return {
    started: new Counter(`${kind}_started`),
    done: new Rate(`${kind}_done`),
    observedMs: new Trend(`${kind}_e2e_observed_ms`, true),
    serverMs: new Trend(`${kind}_e2e_server_ms`, true),
    initMs: new Trend(`${kind}_init_ms`, true),
  };
}

/** One iteration. */
export function playIteration(): void {
  const i = exec.scenario.iterationInTest;
  const planned = planIteration(plan, i);
  const { kind, psp, method, token } = planned;
  const tags = { psp, method };
  const asked: Asked = {
    ...{ planned, player: playerOf(i), minor: 1000 + (i % 90) * 100, key: `load-${plan.runId}-${i}` },
  };
  if (kind === 'payout' && !service.fund(asked)) exec.test.abort('a wallet could not be funded for a payout');

  const at = Date.now();
  metrics[kind].started.add(1, tags);
  const begun = service.begin(asked, tags);
  const initMs = Date.now() - at;
  metrics[kind].initMs.add(initMs, tags);
  if (begun.redirect !== '') approveChallenge(begun.redirect);
  const seen = begun.id === '' || begun.http >= 400 ? undefined : waitUntilFinal(begun.id, asked, at);
  const last = seen?.status ?? begun.status;
  const done = last === 'succeeded';
  const observedMs = done ? Math.min(Date.now() - at, plan.budgetMs) : plan.budgetMs;
  const serverMs = done ? seen?.serverMs : undefined;

  metrics[kind].done.add(done, tags);
  metrics[kind].observedMs.add(observedMs, tags);
  if (serverMs !== undefined) metrics[kind].serverMs.add(serverMs, tags);
  const { id, txn, redirect, error, references, http: status } = begun;
  const { player, key, minor } = asked;
  const line: OperationLine = {
    ...{ kind, psp, method, token, player, key, minor, at, initMs, observedMs, done, id, txn, redirect, error },
    ...{ op: `${kind === 'deposit' ? 'dep' : 'out'}-${i + 1}`, http: status, status: last },
    ...(references.length === 0 ? {} : { references }),
    ...(serverMs === undefined ? {} : { serverMs }),
  };
  console.log(JSON.stringify(line));
}

/** Plays the player's browser: opens the PSP's page, approves, follows it back to the service. */
function approveChallenge(redirectUrl: string): void {
  http.get(redirectUrl, { tags: { name: 'GET challenge page' } });
  const done = http.post(redirectUrl, { action: 'approve' }, { redirects: 0, tags: { name: 'POST challenge page' } });
  const back = done.headers['Location'];
  if (back !== undefined) http.get(back, { redirects: 0, tags: { name: 'GET return from PSP' } });
}

function waitUntilFinal(id: string, asked: Asked, begin: number): Seen | undefined {
  const { kind } = asked.planned;
  let seen: Seen | undefined;
  for (;;) {
    const leftMs = plan.budgetMs - (Date.now() - begin);
    if (leftMs <= 0) return seen;
    const now = service.look(kind, id, asked, leftMs);
    if (now === undefined) return seen;
    seen = now;
    if (!['pending', 'deferred'].includes(seen.status)) return seen;
    const pause = service.pauseSeconds(kind);
    if (pause > 0) sleep(pause);
  }
}

function required(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '')
    throw new Error(`the environment variable ${name} is missing; start this journey with: assay load`);
  return value;
}

/** A file; where there is none (a cluster), `PLAN_JSON`, and `BASE_URL` says where the service is. */
function planOf(): JourneyPlan {
  const inline = __ENV['PLAN_JSON'];
  const read = JSON.parse(inline === undefined || inline === '' ? open(required('PLAN')) : inline) as JourneyPlan;
  const baseUrl = __ENV['BASE_URL'];
  return baseUrl === undefined || baseUrl === '' ? read : { ...read, baseUrl };
}

export function handleSummary(data: SummaryData): Record<string, string> {
  return { [`${outDir}/summary.json`]: JSON.stringify(data, null, 2), stdout: summaryText(data) };
}
