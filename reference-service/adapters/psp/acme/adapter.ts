/**
 * The neutral PSP port over acme's wire. Every method is one exchange (a cancel by our
 * reference: a query and a void; an approved payment whose card is to be kept: one more), and
 * ends in a report of what acme states or in a failure that says whether acme may have acted.
 * Keys of follow-ups derive from the attempt's key.
 */
import { formatAmount } from '../../../domain/money.ts';
import type {
  CancelPaymentResult,
  CapturePaymentResult,
  CreatePaymentResult,
  CreatePayoutResult,
  PspAdapter,
  PspAdapterFactory,
  PspCapabilities,
  PspCaptureRequest,
  PspMoney,
  PspPaymentAttempt,
  PspPaymentReport,
  PspPayoutAttempt,
  PspPayoutReport,
  PspRefundRequest,
  QueryPaymentResult,
  QueryPayoutResult,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, inDoubt, isFailure, weighReports, weightiest } from '../failures.ts';
import { objectsOf, textOf } from '../fields.ts';
import { createAcmeClient } from './client.ts';
import type { AcmeAnswer, AcmeClient } from './client.ts';
import { parseAcmeWebhook } from './events.ts';
import { withKeptMethod } from './kept-methods.ts';
import { unknownToken } from '../neutral.ts';
import { fetchSettlements } from './settlements-api.ts';
import { acmeDestination, acmeMoney, acmePaymentReport, acmePayoutReport, acmeToken } from './status.ts';

/** acme forgets idempotency keys after a day. */
const KEY_LIFE_MS = 24 * 60 * 60 * 1000;
/** acme promises that a payment can be found this long after its creation. */
const VISIBILITY_LAG_MS = 5_000;

export const createAcmeAdapter: PspAdapterFactory = (config, ports): PspAdapter => {
  const client = createAcmeClient(config, ports);
  const capabilities: PspCapabilities = {
    methods: ['card', 'ewallet', 'p2p', 'voucher'],
    payoutMethods: ['card', 'ewallet', 'bank'],
    twoStepMethods: ['card', 'ewallet'],
    storableMethods: ['card'],
    statusQuery: true,
    keyLifeMs: config.profile?.keyLifeMs ?? KEY_LIFE_MS,
    visibilityLagMs: config.profile?.visibilityLagMs ?? VISIBILITY_LAG_MS,
    needsReturn: false,
    cancelByReference: true,
  };
  return {
    name: config.name,
    dialect: 'acme',
    environment: null,
    capabilities,
    createPayment: async (attempt, { returnUrl }) =>
      withKeptMethod(client, attempt, await createPayment(client, attempt, returnUrl)),
    queryPayment: async (attempt) => withKeptMethod(client, attempt, await queryPayment(client, attempt)),
    // A fresh key each time: acme replays a stored refusal, and a later void may be possible.
    cancelPayment: (attempt) => cancelPayment(client, attempt, () => ports.ids.uuid()),
    capturePayment: (capture) => capturePayment(client, capture),
    refundPayment: (refund) => refundPayment(client, refund),
    createPayout: (attempt) => createPayout(client, attempt),
    queryPayout: (attempt) => queryPayout(client, attempt),
    fetchSettlements: (sinceMs) => fetchSettlements(client, sinceMs),
    parseWebhook: ({ rawBody }) => parseAcmeWebhook(rawBody),
  };
};

async function createPayment(
  client: AcmeClient,
  attempt: PspPaymentAttempt,
  returnUrl: string,
): Promise<CreatePaymentResult> {
  const token = attempt.storedToken ?? acmeToken(attempt.token);
  if (token === null) return unknownToken('acme', attempt.token);
  const answer = await client.post(
    '/payments',
    {
      ...wireMoney(attempt),
      reference: attempt.attemptId,
      method: attempt.method,
      token,
      capture: attempt.capture === 'automatic',
      return_url: returnUrl,
      // For cards only; acme refuses it elsewhere.
      ...(attempt.challenge === 'force' && attempt.method === 'card' ? { three_ds: 'force' } : {}),
    },
    attempt.idempotencyKey,
  );
  if (answer.kind !== 'ok') return answer.failure;
  return reportOf(answer.body, attempt.attemptId, acmePaymentReport);
}

async function queryPayment(
  client: AcmeClient,
  attempt: Pick<PspPaymentAttempt, 'attemptId' | 'pspReference'>,
): Promise<QueryPaymentResult> {
  const path =
    attempt.pspReference === null
      ? `/payments?reference=${encodeURIComponent(attempt.attemptId)}`
      : `/payments/${encodeURIComponent(attempt.pspReference)}`;
  return readQuery(await client.get(path), attempt, { read: acmePaymentReport, choose: weighReports });
}

async function cancelPayment(
  client: AcmeClient,
  attempt: PspPaymentAttempt,
  nextKey: () => string,
): Promise<CancelPaymentResult> {
  const before = await queryPayment(client, attempt);
  if (before.kind === 'not_found' || isFailure(before)) return before;
  if (before.kind === 'canceled') return { kind: 'canceled' };
  if (!VOIDABLE.has(before.kind)) return tooLate(before.kind);
  const pspReference = attempt.pspReference ?? before.pspReference;
  if (pspReference === null) return inDoubt('acme reported a payment without its id');

  const answer = await client.post(`/payments/${encodeURIComponent(pspReference)}/void`, {}, nextKey());
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'ok') {
    return textOf(answer.body, 'status') === 'canceled'
      ? { kind: 'canceled' }
      : inDoubt('acme accepted the void but did not state `canceled`');
  }
  if (answer.code === 'invalid_state') {
    const after = await queryPayment(client, { ...attempt, pspReference });
    if (after.kind === 'canceled') return { kind: 'canceled' };
    return isFailure(after) ? after : tooLate(after.kind);
  }
  return answer.status === 404 ? { kind: 'not_found' } : answer.failure;
}

