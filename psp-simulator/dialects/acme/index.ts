/**
 * acme: a small neutral PSP, described by `openapi/psp-acme.yaml`. It is what a clean PSP
 * looks like, so that a scenario about behaviour needs no PSP's peculiarities; and it has every
 * kind of method, so that each one of a cashier can be played.
 */
import { PspProblem } from '../../core/problem.ts';
import type { Dialect, PspRequest } from '../dialect.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { acmeError } from './errors.ts';
import { acmeIdempotency } from './idempotency.ts';
import { ACME_RATE_LIMIT, rateLimitHeaders } from './rate-limit.ts';
import { acmeRoutes } from './routes.ts';
import { acmeSamples } from './samples.ts';
import { acmeSettlement } from './settlement.ts';
import { signAcme } from './signature.ts';
import { ACME_EVENT_TYPES, acmeWebhooks } from './webhooks.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export const acme: Dialect = {
  name: 'acme',
  title: 'acme (neutral)',
  profile: {
    ...SLOW_THINGS,
    keyLifeMs: 24 * HOUR_MS,
    visibilityLagMs: 0,
    latency: { kind: 'lognormal', p50Ms: 80, p95Ms: 250 },
    firstDelivery: { kind: 'lognormal', p50Ms: 300, p95Ms: 1_500 },
    retryScheduleMs: [
      5 * SECOND_MS,
      30 * SECOND_MS,
      2 * MINUTE_MS,
      10 * MINUTE_MS,
      30 * MINUTE_MS,
      HOUR_MS,
      2 * HOUR_MS,
      4 * HOUR_MS,
      8 * HOUR_MS,
      12 * HOUR_MS,
      24 * HOUR_MS,
    ],
    ackTimeoutMs: 10 * SECOND_MS,
    challengeLifeMs: 15 * MINUTE_MS,
    payoutSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND_MS, p95Ms: 3 * MINUTE_MS },
    refundSettlement: { kind: 'fixed', ms: 30 * SECOND_MS },
  },
  bankRules: {
    challengeCompletes: 'at-once',
    challengeExpiresTo: 'expired',
    confirmAfterDecline: false,
    captures: 'several',
  },
  credentials: (pspName) => ({ apiKey: `sk_acme_${pspName}`, webhookSecret: `whs_${pspName}_0123456789abcdef` }),
  routes: acmeRoutes,
  authenticate: (request, psp) => {
    if (request.headers['authorization'] !== `Bearer ${psp.credentials['apiKey'] ?? ''}`) {
      throw new PspProblem('unauthorized', 'The API key is missing or wrong');
    }
  },
  parseBody,
  idempotency: acmeIdempotency,
  publishedRateLimit: ACME_RATE_LIMIT,
  rateLimitHeaders,
  errorAnswer: (problem) => acmeError(problem),
  webhooksFor: acmeWebhooks,
  sign: signAcme,
  acknowledges: (status) => status >= 200 && status < 300,
  queue: 'independent',
  signsTime: true,
  eventTypes: ACME_EVENT_TYPES,
  samples: acmeSamples,
  settlement: acmeSettlement,
  hosts: [],
  returnQuery: (_challenge, payment) => ({ payment_id: payment.pspReference }),
};

function parseBody(request: PspRequest): Record<string, unknown> {
  if (request.rawBody.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(request.rawBody.toString('utf8'));
  } catch {
    throw new PspProblem('malformed', 'The body is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new PspProblem('malformed', 'The body must be a JSON object');
  }
  return parsed as Record<string, unknown>;
}
