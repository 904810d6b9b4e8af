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
  PspCapabilities,
  PspEnvironment,
  PspFailure,
  PspPaymentAttempt,
  PspPaymentReport,
  QueryPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, cannotExpress, derivedKey, inDoubt, isFailure, refused, weighReports } from '../failures.ts';
import { objectsOf, textOf } from '../fields.ts';
import { cancelPayment } from './cancel.ts';
import { parseStripeWebhook } from './events.ts';
import { callStripe, stripeDeclineClass } from './failures.ts';
import type { StripeError } from './failures.ts';
import { toStripeAmount } from './money.ts';
import { createNetworkHttpClient } from './network-http-client.ts';
import { unknownToken } from '../neutral.ts';
import { capturePayment, refundPayment } from './modifications.ts';
import { createPayout, queryPayout } from './payouts.ts';
import { paymentReport, referenceOf } from './reports.ts';
import { fetchSettlements } from './settlements-api.ts';
import { stripeCard } from './tokens.ts';

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
  const capabilities: PspCapabilities = {
    methods: ['card'],
    payoutMethods: ['card', 'bank'],
    twoStepMethods: ['card'],
    storableMethods: ['card'],
    statusQuery: true,
    keyLifeMs: config.profile?.keyLifeMs ?? KEY_LIFE_MS,
    visibilityLagMs: config.profile?.visibilityLagMs ?? VISIBILITY_LAG_MS,
    needsReturn: false,
    cancelByReference: true,
  };
  return {
    name: config.name,
    dialect: 'stripe',
    environment,
    capabilities,
    createPayment: (attempt, { returnUrl }) => createPayment(stripe, attempt, returnUrl),
    queryPayment: (attempt) => queryPayment(stripe, attempt),
    cancelPayment: (attempt) =>
      cancelPayment(stripe, attempt, { query: () => queryPayment(stripe, attempt), idempotencyKey: ports.ids.uuid() }),
    capturePayment: (capture) => capturePayment(stripe, capture),
    refundPayment: (refund) => refundPayment(stripe, refund),
    createPayout: (attempt) => createPayout(stripe, attempt),
    queryPayout: (attempt) => queryPayout(stripe, attempt),
    fetchSettlements: (sinceMs) => fetchSettlements({ stripe, config, ports }, sinceMs),
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
  if (amount === null) return refused('invalid_request', cannotExpress('stripe', attempt));
  const card = stripeCard(attempt);
  if (card === null) return unknownToken('stripe', attempt.token);
  const keeps = attempt.storeMethod && attempt.storedToken === null;
  const customer = keeps ? await createCustomer(stripe, attempt) : null;
  if (customer !== null && isFailure(customer)) return customer;
  const answer = await callStripe(() =>
    stripe.paymentIntents.create(
      {
        amount,
        currency: attempt.currency.toLowerCase(),
        allowed_payment_method_types: ['card'],
        ...card,
        ...(customer === null ? {} : { customer: customer.id, setup_future_usage: 'on_session' }),
        confirm: true,
        capture_method: attempt.capture,
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

/**
 * A card is kept by attaching it to a customer. Without one nothing is sent, so a failure here
 * is the payment's: no money can have moved by this call.
 */
async function createCustomer(
  stripe: Stripe,
  attempt: PspPaymentAttempt,
): Promise<{ kind: 'made'; id: string } | PspFailure> {
  const answer = await callStripe(() =>
    stripe.customers.create(
      { metadata: { player_id: attempt.playerId } },
      { idempotencyKey: derivedKey(attempt.idempotencyKey, 'customer') },
    ),
  );
  if (answer.kind !== 'ok') return answer.failure;
  const id = textOf(answer.body, 'id');
  return id === null ? inDoubt('stripe answered a customer without an id') : { kind: 'made', id };
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
