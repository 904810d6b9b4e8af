/**
 * Captures, voids and refunds: each is answered 202 with an action id, and told by event when it
 * is done. What the payment's state does not allow is a 403 without a body; then the payment
 * itself says what it became, so that a call that was already done is recognised.
 */
import type {
  CancelPaymentResult,
  CapturePaymentResult,
  PspCaptureRequest,
  PspPaymentAttempt,
  PspRefundRequest,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import { cannotExpress, inDoubt, isFailure } from '../failures.ts';
import { integerOf, objectOf, textOf } from '../fields.ts';
import type { CheckoutAnswer, CheckoutClient } from './client.ts';
import { toCheckoutAmount } from './money.ts';
import { queryPayment } from './queries.ts';
import { capturedMoney } from './reports.ts';

/** A `Final` capture: what is left of the authorization is released. */
export async function capturePayment(
  client: CheckoutClient,
  capture: PspCaptureRequest,
): Promise<CapturePaymentResult> {
  const amount = toCheckoutAmount(capture);
  if (amount === null) return { kind: 'rejected', reason: cannotExpress('checkout', capture) };
  const path = `/payments/${encodeURIComponent(capture.pspReference)}`;
  const answer = await client.post(
    `${path}/captures`,
    { amount, capture_type: 'Final', reference: capture.attemptId },
    capture.idempotencyKey,
  );
  if (answer.kind === 'ok') {
    return textOf(answer.body, 'action_id') === null
      ? inDoubt('checkout accepted a capture without an action id')
      : { kind: 'received' };
  }
  if (answer.kind === 'no_answer') return answer.failure;
  if (isNotAllowed(answer)) return captureState(client, path);
  if (answer.status === 404) return { kind: 'not_found' };
  return isInvalid(answer) ? { kind: 'rejected', reason: answer.failure.reason } : answer.failure;
}

async function captureState(client: CheckoutClient, path: string): Promise<CapturePaymentResult> {
  const answer = await client.get(path);
  if (answer.kind === 'error' && answer.status === 404) return { kind: 'not_found' };
  if (answer.kind !== 'ok') return answer.failure;
  const captured = integerOf(objectOf(answer.body, 'balances'), 'total_captured') ?? 0;
  if (captured > 0) return { kind: 'captured', money: capturedMoney(answer.body) };
  return { kind: 'rejected', reason: `the payment is ${textOf(answer.body, 'status') ?? 'unknown'} at checkout` };
}

/**
 * Voids an authorization. A payment in a challenge cannot be cancelled: Checkout.com ends it by
 * itself after fifteen minutes and tells, so that is `received` too.
 */
export async function cancelPayment(
  client: CheckoutClient,
  attempt: PspPaymentAttempt,
  nextKey: () => string,
): Promise<CancelPaymentResult> {
  let { pspReference } = attempt;
  if (pspReference === null) {
    const found = await queryPayment(client, attempt);
    if (isFailure(found) || found.kind === 'not_found') return found;
    pspReference = found.pspReference;
    if (pspReference === null) return inDoubt('checkout found a payment without an id');
  }
  const answer = await client.post(
    `/payments/${encodeURIComponent(pspReference)}/voids`,
    { reference: attempt.attemptId },
    nextKey(),
  );
  if (answer.kind === 'ok') {
    return textOf(answer.body, 'action_id') === null
      ? inDoubt('checkout accepted a void without an action id')
      : { kind: 'received' };
  }
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.status === 404) return { kind: 'not_found' };
  if (!isNotAllowed(answer)) return answer.failure;
  const state = await queryPayment(client, { ...attempt, pspReference });
  if (isFailure(state) || state.kind === 'not_found') return state;
  if (state.kind === 'canceled') return { kind: 'canceled' };
  const endsItself = state.kind === 'requires_action' || state.kind === 'pending';
  return endsItself ? { kind: 'received' } : { kind: 'too_late', reason: `the payment is ${state.kind} at checkout` };
}

export async function refundPayment(client: CheckoutClient, refund: PspRefundRequest): Promise<RefundPaymentResult> {
  const amount = toCheckoutAmount(refund);
  if (amount === null) return { kind: 'rejected', reason: cannotExpress('checkout', refund) };
  const answer = await client.post(
    `/payments/${encodeURIComponent(refund.pspReference)}/refunds`,
    { amount, reference: refund.refundId, metadata: { attempt_id: refund.attemptId } },
    refund.idempotencyKey,
  );
  if (answer.kind === 'ok') {
    const refundReference = textOf(answer.body, 'action_id');
    return refundReference === null
      ? inDoubt('checkout accepted a refund without an action id')
      : { kind: 'received', refundReference };
  }
  if (answer.kind === 'error' && (isNotAllowed(answer) || isInvalid(answer)))
    return { kind: 'rejected', reason: answer.failure.reason };
  return answer.failure;
}

type ErrorAnswer = Extract<CheckoutAnswer, { kind: 'error' }>;

/** 403 without a body. With one it is about our key and not about the payment. */
function isNotAllowed({ status, bare }: ErrorAnswer): boolean {
  return status === 403 && bare;
}

function isInvalid({ failure }: ErrorAnswer): boolean {
  return failure.kind === 'refused' && failure.code === 'invalid_request';
}
