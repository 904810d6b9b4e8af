/**
 * The stripe dialect: Stripe's v1 API as its official SDK speaks it, from PaymentIntents to
 * signed events. What is and is not simulated stands in README.md.
 */
import { createHash } from 'node:crypto';
import { PspProblem } from '../../core/problem.ts';
import type { Challenge, PaymentRecord } from '../../core/records.ts';
import type { Dialect, PspAnswer, PspContext, PspRequest } from '../dialect.ts';
import type { SignedMessage, SigningRequest } from '../webhook.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { checkVersion } from './api-version.ts';
import { intentDetails, isSetup, sessionOf, setupDetails } from './details.ts';
import { stripeErrorAnswer } from './errors.ts';
import { API_VERSION } from './event.ts';
import { readForm } from './fields.ts';
import { stripeIdempotency } from './idempotency.ts';
import { stripeRoutes } from './routes.ts';
import { stripeSamples } from './samples.ts';
import { stripeSettlement } from './settlement.ts';
import { stripeSignature } from './signature.ts';
import { stripeEventTypes, stripeWebhooks } from './webhooks.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const stripe: Dialect = {
  name: 'stripe',
  title: `Stripe (API ${API_VERSION})`,
  profile: {
    ...SLOW_THINGS,
    keyLifeMs: 24 * HOUR,
    // Search follows the books "under normal conditions in less than a minute"; a few seconds is its usual pace.
    visibilityLagMs: 5 * SECOND,
    latency: { kind: 'lognormal', p50Ms: 350, p95Ms: 900 },
    firstDelivery: { kind: 'lognormal', p50Ms: 300, p95Ms: 1_500 },
    // Only the outline is public: exponential back-off over three days. The steps are this simulator's.
    retryScheduleMs: [
      1 * MINUTE,
      5 * MINUTE,
      30 * MINUTE,
      1 * HOUR,
      2 * HOUR,
      4 * HOUR,
      8 * HOUR,
      12 * HOUR,
      12 * HOUR,
      12 * HOUR,
      12 * HOUR,
    ],
    ackTimeoutMs: 20 * SECOND,
    challengeLifeMs: 15 * MINUTE,
    payoutSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND, p95Ms: 2 * MINUTE },
    refundSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND, p95Ms: 2 * MINUTE },
  },
  bankRules: {
    challengeCompletes: 'at-once',
    challengeExpiresTo: 'declined',
    confirmAfterDecline: true,
    captures: 'several',
  },
  credentials: (pspName) => ({
    apiKey: `sk_test_assay_${pspName}_${derived(pspName, 'api-key')}`,
    webhookSecret: `whsec_assay_${pspName}_${derived(pspName, 'webhook-secret')}`,
  }),
  routes: stripeRoutes,
  normalizePath: (path) => path.replace(/^\/?https?:\/\/[^/]+/, ''),
  authenticate,
  parseBody: (request) => readForm(request.rawBody.toString('utf8')),
  idempotency: stripeIdempotency,
  // In live mode, per account; a sandbox has 25.
  publishedRateLimit: { requests: 100, windowMs: SECOND },
  errorAnswer: (problem, request): PspAnswer => stripeErrorAnswer(inStripesWords(problem, request), request),
  answerHeaders: (exchangeId, request) => ({
    'request-id': `req_${exchangeId.replaceAll(/[^A-Za-z0-9]/g, '')}`,
    'stripe-version': request.headers['stripe-version'] ?? API_VERSION,
  }),
  webhooksFor: stripeWebhooks,
  sign,
  acknowledges: (status) => status >= 200 && status < 300,
  queue: 'independent',
  signsTime: true,
  eventTypes: stripeEventTypes,
  samples: stripeSamples,
  settlement: stripeSettlement,
  hosts: ['api.stripe.com', 'files.stripe.com', 'connect.stripe.com', 'meter-events.stripe.com'],
  returnQuery,
  cancelUrl: (payment) => sessionOf(payment)?.cancelUrl ?? null,
  // A Checkout page keeps the payer whose card was refused.
  failureUrl: (payment) => (sessionOf(payment) === null ? payment.returnUrl : null),
};

function authenticate(request: PspRequest, psp: PspContext): void {
  const header = request.headers['authorization'] ?? '';
  const basic = /^Basic (.+)$/.exec(header)?.[1];
  const given =
    basic === undefined
      ? /^Bearer (.+)$/.exec(header)?.[1]
      : Buffer.from(basic, 'base64').toString('utf8').replace(/:.*$/, '');
  if (given === psp.credentials['apiKey']) {
    checkVersion(request.headers['stripe-version']);
    return;
  }
  if (given === undefined) {
    throw new PspProblem(
      'unauthorized',
      'You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth.',
    );
  }
  throw new PspProblem('unauthorized', `Invalid API Key provided: ${masked(given)}`);
}

/** Only a 3DS redirect brings parameters back; a Checkout page goes to the merchant's URL as it is. */
function returnQuery(challenge: Challenge, payment: PaymentRecord): Record<string, string> {
  const succeeded = challenge.state === 'approved' && payment.state !== 'declined';
  const redirect = { redirect_status: succeeded ? 'succeeded' : 'failed' };
  if (isSetup(payment)) {
    const { clientSecret } = setupDetails(payment);
    return { setup_intent: payment.pspReference, setup_intent_client_secret: clientSecret, ...redirect };
  }
  if (sessionOf(payment) !== null) return {};
  const { clientSecret } = intentDetails(payment);
  return { payment_intent: payment.pspReference, payment_intent_client_secret: clientSecret, ...redirect };
}

function inStripesWords(problem: PspProblem, request: PspRequest | null): PspProblem {
  if (problem.code !== 'not-simulated' || request === null) return problem;
  return new PspProblem(
    'not-simulated',
    `Unrecognized request URL (${request.method}: ${request.path}). This simulator does not have that route of Stripe's API (not simulated).`,
  );
}

function sign(request: SigningRequest): SignedMessage {
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
  };
  if (request.form === 'signed')
    headers['stripe-signature'] = stripeSignature(request.body, secretFor(request), request.atMs);
  if (request.form === 'malformed') headers['stripe-signature'] = 'v1=not-a-signature';
  return { headers, body: request.sendInstead ?? request.body };
}

function secretFor(request: SigningRequest): string {
  const current = request.credentials['webhookSecret'] ?? '';
  if (request.key === 'current') return current;
  if (request.key === 'previous') return request.credentials['previousWebhookSecret'] ?? `${current}_previous`;
  return 'whsec_never_given_to_anybody';
}

/** All but the ends of a key that was refused, as Stripe shows it. */
function masked(key: string): string {
  return key.length <= 12 ? '*'.repeat(key.length) : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}

function derived(pspName: string, purpose: string): string {
  return createHash('sha256').update(`assay stripe ${pspName} ${purpose}`).digest('hex').slice(0, 24);
}
