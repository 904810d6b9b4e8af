/**
 * Voiding a PaymentIntent. Stripe answers the cancel of one that is already final with an
 * error that carries the PaymentIntent, so the refusal itself tells what it became.
 */
import type Stripe from 'stripe';
import type { CancelPaymentResult, PspPaymentAttempt, QueryPaymentResult } from '../../../ports/psp-adapter.ts';
import { inDoubt, isFailure } from '../failures.ts';
import { textOf } from '../fields.ts';
import { callStripe } from './failures.ts';

export interface CancelMeans {
  query: () => Promise<QueryPaymentResult>;
  /** A fresh one each time: Stripe replays a stored refusal, and a later cancel may be possible. */
  idempotencyKey: string;
}

/** Cancels by Stripe's id, or by our reference when the id was never received. */
export async function cancelPayment(
  stripe: Stripe,
  attempt: PspPaymentAttempt,
  means: CancelMeans,
): Promise<CancelPaymentResult> {
  let pspReference = attempt.pspReference;
  if (pspReference === null) {
    const found = await means.query();
    if (isFailure(found) || found.kind === 'not_found') return found;
    pspReference = found.pspReference;
    if (pspReference === null) return inDoubt('stripe found a payment without an id');
  }
  const id = pspReference;
  const answer = await callStripe(() => stripe.paymentIntents.cancel(id, {}, { idempotencyKey: means.idempotencyKey }));
  if (answer.kind === 'no_answer') return answer.failure;
  const status = answer.kind === 'ok' ? textOf(answer.body, 'status') : (answer.error.payment_intent?.status ?? null);
  if (status === 'canceled') return { kind: 'canceled' };
  if (answer.kind === 'ok') return inDoubt('stripe accepted the cancel but did not state `canceled`');
  if (status === 'succeeded') return { kind: 'too_late', reason: 'the PaymentIntent has succeeded at stripe' };
  return answer.error.code === 'resource_missing' ? { kind: 'not_found' } : answer.failure;
}
