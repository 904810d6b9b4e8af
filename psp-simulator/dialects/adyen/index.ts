/**
 * The adyen dialect: Adyen's Checkout API (v68 to v72), its instant card payout, its Disputes
 * API, its settlement report and its standard webhooks, as the official SDK speaks them. What is and is not simulated stands in
 * README.md.
 */
import { PspProblem } from '../../core/problem.ts';
import type { Dialect, PspRequest } from '../dialect.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { adyenCredentials, authenticate } from './credentials.ts';
import { pspReferenceFrom, redirectResultOf } from './details.ts';
import { adyenErrorAnswer } from './errors.ts';
import { adyenIdempotency } from './idempotency.ts';
import { adyenRoutes, normalizeAdyenPath } from './routes.ts';
import { adyenSamples } from './samples.ts';
import { adyenSettlement } from './settlement.ts';
import { signNotification } from './signature.ts';
import { adyenWebhooks, EVENT_TYPES } from './webhooks.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** After the published steps Adyen repeats the last one until thirty days are over. */
const RETRY_STEPS_MS = [
  9 * SECOND,
  18 * SECOND,
  27 * SECOND,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  2 * HOUR,
  4 * HOUR,
];
const LAST_RETRY_STEP_MS = 8 * HOUR;
const FIRST_STEPS_MS = RETRY_STEPS_MS.reduce((sum, step) => sum + step, 0);
const LAST_STEPS_IN_THIRTY_DAYS = Math.floor((30 * DAY - FIRST_STEPS_MS) / LAST_RETRY_STEP_MS);

export const adyen: Dialect = {
  name: 'adyen',
  title: 'Adyen (Checkout API v72)',
  profile: {
    ...SLOW_THINGS,
    // One page of Adyen's documentation says seven days, another thirty-one: the shorter is the safer assumption.
    keyLifeMs: 7 * DAY,
    // There is no status query that could lag.
    visibilityLagMs: 0,
    latency: { kind: 'lognormal', p50Ms: 400, p95Ms: 1_000 },
    firstDelivery: { kind: 'lognormal', p50Ms: 300, p95Ms: 1_500 },
    retryScheduleMs: [
      ...RETRY_STEPS_MS,
      ...Array.from({ length: LAST_STEPS_IN_THIRTY_DAYS }, () => LAST_RETRY_STEP_MS),
    ],
    ackTimeoutMs: 10 * SECOND,
    challengeLifeMs: 15 * MINUTE,
    payoutSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND, p95Ms: 2 * MINUTE },
    refundSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND, p95Ms: 2 * MINUTE },
    // Sessions, and payments that wait for a fingerprint.
    openLifeMs: HOUR,
    disputeEvidenceMs: 14 * DAY,
  },
  bankRules: {
    challengeCompletes: 'on-submit',
    challengeExpiresTo: 'declined',
    confirmAfterDecline: false,
    captures: 'several',
  },
  credentials: adyenCredentials,
  routes: adyenRoutes,
  normalizePath: normalizeAdyenPath,
  authenticate,
  parseBody,
  idempotency: adyenIdempotency,
  // Adyen publishes no number for Checkout; its 429 is simulated at one that a test can reach.
  publishedRateLimit: { requests: 100, windowMs: SECOND },
  errorAnswer: adyenErrorAnswer,
  // `pspreference` is on every answer of Adyen's, also on refusals.
  answerHeaders: (exchangeId) => ({ pspreference: pspReferenceFrom(exchangeId) }),
  webhooksFor: adyenWebhooks,
  sign: signNotification,
  acknowledges: (status) => status >= 200 && status < 300,
  queue: 'head-of-line',
  signsTime: false,
  eventTypes: EVENT_TYPES,
  samples: adyenSamples,
  settlement: adyenSettlement,
  hosts: [
    'checkout-test.adyen.com',
    'checkoutshopper-test.adyen.com',
    'checkoutshopper-live.adyen.com',
    'pal-test.adyen.com',
    'ca-test.adyen.com',
    'ca-live.adyen.com',
    '*-checkout-live.adyenpayments.com',
    '*-pal-live.adyenpayments.com',
  ],
  returnQuery: (challenge, _payment, psp) => ({ redirectResult: redirectResultOf(challenge.id, psp) }),
};

function parseBody(request: PspRequest): Record<string, unknown> {
  if (request.rawBody.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(request.rawBody.toString('utf8'));
  } catch {
    throw new PspProblem('malformed', 'Unexpected input: the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PspProblem('malformed', 'Unexpected input: the body is not a JSON object');
  return value as Record<string, unknown>;
}
