/**
 * Plays one operation in k6 and reports it: init, the challenge if there is one, then long polls
 * until it is final. What is not done within the budget counts at the budget's value; it is
 * never left out. No remote imports: everything here runs offline.
 */
import { sleep } from 'k6';
import http from 'k6/http';
import exec from 'k6/execution';
import { Counter, Rate, Trend } from 'k6/metrics';
import { executorOf, planIteration, playerOf, thresholdsOf } from '../../lib/k6/profile.ts';
import type { JourneyPlan, PlannedOperation } from '../../lib/k6/profile.ts';
import type { OperationLine } from '../../lib/k6/operation-line.ts';
import { summaryText } from '../../lib/k6/summary.ts';
import type { SummaryData } from '../../lib/k6/summary.ts';

/** Longest wait per long poll in seconds; short enough that a stuck connection is noticed. */
const LONG_POLL_SECONDS = 10;

/** Between two looks at a payout: the client's number is true to this. */
const PAYOUT_POLL_SECONDS = 0.1;

/** k6's own; its lines go where `--console-output` says. */
declare const console: { log(line: string): void };

const plan = JSON.parse(open(required('PLAN'))) as JourneyPlan;
const apiKey = required('API_KEY');
const outDir = required('OUT_DIR');

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

interface Started {
  payment_id?: string;
  payout_id?: string;
  txn_id?: string;
  status?: string;
  redirect_url?: string;
  error?: string;
}

interface Seen {
  status: string;
  created_at?: string;
  updated_at?: string;
  credited_at?: string | null;
}

/** One iteration. */
export function playIteration(): void {
  const i = exec.scenario.iterationInTest;
  const planned = planIteration(plan, i);
  const { kind, psp, method, token } = planned;
  const tags = { psp, method };
  const player = playerOf(i);
  const minor = 1000 + (i % 90) * 100;
  const key = `load-${plan.runId}-${i}`;
  if (kind === 'payout' && !fundWallet(player, minor, key))
    exec.test.abort('a wallet could not be funded for a payout');

  const at = Date.now();
  metrics[kind].started.add(1, tags);
  const { http: status, body } = begin(planned, { player, minor, key }, tags);
  const initMs = Date.now() - at;
  metrics[kind].initMs.add(initMs, tags);
  const id = (kind === 'deposit' ? body.payment_id : body.payout_id) ?? '';
  if (body.redirect_url !== undefined) approveChallenge(body.redirect_url);
  const seen = id === '' || status >= 400 ? undefined : waitUntilFinal(kind, id, at);
  const last = seen?.status ?? body.status ?? '';
  const done = last === 'succeeded';
  const observedMs = done ? Math.min(Date.now() - at, plan.budgetMs) : plan.budgetMs;
  const serverMs = done && seen !== undefined ? serverTime(seen) : undefined;

  metrics[kind].done.add(done, tags);
  metrics[kind].observedMs.add(observedMs, tags);
  if (serverMs !== undefined) metrics[kind].serverMs.add(serverMs, tags);
  const line: OperationLine = {
    ...{ kind, psp, method, token, player, key, minor, at, initMs, observedMs, done, id },
    ...{ op: `${kind === 'deposit' ? 'dep' : 'out'}-${i + 1}`, http: status, status: last },
    ...{ txn: body.txn_id ?? '', redirect: body.redirect_url ?? '', error: body.error ?? '' },
    ...(serverMs === undefined ? {} : { serverMs }),
  };
  console.log(JSON.stringify(line));
}

function begin(
  { kind, psp, method, token }: PlannedOperation,
  { player, minor, key }: { player: string; minor: number; key: string },
  tags: Record<string, string>,
): { http: number; body: Started } {
  const common = { amount: (minor / 100).toFixed(2), currency: 'EUR', method, player_id: player };
  const [path, body] =
    kind === 'payout'
      ? ['/v1/payouts/init', { ...common, destination_token: token, meta: { psp } }]
      : [
          '/v1/payments/init',
          {
            ...common,
            return_url: 'https://casino.example/cashier/done',
            payment_token: token,
            meta: { country: 'DE', device: 'mobile', psp },
          },
        ];
  const answer = http.post(`${plan.baseUrl}${path}`, JSON.stringify(body), {
    headers: { ...authorized(), 'Idempotency-Key': key },
    tags: { ...tags, name: `POST ${path}` },
    timeout: `${plan.budgetMs}ms`,
  });
  return { http: answer.status, body: bodyOf<Started>(answer.body) ?? {} };
}

/** A payout needs money in the wallet; the platform puts it there before the clock starts. */
function fundWallet(player: string, minor: number, key: string): boolean {
  const txn = `fund-${key}`;
  const amount = (minor / 100).toFixed(2);
  const body = { player_id: player, payment_id: txn, txn_id: txn, amount, currency: 'EUR', idempotency_key: txn };
  const path = '/v1/wallet/credit';
  const answer = http.post(`${plan.baseUrl}${path}`, JSON.stringify(body), {
    headers: authorized(),
    tags: { name: `POST ${path}` },
  });
  return answer.status >= 200 && answer.status < 300;
}

/** Plays the player's browser: opens the PSP's page, approves, follows it back to the service. */
function approveChallenge(redirectUrl: string): void {
  http.get(redirectUrl, { tags: { name: 'GET challenge page' } });
  const done = http.post(redirectUrl, { action: 'approve' }, { redirects: 0, tags: { name: 'POST challenge page' } });
  const back = done.headers['Location'];
  if (back !== undefined) http.get(back, { redirects: 0, tags: { name: 'GET return from PSP' } });
}

function waitUntilFinal(kind: 'deposit' | 'payout', id: string, begin: number): Seen | undefined {
  const path = kind === 'deposit' ? '/v1/payments' : '/v1/payouts';
  let seen: Seen | undefined;
  for (;;) {
    const leftMs = plan.budgetMs - (Date.now() - begin);
    if (leftMs <= 0) return seen;
    const wait = Math.max(1, Math.min(LONG_POLL_SECONDS, Math.floor(leftMs / 1000)));
    const answer = http.get(`${plan.baseUrl}${path}/${id}?wait=${wait}`, {
      headers: authorized(),
      tags: { name: `GET ${path}/{id}` },
      timeout: `${leftMs + 1000}ms`,
    });
    if (answer.status !== 200) return seen;
    seen = bodyOf<Seen>(answer.body);
    if (seen === undefined || !['pending', 'deferred'].includes(seen.status)) return seen;
    // Payouts have no long poll.
    if (kind === 'payout') sleep(PAYOUT_POLL_SECONDS);
  }
}

function serverTime({ created_at, credited_at, updated_at }: Seen): number | undefined {
  const end = credited_at ?? updated_at;
  const ms = Date.parse(end ?? '') - Date.parse(created_at ?? '');
  return Number.isFinite(ms) ? ms : undefined;
}

function authorized(): Record<string, string> {
  return { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
}

function bodyOf<T>(text: unknown): T | undefined {
  try {
    return JSON.parse(String(text)) as T;
  } catch {
    return undefined;
  }
}

function required(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '')
    throw new Error(`the environment variable ${name} is missing; start this journey with: assay load`);
  return value;
}

export function handleSummary(data: SummaryData): Record<string, string> {
  return { [`${outDir}/summary.json`]: JSON.stringify(data, null, 2), stdout: summaryText(data) };
}
