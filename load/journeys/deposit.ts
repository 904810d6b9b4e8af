/**
 * k6 journey "deposit": init → (3DS for a share) → webhook → wallet credited, end to end.
 *
 * Open model (arrival rate), so a slow service cannot slow down its own load. A deposit that
 * is not credited within the budget counts at the budget's value and as a failure; it is
 * never left out. No remote imports: everything here runs offline.
 *
 * Environment: BASE_URL, API_KEY, PROFILE (path below load/profiles/, without .json), RUN_ID
 * (makes idempotency keys unique per run), OUT_DIR (where summary.json goes).
 */
import http from 'k6/http';
import type { RefinedResponse, ResponseType } from 'k6/http';
import exec from 'k6/execution';
import { Counter, Rate, Trend } from 'k6/metrics';
import type { components } from '../../openapi/generated/payments.ts';
import { depositThresholds, planIteration, plannedVirtualUsers } from '../lib/k6/profile.ts';
import type { LoadProfile } from '../lib/k6/profile.ts';
import { summaryText } from '../lib/k6/summary.ts';
import type { SummaryData } from '../lib/k6/summary.ts';

type PaymentStarted = components['schemas']['PaymentStarted'];
type Payment = components['schemas']['Payment'];

const baseUrl = required('BASE_URL');
const apiKey = required('API_KEY');
const runId = required('RUN_ID');
const outDir = required('OUT_DIR');
const profile = (JSON.parse(open(`../profiles/${required('PROFILE')}.json`)) as LoadProfile).deposit;

/** Longest wait per long poll in seconds; short enough that a stuck connection is noticed. */
const LONG_POLL_SECONDS = 10;

export const options = {
  scenarios: {
    deposit: {
      executor: 'constant-arrival-rate',
      rate: profile.ratePerSecond,
      timeUnit: '1s',
      duration: `${profile.durationSeconds}s`,
      gracefulStop: `${Math.ceil(profile.budgetMs / 1000) + 5}s`,
      ...plannedVirtualUsers(profile),
    },
  },
  thresholds: depositThresholds(profile),
  summaryTrendStats: ['count', 'min', 'avg', 'med', 'p(95)', 'p(99)', 'max'],
};

const observedMs = new Trend('deposit_e2e_observed_ms', true);
const serverMs = new Trend('deposit_e2e_server_ms', true);
const initMs = new Trend('deposit_init_ms', true);
const started = new Counter('deposit_started');
const credited = new Rate('deposit_credited');

export default function deposit(): void {
  const iteration = exec.scenario.iterationInTest;
  const { psp, card } = planIteration(profile, iteration);
  const tags = { psp, method: 'card', card };
  const begin = Date.now();
  started.add(1, tags);

  const payment = initDeposit(iteration, psp, card, tags);
  initMs.add(Date.now() - begin, tags);
  if (payment === undefined) return finish(false, begin, tags);
  if (payment.redirect_url !== undefined) approveChallenge(payment.redirect_url);

  const final = waitUntilFinal(payment.payment_id, begin);
  if (final?.status !== 'succeeded' || !final.credited_at) return finish(false, begin, tags);
  serverMs.add(Date.parse(final.credited_at) - Date.parse(final.created_at), tags);
  finish(true, begin, tags);
}

function initDeposit(
  iteration: number,
  psp: string,
  card: string,
  tags: Record<string, string>,
): PaymentStarted | undefined {
  const body = {
    amount: `${10 + (iteration % 90)}.00`,
    currency: 'EUR',
    method: 'card',
    return_url: 'https://casino.example/cashier/done',
    player_id: `load-${runId}-${iteration % 500}`,
    payment_token: card,
    meta: { country: 'DE', device: 'mobile', psp },
  };
  const answer = http.post(`${baseUrl}/v1/payments/init`, JSON.stringify(body), {
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': `load-${runId}-${iteration}`,
    },
    tags: { ...tags, name: 'POST /v1/payments/init' },
    timeout: `${profile.budgetMs}ms`,
  });
  return answer.status === 201 ? (answer.json() as unknown as PaymentStarted) : undefined;
}

/** Plays the player's browser: opens the PSP's page, approves, follows it back to our service. */
function approveChallenge(redirectUrl: string): void {
  http.get(redirectUrl, { tags: { name: 'GET 3DS page' } });
  const done = http.post(redirectUrl, { action: 'approve' }, { redirects: 0, tags: { name: 'POST 3DS page' } });
  const back = location(done);
  if (back !== undefined) http.get(back, { redirects: 0, tags: { name: 'GET return from PSP' } });
}

function waitUntilFinal(paymentId: string, begin: number): Payment | undefined {
  for (;;) {
    const leftMs = profile.budgetMs - (Date.now() - begin);
    if (leftMs <= 0) return undefined;
    const wait = Math.max(1, Math.min(LONG_POLL_SECONDS, Math.floor(leftMs / 1000)));
    const answer = http.get(`${baseUrl}/v1/payments/${paymentId}?wait=${wait}`, {
      headers: { Authorization: `Bearer ${apiKey}` },
      tags: { name: 'GET /v1/payments/{payment_id}' },
      timeout: `${leftMs + 1000}ms`,
    });
    if (answer.status !== 200) return undefined;
    const payment = answer.json() as unknown as Payment;
    if (payment.status !== 'pending') return payment;
  }
}

function finish(ok: boolean, begin: number, tags: Record<string, string>): void {
  credited.add(ok, tags);
  observedMs.add(ok ? Math.min(Date.now() - begin, profile.budgetMs) : profile.budgetMs, tags);
}

function location(response: RefinedResponse<ResponseType | undefined>): string | undefined {
  return response.headers['Location'];
}

function required(name: string): string {
  const value = __ENV[name];
  if (value === undefined || value === '')
    throw new Error(`the environment variable ${name} is missing; start this journey with: assay load deposit`);
  return value;
}

export function handleSummary(data: SummaryData): Record<string, string> {
  return { [`${outDir}/summary.json`]: JSON.stringify(data, null, 2), stdout: summaryText(data) };
}
