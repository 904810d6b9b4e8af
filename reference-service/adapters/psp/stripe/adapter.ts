/**
 * The neutral PSP port over the official Stripe SDK. The SDK does the wire; this file says
 * which call to make and what the answer means. The merchant reference is
 * `metadata[reference]`, by which Stripe's search finds a payment whose id we never got.
 */
import Stripe from 'stripe';
import type {
  CreatePaymentResult,
  PspAdapter,
  PspAdapterFactory,
  PspEnvironment,
  PspFailure,
  PspPaymentAttempt,
  PspPaymentReport,
  PspRefundRequest,
  QueryPaymentResult,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, inDoubt, isFailure, refused, weighReports } from '../failures.ts';
import { objectsOf, textOf } from '../fields.ts';
import { cancelPayment } from './cancel.ts';
import { parseStripeWebhook } from './events.ts';
import { callStripe, stripeDeclineClass } from './failures.ts';
import type { StripeError } from './failures.ts';
import { toStripeAmount } from './money.ts';
import { createNetworkHttpClient } from './network-http-client.ts';
import { createPayout, queryPayout } from './payouts.ts';
import { paymentReport, referenceOf } from './reports.ts';
import { stripePaymentMethod } from './tokens.ts';

/** Stripe prunes keys once they are at least a day old. */
const KEY_LIFE_MS = 24 * 60 * 60 * 1000;
/** Stripe's search shows a new object within a minute in ordinary operation; it is not read-after-write. */
const VISIBILITY_LAG_MS = 60_000;
/** One attempt has one PaymentIntent; ten leave room to see that it does not. */
const SEARCH_LIMIT = 10;

export const createStripeAdapter: PspAdapterFactory = (config, ports): PspAdapter => {
  // Without a key the SDK's constructor throws; Stripe refuses this one with a 401, like any wrong key.
  const stripe = new Stripe(config.credentials['apiKey'] ?? 'missing', {
    httpClient: createNetworkHttpClient(config.baseUrl, ports),
    maxNetworkRetries: 0,
    telemetry: false,
  });
  const environment = stripeEnvironment(config.credentials['apiKey'] ?? '');
  return {
    name: config.name,
    dialect: 'stripe',
    environment,
    capabilities: {
      methods: ['card'],
      payoutMethods: ['card'],
      twoStepMethods: [],
      storableMethods: [],
      statusQuery: true,
      keyLifeMs: config.profile?.keyLifeMs ?? KEY_LIFE_MS,
      visibilityLagMs: config.profile?.visibilityLagMs ?? VISIBILITY_LAG_MS,
      needsReturn: false,
      cancelByReference: true,
    },
    createPayment: (attempt, { returnUrl }) => createPayment(stripe, attempt, returnUrl),
    queryPayment: (attempt) => queryPayment(stripe, attempt),
    cancelPayment: (attempt) =>
      cancelPayment(stripe, attempt, { query: () => queryPayment(stripe, attempt), idempotencyKey: ports.ids.uuid() }),
    capturePayment: () => Promise.resolve({ kind: 'rejected', reason: 'payments are captured at once' }),
    refundPayment: (refund) => refundPayment(stripe, refund),
    createPayout: (attempt) => createPayout(stripe, attempt),
    queryPayout: (attempt) => queryPayout(stripe, attempt),
    parseWebhook: ({ rawBody }) => parseStripeWebhook(rawBody, environment),
  };
};

/** Stripe's keys name their world: `sk_test_…`, `rk_live_…`. */
function stripeEnvironment(apiKey: string): PspEnvironment | null {
  const word = /^(?:sk|rk)_(test|live)_/.exec(apiKey)?.[1];
  return word === 'test' || word === 'live' ? word : null;
}

