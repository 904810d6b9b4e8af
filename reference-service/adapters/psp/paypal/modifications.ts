/**
 * Captures of authorizations, voids and refunds. PayPal wants the ids of the parts, so each
 * begins with the order; what it says of its state also recognises a call that was already done.
 */
import type {
  CancelPaymentResult,
  CapturePaymentResult,
  PspCaptureRequest,
  PspFailure,
  PspPaymentAttempt,
  PspRefundRequest,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { aboutAnother, cannotExpress, derivedKey, inDoubt, isFailure, refused } from '../failures.ts';
import { textOf } from '../fields.ts';
import type { PaypalAnswer, PaypalClient } from './client.ts';
import { toPaypalValue } from './money.ts';
import { reportOf } from './orders.ts';
import { authorizationOf, moneyOf, orderReference, orderReport, refundableCaptureId } from './reports.ts';

/** `final_capture`: what is left of the authorization is released. */
export async function capturePayment(client: PaypalClient, capture: PspCaptureRequest): Promise<CapturePaymentResult> {
  const value = toPaypalValue(capture);
  if (value === null) return { kind: 'rejected', reason: cannotExpress('paypal', capture) };
  const found = await findOrder(client, capture);
  if (found.kind !== 'order') return found;
  const done = captureState(found.order);
  if (done !== null) return done;
  const authorizationId = textOf(authorizationOf(found.order), 'id');
  if (authorizationId === null) return { kind: 'rejected', reason: 'the order has no authorization at paypal' };
  const answer = await client.captureAuthorization(
    authorizationId,
    { amount: { currencyCode: capture.currency, value }, finalCapture: true },
    capture.idempotencyKey,
  );
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error') {
    if (!isInvalid(answer)) return answer.failure;
    // Somebody else may have captured or voided it since.
    const now = await findOrder(client, capture);
    if (now.kind !== 'order') return now;
    return captureState(now.order) ?? { kind: 'rejected', reason: answer.failure.reason };
  }
  switch (textOf(answer.body, 'status')) {
    case 'COMPLETED':
      return { kind: 'captured', money: moneyOf(answer.body) };
    case 'DECLINED':
    case 'FAILED':
      return { kind: 'rejected', reason: `paypal states that the capture is ${textOf(answer.body, 'status')}` };
    default:
      return textOf(answer.body, 'id') === null
        ? inDoubt('paypal answered a capture without an id')
        : { kind: 'received' };
  }
}

/** What the order says that ends the question; null while it is authorized. */
function captureState(order: JsonObject): CapturePaymentResult | null {
  const report = orderReport(order, { storeMethod: false });
  switch (report?.kind) {
    case 'approved':
      return { kind: 'captured', money: report.money };
    case 'refunded':
    case 'declined':
    case 'canceled':
      return { kind: 'rejected', reason: `the order is ${report.kind} at paypal` };
    default:
      return null;
  }
}

/**
 * An order that was never completed needs no call: without ours nothing can be taken, and PayPal
 * forgets it after hours. An authorization is voided.
 */
export async function cancelPayment(client: PaypalClient, attempt: PspPaymentAttempt): Promise<CancelPaymentResult> {
  const { pspReference } = attempt;
  if (pspReference === null) return refused('unsupported', 'paypal cancels by the id of its order, which is not known');
  const found = await findOrder(client, { attemptId: attempt.attemptId, pspReference });
  if (found.kind !== 'order') return found;
  const report = reportOf(found.order, attempt);
  if (isFailure(report)) return report;
  switch (report.kind) {
    case 'requires_action':
    case 'approved_by_payer':
    case 'canceled':
      return { kind: 'canceled' };
    case 'authorized':
      return voidAuthorization(client, attempt, found.order);
    case 'pending':
      return { kind: 'received' };
    default:
      return { kind: 'too_late', reason: `the order is ${report.kind} at paypal` };
  }
}

async function voidAuthorization(
  client: PaypalClient,
  attempt: PspPaymentAttempt,
  order: JsonObject,
): Promise<CancelPaymentResult> {
  const id = textOf(authorizationOf(order), 'id');
  if (id === null) return inDoubt('paypal shows an authorization without an id');
  const answer = await client.voidAuthorization(id, derivedKey(attempt.idempotencyKey, 'void'));
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'ok')
    return textOf(answer.body, 'status') === 'VOIDED'
      ? { kind: 'canceled' }
      : inDoubt('paypal accepted the void but did not state `VOIDED`');
  if (answer.error.issue === 'PREVIOUSLY_VOIDED') return { kind: 'canceled' };
  if (answer.error.issue === 'PREVIOUSLY_CAPTURED')
    return { kind: 'too_late', reason: 'the authorization is captured at paypal' };
  return answer.failure;
}

export async function refundPayment(client: PaypalClient, refund: PspRefundRequest): Promise<RefundPaymentResult> {
  const value = toPaypalValue(refund);
  if (value === null) return { kind: 'rejected', reason: cannotExpress('paypal', refund) };
  const found = await findOrder(client, refund);
  if (found.kind === 'not_found') return { kind: 'rejected', reason: 'paypal knows no such order' };
  if (found.kind !== 'order') return found;
  const captureId = refundableCaptureId(found.order);
  if (captureId === null) return { kind: 'rejected', reason: 'nothing of the order was captured at paypal' };
  const answer = await client.refundCapture(
    captureId,
    { amount: { currencyCode: refund.currency, value }, customId: refund.refundId },
    refund.idempotencyKey,
  );
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'error')
    return isInvalid(answer) ? { kind: 'rejected', reason: answer.failure.reason } : answer.failure;
  const refundReference = textOf(answer.body, 'id');
  if (refundReference === null) return inDoubt('paypal answered a refund without an id');
  switch (textOf(answer.body, 'status')) {
    case 'COMPLETED':
      return { kind: 'refunded', refundReference };
    case 'FAILED':
    case 'CANCELLED':
      return { kind: 'rejected', reason: `paypal states that the refund is ${textOf(answer.body, 'status')}` };
    default:
      return { kind: 'received', refundReference };
  }
}

type FoundOrder = { kind: 'order'; order: JsonObject } | { kind: 'not_found' } | PspFailure;

/** The order as it is now. Must be ours: a capture or refund under a wrong id would move somebody else's money. */
async function findOrder(
  client: PaypalClient,
  { pspReference, attemptId }: { pspReference: string; attemptId: string },
): Promise<FoundOrder> {
  const answer = await client.getOrder(pspReference);
  if (answer.kind === 'error' && answer.error.status === 404) return { kind: 'not_found' };
  if (answer.kind !== 'ok') return answer.failure;
  if (textOf(answer.body, 'id') === null) return inDoubt('paypal answered without an id');
  return orderReference(answer.body) === attemptId
    ? { kind: 'order', order: answer.body }
    : aboutAnother('paypal answered about another reference');
}

function isInvalid({ failure }: Extract<PaypalAnswer, { kind: 'error' }>): boolean {
  return failure.kind === 'refused' && failure.code === 'invalid_request';
}
