/**
 * The paypal dialect: Orders v2, Payments v2, Payouts v1, Vault v3, Disputes v1, Webhooks v1 and
 * transaction search, as the official SDK speaks them. What is and is not simulated stands in
 * README.md.
 */
import { createHash } from 'node:crypto';
import type { PaymentRecord } from '../../core/records.ts';
import type { Dialect } from '../dialect.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { orderDetails } from './details.ts';
import { paypalErrorAnswer } from './errors.ts';
import { EVENT_TYPES } from './event-types.ts';
import { paypalIdempotency } from './idempotency.ts';
import { codeFrom, debugIdOf } from './ids.ts';
import { authenticate } from './oauth.ts';
import { parseBody } from './parse-body.ts';
import { normalizePaypalPath, paypalRoutes } from './routes.ts';
import { paypalSamples } from './samples.ts';
import { paypalSettlement } from './settlement.ts';
import { paypalSign } from './signature.ts';
import { paypalWebhooks } from './webhooks.ts';
import { payerId } from './wire.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Up to 25 retries over three days; PayPal does not say when. Doubling at first, then evenly. */
const FIRST_RETRIES_MS = [1, 2, 4, 8, 16, 32, 60, 120].map((minutes) => minutes * MINUTE);
const RETRIES = 25;
const SPENT_MS = FIRST_RETRIES_MS.reduce((sum, pauseMs) => sum + pauseMs, 0);
const LAST_RETRIES = RETRIES - FIRST_RETRIES_MS.length;
const LAST_PAUSE_MS = Math.floor((3 * DAY - SPENT_MS) / LAST_RETRIES);

export const paypal: Dialect = {
  name: 'paypal',
  title: 'PayPal (Orders v2, Payments v2)',
  profile: {
    ...SLOW_THINGS,
    // Of order keys; the other APIs' keys live in proportion, see idempotency.ts.
    keyLifeMs: 6 * HOUR,
    // Of transaction search, which PayPal says may lag by that; orders and payments are seen at once.
    visibilityLagMs: 3 * HOUR,
    latency: { kind: 'lognormal', p50Ms: 600, p95Ms: 1_800 },
    firstDelivery: { kind: 'lognormal', p50Ms: 1_000, p95Ms: 5_000 },
    retryScheduleMs: [...FIRST_RETRIES_MS, ...Array.from({ length: LAST_RETRIES }, () => LAST_PAUSE_MS)],
    ackTimeoutMs: 30 * SECOND,
    challengeLifeMs: 3 * HOUR,
    openLifeMs: 3 * HOUR,
    authorizationLifeMs: 29 * DAY,
    payoutSettlement: { kind: 'lognormal', p50Ms: 20 * SECOND, p95Ms: 2 * MINUTE },
    refundSettlement: { kind: 'uniform', minMs: 1 * HOUR, maxMs: 2 * DAY },
    disputeEvidenceMs: 10 * DAY,
  },
  bankRules: {
    challengeCompletes: 'on-submit',
    challengeExpiresTo: 'expired',
    confirmAfterDecline: true,
    captures: 'several',
    tellsApproval: true,
  },
  credentials: (pspName) => ({
    clientId: `A${derived(pspName, 'client-id')}`,
    clientSecret: `E${derived(pspName, 'client-secret')}`,
    merchantId: codeFrom(`merchant ${pspName}`, 13),
    webhookId: codeFrom(`webhook ${pspName}`, 17),
  }),
  routes: paypalRoutes,
  normalizePath: normalizePaypalPath,
  authenticate,
  parseBody,
  idempotency: paypalIdempotency,
  // PayPal publishes no number; this one is far above what a shop sends and below what a runaway client does.
  publishedRateLimit: { requests: 50, windowMs: SECOND },
  errorAnswer: (problem, _request, psp) => paypalErrorAnswer(problem, psp),
  answerHeaders: (exchangeId) => ({ 'paypal-debug-id': debugIdOf(exchangeId), 'cache-control': 'max-age=0, no-cache' }),
  webhooksFor: paypalWebhooks,
  sign: paypalSign,
  acknowledges: (status) => status >= 200 && status < 300,
  queue: 'independent',
  signsTime: true,
  eventTypes: EVENT_TYPES,
  samples: paypalSamples,
  settlement: paypalSettlement,
  hosts: ['api-m.sandbox.paypal.com', 'api-m.paypal.com', 'api.sandbox.paypal.com', 'api.paypal.com'],
  cancelUrl: (payment) => orderDetails(payment).cancelUrl,
  returnQuery: (challenge, payment) => ({
    token: payment.pspReference,
    ...(challenge.state === 'canceled' ? {} : payerQuery(payment)),
  }),
};

/** Who paid is known only where it was a PayPal account. */
function payerQuery(payment: PaymentRecord): Record<string, string> {
  const { source } = orderDetails(payment);
  if (payment.method !== 'paypal') return {};
  return {
    PayerID: payerId(source?.kind === 'paypal' && source.email !== null ? source.email : 'payer@assay.example'),
  };
}

function derived(pspName: string, purpose: string): string {
  return createHash('sha256').update(`assay paypal ${purpose} ${pspName}`).digest('base64url');
}
