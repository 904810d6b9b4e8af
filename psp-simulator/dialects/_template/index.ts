/**
 * example-bank: a small PSP with cards. Made from the template of `npm run new-dialect`; README.md
 * says what is simulated. Replace file by file with what the PSP's facts say, and run the
 * conformance suite after each.
 */
import { PspProblem } from '../../core/problem.ts';
import type { Dialect, PspRequest } from '../dialect.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { exampleBankError } from './errors.ts';
import { exampleBankIdempotency } from './idempotency.ts';
import { exampleBankRoutes } from './routes.ts';
import { exampleBankSamples } from './samples.ts';
import { exampleBankSettlement } from './settlement.ts';
import { signExampleBank } from './signature.ts';
import { EXAMPLE_BANK_EVENTS, exampleBankWebhooks } from './webhooks.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export const exampleBank: Dialect = {
  name: 'example-bank',
  title: 'Example Bank',
  profile: {
    ...SLOW_THINGS,
    keyLifeMs: 24 * HOUR_MS,
    visibilityLagMs: 0,
    latency: { kind: 'lognormal', p50Ms: 100, p95Ms: 400 },
    firstDelivery: { kind: 'lognormal', p50Ms: 300, p95Ms: 1_500 },
    retryScheduleMs: [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS],
    ackTimeoutMs: 10 * SECOND_MS,
    challengeLifeMs: 15 * MINUTE_MS,
    payoutSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND_MS, p95Ms: 3 * MINUTE_MS },
    refundSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND_MS, p95Ms: 3 * MINUTE_MS },
  },
  bankRules: { challengeCompletes: 'at-once', challengeExpiresTo: 'expired', confirmAfterDecline: false },
  credentials: (pspName) => ({
    apiKey: `key_example-bank_${pspName}`,
    webhookSecret: `secret_example-bank_${pspName}_0123456789abcdef`,
  }),
  routes: exampleBankRoutes,
  authenticate: (request, psp) => {
    if (request.headers['authorization'] !== `Bearer ${psp.credentials['apiKey'] ?? ''}`)
      throw new PspProblem('unauthorized', 'The API key is missing or wrong');
  },
  parseBody,
  idempotency: exampleBankIdempotency,
  publishedRateLimit: { requests: 50, windowMs: SECOND_MS },
  rateLimitHeaders: (state): Record<string, string> =>
    state.exceeded ? { 'retry-after': String(Math.ceil(state.resetMs / SECOND_MS)) } : {},
  errorAnswer: (problem) => exampleBankError(problem),
  webhooksFor: exampleBankWebhooks,
  sign: signExampleBank,
  acknowledges: (status) => status >= 200 && status < 300,
  queue: 'independent',
  signsTime: true,
  eventTypes: EXAMPLE_BANK_EVENTS,
  samples: exampleBankSamples,
  settlement: exampleBankSettlement,
  hosts: [],
  returnQuery: (_challenge, payment) => ({ payment: payment.pspReference }),
};

function parseBody(request: PspRequest): Record<string, unknown> {
  if (request.rawBody.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(request.rawBody.toString('utf8'));
  } catch {
    throw new PspProblem('malformed', 'The body is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new PspProblem('malformed', 'The body must be a JSON object');
  return parsed as Record<string, unknown>;
}
