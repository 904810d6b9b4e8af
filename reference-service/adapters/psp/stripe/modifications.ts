/**
 * What is done to a PaymentIntent that took or reserved money: one capture, and refunds. Stripe
 * answers the capture of one that is captured already with an error that carries it, so the
 * refusal itself tells what an earlier try did.
 */
import type Stripe from 'stripe';
import type {
  CapturePaymentResult,
  PspCaptureRequest,
  PspRefundRequest,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import { aboutAnother, cannotExpress, inDoubt } from '../failures.ts';
import { textOf } from '../fields.ts';
import { callStripe } from './failures.ts';
import { toStripeAmount } from './money.ts';
import { receivedMoney, referenceOf } from './reports.ts';

/** Captures once; Stripe releases what is not captured. */
export async function capturePayment(stripe: Stripe, capture: PspCaptureRequest): Promise<CapturePaymentResult> {
  const amount = toStripeAmount(capture);
  if (amount === null)
    return {
      kind: 'rejected',
      reason: cannotExpress('stripe', capture),
    };
  const answer = await callStripe(() =>
    stripe.paymentIntents.capture(
      capture.pspReference,
      { amount_to_capture: amount },
      { idempotencyKey: capture.idempotencyKey },
    ),
  );
  if (answer.kind === 'no_answer') return answer.failure;
  if (answer.kind === 'ok') {
    if (referenceOf(answer.body) !== capture.attemptId) return aboutAnother('stripe answered about another reference');
    return textOf(answer.body, 'status') === 'succeeded'
      ? { kind: 'captured', money: receivedMoney(answer.body) }
      : inDoubt('stripe accepted the capture but did not state `succeeded`');
  }
  const { error, failure } = answer;
  if (error.code === 'resource_missing') return { kind: 'not_found' };
  if (error.payment_intent?.status === 'succeeded')
    return { kind: 'captured', money: receivedMoney({ ...error.payment_intent }) };
  const refusal = failure.kind === 'refused' && failure.code === 'invalid_request';
  return refusal ? { kind: 'rejected', reason: failure.reason } : failure;
}

export async function refundPayment(stripe: Stripe, refund: PspRefundRequest): Promise<RefundPaymentResult> {
  const amount = toStripeAmount(refund);
  if (amount === null)
    return {
      kind: 'rejected',
      reason: cannotExpress('stripe', refund),
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
