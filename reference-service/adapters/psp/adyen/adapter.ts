/**
 * The neutral PSP port over the official Adyen SDK. Adyen has no status query: the outcome of
 * a call in doubt is learned by repeating the same call with the same key, or by webhook.
 * After 3DS nothing is authorized until the browser's `redirectResult` is handed in.
 */
import { createHash } from 'node:crypto';
import clientModule from '@adyen/api-library/lib/src/client.js';
import { EnvironmentEnum } from '@adyen/api-library/lib/src/config.js';
import { ModificationsApi } from '@adyen/api-library/lib/src/services/checkout/modificationsApi.js';
import { PaymentsApi } from '@adyen/api-library/lib/src/services/checkout/paymentsApi.js';
import { InstantPayoutsApi } from '@adyen/api-library/lib/src/services/payout/instantPayoutsApi.js';
import type {
  CancelPaymentResult,
  CapturePaymentResult,
  CreatePaymentResult,
  CreatePayoutResult,
  PspAdapter,
  PspAdapterFactory,
  PspCapabilities,
  PspCaptureRequest,
  PspPaymentAttempt,
  PspPayoutAttempt,
  PspRefundRequest,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import { aboutAnother, cannotExpress, derivedKey, inDoubt, refused } from '../failures.ts';
import { textOf } from '../fields.ts';
import { unknownToken } from '../neutral.ts';
import { adyenPaymentMethod, adyenPayoutDestination } from './cards.ts';
import { parseAdyenWebhook } from './events.ts';
import { callAdyen } from './failures.ts';
import type { AdyenAnswer } from './failures.ts';
import { toAdyenAmount } from './money.ts';
import { createNetworkHttpClient } from './network-http-client.ts';
import { paymentReport, payoutReport } from './results.ts';

/** Adyen remembers keys for at least seven days; some of its documents say thirty-one. */
const KEY_LIFE_MS = 7 * 24 * 60 * 60 * 1000;
/** Adyen refuses shorter shopper references. */
const SHOPPER_REFERENCE_MIN_LENGTH = 3;

interface Adyen {
  payments: PaymentsApi;
  modifications: ModificationsApi;
  payouts: InstantPayoutsApi;
  merchantAccount: string;
}

export const createAdyenAdapter: PspAdapterFactory = (config, ports): PspAdapter => {
  const merchantAccount = config.credentials['merchantAccount'] ?? '';
  const liveEndpointUrlPrefix = config.credentials['liveUrlPrefix'];
  const environment = liveEndpointUrlPrefix === undefined ? 'test' : 'live';
  const client = new clientModule.default(
    {
      apiKey: config.credentials['apiKey'] ?? '',
      environment: environment === 'test' ? EnvironmentEnum.TEST : EnvironmentEnum.LIVE,
      ...(liveEndpointUrlPrefix === undefined ? {} : { liveEndpointUrlPrefix }),
    },
    createNetworkHttpClient(config.baseUrl, ports),
  );
  const adyen: Adyen = {
    payments: new PaymentsApi(client),
    modifications: new ModificationsApi(client),
    payouts: new InstantPayoutsApi(client),
    merchantAccount,
  };
  const capabilities: PspCapabilities = {
    methods: ['card'],
    payoutMethods: ['card'],
    twoStepMethods: ['card'],
    storableMethods: ['card'],
    keptPayoutMethods: ['card'],
    statusQuery: false,
    keyLifeMs: config.profile?.keyLifeMs ?? KEY_LIFE_MS,
    visibilityLagMs: config.profile?.visibilityLagMs ?? 0,
    needsReturn: true,
    cancelByReference: true,
  };
  return {
    name: config.name,
    dialect: 'adyen',
    environment,
    capabilities,
    createPayment: (attempt, { returnUrl }) => createPayment(adyen, attempt, returnUrl),
    queryPayment: async () => refused('unsupported', 'adyen has no status query for payments'),
    submitReturn: (attempt, query) => submitReturn(adyen, attempt, query),
    cancelPayment: (attempt) => cancelPayment(adyen, attempt),
    capturePayment: (capture) => capturePayment(adyen, capture),
    refundPayment: (refund) => refundPayment(adyen, refund),
    createPayout: (attempt) => createPayout(adyen, attempt),
    queryPayout: async () => refused('unsupported', 'adyen has no status query for payouts'),
    parseWebhook: ({ rawBody }) =>
      parseAdyenWebhook(rawBody, { merchantAccount, environment, receivedAtMs: ports.clock.now() }),
  };
};

async function createPayment(
  adyen: Adyen,
  attempt: PspPaymentAttempt,
  returnUrl: string,
): Promise<CreatePaymentResult> {
  const amount = toAdyenAmount(attempt);
  if (amount === null) return refused('invalid_request', cannotExpress('adyen', attempt));
  const card = adyenPaymentMethod(attempt);
  if (card === null) return unknownToken('adyen', attempt.token);
  const request = {
    amount,
    merchantAccount: adyen.merchantAccount,
    reference: attempt.attemptId,
    returnUrl,
    shopperReference: attempt.playerId.padEnd(SHOPPER_REFERENCE_MIN_LENGTH, '_'),
    ...card,
    ...(attempt.capture === 'manual' ? { additionalData: { manualCapture: 'true' } } : {}),
  } as Parameters<PaymentsApi['payments']>[0];
  const answer = await callAdyen(() => adyen.payments.payments(request, { idempotencyKey: attempt.idempotencyKey }));
  return readPayment(answer, attempt);
}

async function submitReturn(
  adyen: Adyen,
  attempt: PspPaymentAttempt,
  query: Record<string, string>,
): Promise<CreatePaymentResult> {
  const redirectResult = query['redirectResult'];
  if (redirectResult === undefined || redirectResult === '')
    return refused('invalid_request', 'the browser brought no redirectResult');
  // A second challenge has another result, so it must not meet the first one's key.
  const key = derivedKey(
    attempt.idempotencyKey,
    `details-${createHash('sha256').update(redirectResult).digest('hex').slice(0, 12)}`,
  );
  const answer = await callAdyen(() =>
    adyen.payments.paymentsDetails({ details: { redirectResult } }, { idempotencyKey: key }),
  );
  return readPayment(answer, attempt);
}

/** A 2xx without a result, or about another reference, proves only that Adyen was reached. */
function readPayment(answer: AdyenAnswer, { attemptId, capture }: PspPaymentAttempt): CreatePaymentResult {
  if (answer.kind === 'failed') return answer.failure;
  const report = paymentReport(answer.body, capture);
  if (report === null) return inDoubt('adyen answered without a result code or its reference');
  const reference = textOf(answer.body, 'merchantReference');
  if (reference === attemptId) return report;
  if (reference !== null) return aboutAnother('adyen answered about another reference');
  // Adyen leaves it out on the way to a page; where money is said to be taken it must be there.
  const isTaken = report.kind === 'approved' || report.kind === 'authorized';
  return isTaken ? inDoubt('adyen answered a payment without our reference') : report;
}

async function cancelPayment(adyen: Adyen, attempt: PspPaymentAttempt): Promise<CancelPaymentResult> {
  const { pspReference, attemptId } = attempt;
  const request = { merchantAccount: adyen.merchantAccount, reference: attemptId };
  const options = { idempotencyKey: derivedKey(attempt.idempotencyKey, 'cancel') };
  const answer = await callAdyen(() =>
    pspReference === null
      ? adyen.modifications.cancelAuthorisedPayment({ ...request, paymentReference: attemptId }, options)
      : adyen.modifications.cancelAuthorisedPaymentByPspReference(pspReference, request, options),
  );
  if (answer.kind === 'failed') return answer.error?.status === 404 ? { kind: 'not_found' } : answer.failure;
  return textOf(answer.body, 'status') === 'received'
    ? { kind: 'received' }
    : inDoubt('adyen answered a cancel without `received`');
}

/**
 * Adyen takes every capture first and decides by webhook: CAPTURE, and perhaps CAPTURE_FAILED
 * later. What a partial capture leaves Adyen releases itself, unless the account may capture
 * several times; there it runs out with the authorization.
 */
async function capturePayment(adyen: Adyen, capture: PspCaptureRequest): Promise<CapturePaymentResult> {
  const amount = toAdyenAmount(capture);
  if (amount === null)
    return {
      kind: 'rejected',
      reason: cannotExpress('adyen', capture),
    };
  const answer = await callAdyen(() =>
    adyen.modifications.captureAuthorisedPayment(
      capture.pspReference,
      { amount, merchantAccount: adyen.merchantAccount, reference: capture.attemptId },
      { idempotencyKey: capture.idempotencyKey },
    ),
  );
  if (answer.kind === 'failed') {
    if (answer.error?.status === 404) return { kind: 'not_found' };
    const refusal = answer.failure.kind === 'refused' && answer.failure.code === 'invalid_request';
    return refusal ? { kind: 'rejected', reason: answer.failure.reason } : answer.failure;
  }
  return textOf(answer.body, 'status') === 'received'
    ? { kind: 'received' }
    : inDoubt('adyen answered a capture without `received`');
}

async function refundPayment(adyen: Adyen, refund: PspRefundRequest): Promise<RefundPaymentResult> {
  const amount = toAdyenAmount(refund);
  if (amount === null) return { kind: 'rejected', reason: cannotExpress('adyen', refund) };
  const answer = await callAdyen(() =>
    adyen.modifications.refundCapturedPayment(
      refund.pspReference,
      { amount, merchantAccount: adyen.merchantAccount, reference: refund.refundId },
      { idempotencyKey: refund.idempotencyKey },
    ),
  );
  if (answer.kind === 'failed') {
    const refusal = answer.failure.kind === 'refused' && answer.failure.code === 'invalid_request';
    return refusal ? { kind: 'rejected', reason: answer.failure.reason } : answer.failure;
  }
  if (textOf(answer.body, 'status') !== 'received') return inDoubt('adyen answered a refund without `received`');
  return { kind: 'received', refundReference: textOf(answer.body, 'pspReference') };
}

async function createPayout(adyen: Adyen, attempt: PspPayoutAttempt): Promise<CreatePayoutResult> {
  const amount = toAdyenAmount(attempt);
  if (amount === null) return refused('invalid_request', cannotExpress('adyen', attempt));
  const destination = adyenPayoutDestination(attempt.destinationToken);
  if (destination === null) return unknownToken('adyen', attempt.destinationToken);
  const request = {
    amount,
    merchantAccount: adyen.merchantAccount,
    reference: attempt.attemptId,
    shopperReference: attempt.playerId.padEnd(SHOPPER_REFERENCE_MIN_LENGTH, '_'),
    ...destination,
  } as Parameters<InstantPayoutsApi['payout']>[0];
  const answer = await callAdyen(() => adyen.payouts.payout(request, { idempotencyKey: attempt.idempotencyKey }));
  if (answer.kind === 'failed') return answer.failure;
  return payoutReport(answer.body) ?? inDoubt('adyen answered a payout without a result code');
}