/** What acme may still void. */
const VOIDABLE: ReadonlySet<PspPaymentReport['kind'] | 'not_found'> = new Set([
  'pending',
  'requires_action',
  'authorized',
]);

function tooLate(state: string): CancelPaymentResult {
  return { kind: 'too_late', reason: `the payment is ${state} at acme` };
}

/** One capture, the last: acme releases the rest of the authorization. */
async function capturePayment(client: AcmeClient, capture: PspCaptureRequest): Promise<CapturePaymentResult> {
  const answer = await client.post(
    `/payments/${encodeURIComponent(capture.pspReference)}/capture`,
    { amount: formatAmount(capture.amountMinor, capture.currency), final: true },
    capture.idempotencyKey,
  );
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error') {
    if (answer.status === 404) return { kind: 'not_found' };
    if (answer.code === 'invalid_state') return stateAfterRefusal(client, capture, answer.failure.reason);
    return answer.code === 'validation_failed' ? { kind: 'rejected', reason: answer.failure.reason } : answer.failure;
  }
  if (textOf(answer.body, 'reference') !== capture.attemptId)
    return aboutAnother('acme answered about another reference');
  return textOf(answer.body, 'status') === 'captured'
    ? { kind: 'captured', money: acmeMoney(answer.body, 'captured_amount') }
    : inDoubt('acme accepted the capture but did not state `captured`');
}

/** acme captures once. When it refuses, an earlier try whose answer was lost may have done it. */
async function stateAfterRefusal(
  client: AcmeClient,
  capture: PspCaptureRequest,
  reason: string,
): Promise<CapturePaymentResult> {
  const after = await queryPayment(client, capture);
  if (after.kind === 'not_found' || isFailure(after)) return after;
  return after.kind === 'approved' ? { kind: 'captured', money: after.money } : { kind: 'rejected', reason };
}

async function refundPayment(client: AcmeClient, refund: PspRefundRequest): Promise<RefundPaymentResult> {
  const answer = await client.post(
    `/payments/${encodeURIComponent(refund.pspReference)}/refunds`,
    { amount: formatAmount(refund.amountMinor, refund.currency), reference: refund.refundId },
    refund.idempotencyKey,
  );
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error') {
    const definitive = answer.code === 'invalid_state' || answer.code === 'validation_failed' || answer.status === 404;
    return definitive ? { kind: 'rejected', reason: answer.failure.reason } : answer.failure;
  }
  const refundReference = textOf(answer.body, 'refund_id');
  if (refundReference === null) return inDoubt('acme answered a refund without an id');
  switch (textOf(answer.body, 'status')) {
    case 'succeeded':
      return { kind: 'refunded', refundReference };
    case 'failed':
      return { kind: 'rejected', reason: 'acme states that the refund failed' };
    default:
      return { kind: 'received', refundReference };
  }
}

async function createPayout(client: AcmeClient, attempt: PspPayoutAttempt): Promise<CreatePayoutResult> {
  const destination = acmeDestination(attempt.destinationToken);
  if (destination === null) return unknownToken('acme', attempt.destinationToken);
  const answer = await client.post(
    '/payouts',
    { ...wireMoney(attempt), reference: attempt.attemptId, destination },
    attempt.idempotencyKey,
  );
  if (answer.kind !== 'ok') return answer.failure;
  return reportOf(answer.body, attempt.attemptId, acmePayoutReport);
}

async function queryPayout(client: AcmeClient, attempt: PspPayoutAttempt): Promise<QueryPayoutResult> {
  const path =
    attempt.pspReference === null
      ? `/payouts?reference=${encodeURIComponent(attempt.attemptId)}`
      : `/payouts/${encodeURIComponent(attempt.pspReference)}`;
  return readQuery(await client.get(path), attempt, { read: acmePayoutReport, choose: weightiest<PspPayoutReport> });
}

function wireMoney(money: PspMoney): { amount: string; currency: string } {
  return { amount: formatAmount(money.amountMinor, money.currency), currency: money.currency };
}

/** A 2xx without id or status, or about another reference, proves only that acme was reached. */
function reportOf<T>(body: JsonObject, attemptId: string, read: (body: JsonObject) => T | null) {
  const report = read(body);
  if (report === null) return inDoubt('acme answered without an id or a status');
  if (textOf(body, 'reference') !== attemptId) return aboutAnother('acme answered about another reference');
  return report;
}

function readQuery<T extends { kind: string }, R>(
  answer: AcmeAnswer,
  attempt: { attemptId: string; pspReference: string | null },
  { read, choose }: { read: (body: JsonObject) => T | null; choose: (reports: readonly T[]) => R | null },
) {
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error') {
    // A search that finds nothing is an empty list; a 404 there would mean a wrong address, not an absent payment.
    const absent = attempt.pspReference !== null && answer.status === 404 && answer.code === 'not_found';
    return absent ? { kind: 'not_found' as const } : answer.failure;
  }
  if (attempt.pspReference !== null) return reportOf(answer.body, attempt.attemptId, read);
  const found = objectsOf(answer.body, 'data');
  if (found === null) return inDoubt('acme answered a search without a list');
  const reports = found.map((item) => reportOf(item, attempt.attemptId, read));
  const unreadable = reports.find(isFailure);
  if (unreadable !== undefined) return unreadable;
  return choose(reports.filter((report): report is T => !isFailure(report))) ?? { kind: 'not_found' as const };
}
