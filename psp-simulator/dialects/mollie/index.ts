/**
 * The mollie dialect: Mollie's v2 API as its two official SDKs speak it, from payments on the
 * hosted page to settlements. What is and is not simulated stands in README.md.
 */
import { createHash } from 'node:crypto';
import { PspProblem } from '../../core/problem.ts';
import type { Dialect, PspContext, PspRequest, RateLimitState } from '../dialect.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { parseMollieBody } from './body.ts';
import { paymentDetails } from './details.ts';
import { mollieErrorAnswer } from './errors.ts';
import { mollieIdempotency } from './idempotency.ts';
import { mollieRoutes } from './routes.ts';
import { mollieSamples } from './samples.ts';
import { mollieSettlement } from './settlement.ts';
import { signMollie } from './signature.ts';
import { MOLLIE_EVENT_TYPES, mollieWebhooks } from './webhooks.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

export const mollie: Dialect = {
  name: 'mollie',
  title: 'Mollie (API v2)',
  profile: {
    ...SLOW_THINGS,
    keyLifeMs: HOUR_MS,
    visibilityLagMs: 0,
    latency: { kind: 'lognormal', p50Ms: 200, p95Ms: 600 },
    firstDelivery: { kind: 'lognormal', p50Ms: 500, p95Ms: 3_000 },
    // Ten tries: at once and 1, 3, 7, 15, 31 minutes, 1, 2, 4 and 26 hours after the first.
    retryScheduleMs: [1, 2, 4, 8, 16, 29, 60, 120, 1_320].map((minutes) => minutes * MINUTE_MS),
    ackTimeoutMs: 15 * SECOND_MS,
    // A card's; iDEAL has 15 minutes, but a PSP has one page life here.
    challengeLifeMs: 30 * MINUTE_MS,
    payoutSettlement: { kind: 'lognormal', p50Ms: HOUR_MS, p95Ms: 8 * HOUR_MS },
    refundSettlement: { kind: 'lognormal', p50Ms: 2 * HOUR_MS, p95Ms: 20 * HOUR_MS },
  },
  bankRules: {
    challengeCompletes: 'at-once',
    challengeExpiresTo: 'expired',
    confirmAfterDecline: false,
    captures: 'several',
  },
  credentials: (pspName) => ({
    apiKey: `test_assay${derived(pspName, 'api-key')}`,
    accessToken: `access_assay${derived(pspName, 'access-token')}`,
    webhookSecret: `whsec_assay${derived(pspName, 'webhook-secret')}`,
  }),
  routes: mollieRoutes,
  authenticate,
  parseBody: parseMollieBody,
  idempotency: mollieIdempotency,
  // Mollie publishes no number; this one lets no honest client through the roof.
  publishedRateLimit: { requests: 300, windowMs: 10 * SECOND_MS },
  rateLimitHeaders: ({ exceeded, resetMs }: RateLimitState): Record<string, string> =>
    exceeded ? { 'retry-after': String(Math.max(1, Math.ceil(resetMs / SECOND_MS))) } : {},
  errorAnswer: (problem) => mollieErrorAnswer(problem),
  webhooksFor: mollieWebhooks,
  sign: signMollie,
  acknowledges: (status) => status === 200,
  queue: 'independent',
  signsTime: false,
  eventTypes: MOLLIE_EVENT_TYPES,
  samples: mollieSamples,
  settlement: mollieSettlement,
  hosts: ['api.mollie.com'],
  // Mollie leads a payer who turns back to the cancel URL where there is one.
  cancelUrl: (payment) => paymentDetails(payment).cancelUrl ?? payment.returnUrl,
  returnQuery: () => ({}),
};

/** What belongs to the organization and not to one of its profiles. */
const ORGANIZATION_ONLY = /^\/v2\/(?:balances|settlements|webhooks|events)(?:\/|$)/;

/** An API key opens what belongs to its profile, an access token of the organization everything. */
function authenticate(request: PspRequest, psp: PspContext): void {
  const given = /^Bearer (.+)$/.exec(request.headers['authorization'] ?? '')?.[1];
  const { apiKey, accessToken } = psp.credentials;
  if (given === undefined || (given !== apiKey && given !== accessToken))
    throw new PspProblem('unauthorized', 'Missing authentication, or failed to authenticate');
  if (given === apiKey && ORGANIZATION_ONLY.test(request.path)) {
    throw new PspProblem(
      'unauthorized',
      'An API key has no access to this resource, use an organization access token',
      {
        status: 403,
      },
    );
  }
}

/** 24 characters, so that a key looks like one of Mollie's: `test_` and about thirty. */
function derived(pspName: string, purpose: string): string {
  return createHash('sha256').update(`assay mollie ${pspName} ${purpose}`).digest('hex').slice(0, 24);
}
