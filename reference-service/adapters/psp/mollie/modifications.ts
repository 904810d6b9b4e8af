/**
 * Captures and refunds at Mollie. Its keys live for an hour only, and a capture or refund may have
 * to be repeated later than that; so each begins with a look at what is there already, and the key
 * only guards against two that run at once.
 */
import type {
  CapturePaymentResult,
  PspCaptureRequest,
  PspMoney,
  PspRefundRequest,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { derivedKey, inDoubt, refused } from '../failures.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import type { MollieAnswer, MollieClient } from './client.ts';
import { mollieMoney, toMollieAmount } from './money.ts';
import { getPayment } from './payments.ts';
import { referenceOf, refundResult, takenMoney } from './reports.ts';

/** Captures `capture`'s amount and releases what is left of the authorization. */
export async function capturePayment(client: MollieClient, capture: PspCaptureRequest): Promise<CapturePaymentResult> {
  const before = await getPayment(client, capture.pspReference);
  if (before.kind !== 'ok') return notThere(before);
  const done = stateOf(before.body);
  if (done.kind === 'ended') return done.result;
  let { captured } = done;
  if (captured === null) {
    const answer = await client.call((sdk, core) =>
      sdk.capturesCreate(core, {
        paymentId: capture.pspReference,
        idempotencyKey: capture.idempotencyKey,
        entityCapture: { amount: toMollieAmount(capture), metadata: { reference: capture.attemptId } },
      }),
    );
    if (answer.kind === 'no_answer') return answer.failure;
    if (answer.kind === 'error') return refusedCapture(answer);
    const status = textOf(answer.body, 'status');
    if (status === 'failed') return { kind: 'rejected', reason: 'mollie states that the capture failed' };
    if (status !== 'succeeded')
      return status === 'pending' ? { kind: 'received' } : inDoubt('a capture without a status');
    captured = mollieMoney(answer.body, 'amount');
    if (captured === null) return inDoubt('mollie answered a capture without an amount');
  }
  if (captured.amountMinor < done.authorizedMinor) {
    const released = await client.call((sdk, core) =>
      sdk.paymentsReleaseAuthorization(core, {
        paymentId: capture.pspReference,
        idempotencyKey: derivedKey(capture.idempotencyKey, 'release'),
      }),
    );
    // A 422: nothing is left to release, which is what was wanted. Any other refusal is not one of the capture.
    const isReleased = released.kind === 'ok' || (released.kind === 'error' && released.status === 422);
    if (!isReleased) return inDoubt(`captured, but the rest is not released: ${released.failure.reason}`);
  }
  return { kind: 'captured', money: captured };
}

type CaptureState =
  | { kind: 'ended'; result: CapturePaymentResult }
  | { kind: 'open'; authorizedMinor: number; captured: PspMoney | null };

/** Statuses in which there is nothing to capture, now or ever. */
const NOT_CAPTURABLE: ReadonlySet<string> = new Set(['open', 'canceled', 'expired', 'failed']);

function stateOf(payment: JsonObject): CaptureState {
  const status = textOf(payment, 'status');
  if (status === 'paid') return { kind: 'ended', result: { kind: 'captured', money: takenMoney(payment) } };
  if (status !== null && NOT_CAPTURABLE.has(status))
    return { kind: 'ended', result: { kind: 'rejected', reason: `the payment is ${status} at mollie` } };
  if (status !== 'authorized')
    return { kind: 'ended', result: inDoubt(`mollie answered a payment that is ${status ?? 'without a status'}`) };
  const authorized = mollieMoney(payment, 'amount');
  if (authorized === null)
    return { kind: 'ended', result: inDoubt('mollie answered an authorized payment without an amount') };
  const captured = mollieMoney(payment, 'amountCaptured');
  const isOpen = captured === null || captured.amountMinor === 0;
  return { kind: 'open', authorizedMinor: authorized.amountMinor, captured: isOpen ? null : captured };
}

function notThere(answer: Exclude<MollieAnswer, { kind: 'ok' }>): CapturePaymentResult {
  return answer.kind === 'error' && answer.status === 404 ? { kind: 'not_found' } : answer.failure;
}

function refusedCapture(answer: Extract<MollieAnswer, { kind: 'error' }>): CapturePaymentResult {
  if (answer.status === 404) return { kind: 'not_found' };
  return answer.status === 422 ? { kind: 'rejected', reason: answer.detail } : answer.failure;
}

/** Mollie's largest page. What may stand on another one might be our refund, so nothing is sent then. */
const MOST_REFUNDS = 250;

export async function refundPayment(client: MollieClient, refund: PspRefundRequest): Promise<RefundPaymentResult> {
  const listed = await client.call((sdk, core) =>
    sdk.refundsList(core, { paymentId: refund.pspReference, limit: MOST_REFUNDS }),
  );
  if (listed.kind === 'error' && listed.status === 404) return { kind: 'rejected', reason: listed.detail };
  if (listed.kind !== 'ok') return listed.failure;
  const refunds = objectsOf(objectOf(listed.body, '_embedded'), 'refunds');
  if (refunds === null) return inDoubt('mollie answered a list without refunds');
  const made = refunds.find((one) => referenceOf(one) === refund.refundId);
  if (made !== undefined) return refundResult(made);
  if (objectOf(objectOf(listed.body, '_links'), 'next') !== null)
    return inDoubt(`mollie lists more than ${MOST_REFUNDS} refunds of the payment`);
  const answer = await client.call((sdk, core) =>
    sdk.refundsCreate(core, {
      paymentId: refund.pspReference,
      idempotencyKey: refund.idempotencyKey,
      refundRequest: {
        amount: toMollieAmount(refund),
        description: refund.refundId,
        metadata: { reference: refund.refundId, attempt_id: refund.attemptId },
      },
    }),
  );
  if (answer.kind === 'ok') return refundResult(answer.body);
  // Mollie takes a second refund of the same amount within an hour for a mistake. It was not made, and may be later.
  if (answer.kind === 'error' && answer.status === 409 && /duplicate refund/i.test(answer.detail))
    return refused('rate_limited', answer.detail);
  return rejectedOr(answer);
}

function rejectedOr(answer: Exclude<MollieAnswer, { kind: 'ok' }>): RefundPaymentResult {
  const isFinal = answer.kind === 'error' && (answer.status === 422 || answer.status === 404);
  return isFinal ? { kind: 'rejected', reason: answer.detail } : answer.failure;
}
