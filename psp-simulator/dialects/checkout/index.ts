/**
 * The checkout dialect: Checkout.com's current platform (NAS) as its official SDK speaks it,
 * from payments to signed workflow events. What is and is not simulated stands in README.md.
 */
import { createHash } from 'node:crypto';
import { PspProblem } from '../../core/problem.ts';
import type { Dialect, PspContext, PspRequest } from '../dialect.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { paymentDetails } from './details.ts';
import { checkoutErrorAnswer } from './errors.ts';
import { checkoutIdempotency } from './idempotency.ts';
import { base32, idFrom, twinId, uuidFrom } from './ids.ts';
import { isAccessToken, TOKEN_PATH } from './oauth.ts';
import { checkoutRoutes } from './routes.ts';
import { checkoutSamples } from './samples.ts';
import { checkoutSettlement } from './settlement.ts';
import { signWebhook } from './signature.ts';
import { checkoutWebhooks, EVENT_TYPES } from './webhooks.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const checkout: Dialect = {
  name: 'checkout',
  title: 'Checkout.com (NAS)',
  profile: {
    ...SLOW_THINGS,
    keyLifeMs: 24 * HOUR,
    visibilityLagMs: 0,
    latency: { kind: 'lognormal', p50Ms: 300, p95Ms: 900 },
    firstDelivery: { kind: 'lognormal', p50Ms: 400, p95Ms: 2_000 },
    retryScheduleMs: [5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 4 * HOUR, 12 * HOUR, 12 * HOUR],
    ackTimeoutMs: 10 * SECOND,
    // Response code 20152: "not completed within 15 minutes".
    challengeLifeMs: 15 * MINUTE,
    payoutSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND, p95Ms: 3 * MINUTE },
    refundSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND, p95Ms: 2 * MINUTE },
    authorizationLifeMs: 7 * DAY,
  },
  bankRules: {
    challengeCompletes: 'at-once',
    challengeExpiresTo: 'declined',
    confirmAfterDecline: false,
    captures: 'several',
  },
  credentials: (pspName) => ({
    secretKey: `sk_sbox_${key(pspName, 'secret-key')}`,
    publicKey: `pk_sbox_${key(pspName, 'public-key')}`,
    clientId: idFrom('cli', `assay checkout ${pspName}`),
    clientSecret: key(pspName, 'client-secret'),
    entityId: idFrom('ent', `assay checkout ${pspName}`),
    processingChannelId: idFrom('pc', pspName),
    webhookKey: `whk-${pspName}-${key(pspName, 'webhook-key')}`,
    webhookAuthorization: `assay-${key(pspName, 'webhook-authorization')}`,
  }),
  routes: checkoutRoutes,
  normalizePath: (path) => path.replace(/^\/?https?:\/\/[^/]+/, ''),
  authenticate,
  parseBody,
  idempotency: checkoutIdempotency,
  // 100 reads and 100 writes a second, over all APIs of an account (API rate limits).
  publishedRateLimit: { requests: 100, windowMs: SECOND },
  errorAnswer: checkoutErrorAnswer,
  answerHeaders: (exchangeId) => ({ 'cko-request-id': uuidFrom(exchangeId), 'cko-version': '1.0' }),
  webhooksFor: checkoutWebhooks,
  sign: signWebhook,
  acknowledges: (status) => status >= 200 && status < 300,
  queue: 'independent',
  signsTime: false,
  eventTypes: EVENT_TYPES,
  samples: checkoutSamples,
  settlement: checkoutSettlement,
  hosts: [
    'api.sandbox.checkout.com',
    'api.checkout.com',
    '*.api.sandbox.checkout.com',
    '*.api.checkout.com',
    'access.sandbox.checkout.com',
    'access.checkout.com',
    '*.access.sandbox.checkout.com',
    '*.access.checkout.com',
    'balances.sandbox.checkout.com',
    'balances.checkout.com',
  ],
  cancelUrl: (payment) => paymentDetails(payment).cancelUrl ?? payment.returnUrl,
  failureUrl: (payment) => paymentDetails(payment).failureUrl ?? payment.returnUrl,
  returnQuery: (_challenge, payment): Record<string, string> =>
    paymentDetails(payment).hosted
      ? { 'cko-payment-id': payment.pspReference, 'cko-session-id': twinId('sid', payment.pspReference) }
      : { 'cko-session-id': twinId('sid', payment.pspReference) },
};

/** The token endpoint has its own credentials, and cards are tokenized with the public key. */
function authenticate(request: PspRequest, psp: PspContext): void {
  if (request.path === TOKEN_PATH) return;
  const given = (request.headers['authorization'] ?? '').replace(/^Bearer /i, '');
  const wanted = psp.credentials[request.path === '/tokens' ? 'publicKey' : 'secretKey'] ?? '';
  if (given === wanted || isAccessToken(given, psp)) return;
  throw new PspProblem('unauthorized', 'The key is missing, wrong or of the other kind');
}

function parseBody(request: PspRequest): Record<string, unknown> {
  const text = request.rawBody.toString('utf8');
  if (text === '') return {};
  if (request.path === TOKEN_PATH) return Object.fromEntries(new URLSearchParams(text));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PspProblem('malformed', 'The body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PspProblem('malformed', 'The body is not a JSON object');
  }
  return value as Record<string, unknown>;
}

/** 27 characters of base 32, the form that the SDK takes for a key of this platform. */
function key(pspName: string, purpose: string): string {
  return base32(createHash('sha256').update(`assay checkout ${pspName} ${purpose}`).digest(), 27);
}