async function createPayment(
  stripe: Stripe,
  attempt: PspPaymentAttempt,
  returnUrl: string,
): Promise<CreatePaymentResult> {
  const amount = toStripeAmount(attempt);
  if (amount === null)
    return refused(
      'invalid_request',
      `stripe cannot express ${attempt.amountMinor} minor units of ${attempt.currency}`,
    );
  const answer = await callStripe(() =>
    stripe.paymentIntents.create(
      {
        amount,
        currency: attempt.currency.toLowerCase(),
        allowed_payment_method_types: ['card'],
        payment_method: stripePaymentMethod(attempt.token),
        confirm: true,
        capture_method: 'automatic',
        return_url: returnUrl,
        metadata: { reference: attempt.attemptId, payment_id: attempt.paymentId, player_id: attempt.playerId },
        expand: ['latest_charge'],
      },
      { idempotencyKey: attempt.idempotencyKey },
    ),
  );
  if (answer.kind === 'ok') return reportOf(answer.body, attempt.attemptId);
  return answer.kind === 'error' ? (declineOf(answer.error) ?? answer.failure) : answer.failure;
}

/** A card error (402) is Stripe's definitive answer: the PaymentIntent exists and took nothing. */
function declineOf(error: StripeError): CreatePaymentResult | null {
  if (error.statusCode !== 402) return null;
  const code = error.decline_code || error.code || 'declined';
  return {
    kind: 'declined',
    pspReference: error.payment_intent?.id ?? null,
    code,
    declineClass: stripeDeclineClass(code),
  };
}

async function queryPayment(stripe: Stripe, attempt: PspPaymentAttempt): Promise<QueryPaymentResult> {
  if (attempt.pspReference !== null) return retrieve(stripe, attempt.pspReference, attempt.attemptId);
  const quoted = attempt.attemptId.replace(/[\\']/g, '\\$&');
  const answer = await callStripe(() =>
    stripe.paymentIntents.search({ query: `metadata['reference']:'${quoted}'`, limit: SEARCH_LIMIT }),
  );
  if (answer.kind !== 'ok') return answer.failure;
  const hits = objectsOf(answer.body, 'data');
  if (hits === null) return inDoubt('stripe answered a search without a list');
  const reports: PspPaymentReport[] = [];
  for (const hit of hits) {
    const id = textOf(hit, 'id');
    if (id === null) return inDoubt('stripe found a payment without an id');
    // The search index lags, so it only names the payment; its state is read from the payment itself.
    const report = await retrieve(stripe, id, attempt.attemptId);
    if (isFailure(report)) return report;
    if (report.kind !== 'not_found') reports.push(report);
  }
  return weighReports(reports) ?? { kind: 'not_found' };
}

async function retrieve(stripe: Stripe, id: string, attemptId: string): Promise<QueryPaymentResult> {
  const answer = await callStripe(() => stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] }));
  if (answer.kind === 'ok') return reportOf(answer.body, attemptId);
  if (answer.kind === 'error' && answer.error.code === 'resource_missing') return { kind: 'not_found' };
  return answer.failure;
}

/** A 2xx without id or status, or about another reference, proves only that Stripe was reached. */
function reportOf(intent: JsonObject, attemptId: string): PspPaymentReport | PspFailure {
  const report = paymentReport(intent);
  if (report === null) return inDoubt('stripe answered without an id or a status');
  return referenceOf(intent) === attemptId ? report : aboutAnother('stripe answered about another reference');
}

async function refundPayment(stripe: Stripe, refund: PspRefundRequest): Promise<RefundPaymentResult> {
  const amount = toStripeAmount(refund);
  if (amount === null)
    return {
      kind: 'rejected',
      reason: `stripe cannot express ${refund.amountMinor} minor units of ${refund.currency}`,
    };
  const answer = await callStripe(() =>
    stripe.refunds.create(
      {
        payment_intent: refund.pspReference,
        amount,
        metadata: { reference: refund.refundId, attempt_id: refund.attemptId },
      },
      { idempotencyKey: refund.idempotencyKey },
    ),
  );
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error') {
    const refusal = answer.failure.kind === 'refused' && answer.failure.code === 'invalid_request';
    return refusal ? { kind: 'rejected', reason: answer.failure.reason } : answer.failure;
  }
  const refundReference = textOf(answer.body, 'id');
  if (refundReference === null) return inDoubt('stripe answered a refund without an id');
  switch (textOf(answer.body, 'status')) {
    case 'succeeded':
      return { kind: 'refunded', refundReference };
    case 'failed':
    case 'canceled':
      return { kind: 'rejected', reason: `stripe states that the refund ${textOf(answer.body, 'status')}` };
    default:
      return { kind: 'received', refundReference };
  }
}
