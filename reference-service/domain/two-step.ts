/**
 * Two-step deposits: authorized first, captured or voided later.
 *
 *   authorized ─► capture asked ─► proven ─► succeeded (credited with what was captured)
 *       └───────► void asked, or its life is over ─► canceled
 *
 * A payment takes one of the two ways: a capture once asked is never voided by us, and a void
 * once asked is never captured by us. What the PSP proves wins over what was asked.
 */
import type { Payment } from './deposit.ts';
import type { DepositFact } from './deposit-fact.ts';
import type { ServiceTimings } from './timings.ts';

/** The amount that a report must state to be about this payment, in minor units. */
export function expectedMinor(
  payment: Pick<Payment, 'amountMinor' | 'captureMinor'>,
  fact: Pick<DepositFact, 'outcome' | 'money'>,
): number {
  const { amountMinor, captureMinor } = payment;
  if (captureMinor === null) return amountMinor;
  if (fact.outcome === 'succeeded' || fact.outcome === 'refunded') return captureMinor;
  // The end of a capture states what was to be captured, the end of an authorization what was authorized.
  return fact.outcome !== 'authorized' && fact.money?.amountMinor === captureMinor ? captureMinor : amountMinor;
}

/** Until when the authorization is held, epoch milliseconds. */
export function authorizationEndsAt(
  payment: Pick<Payment, 'authorizedAt' | 'createdAt'>,
  timings: Pick<ServiceTimings, 'authorizationLifeMs'>,
): number {
  return (payment.authorizedAt ?? payment.createdAt) + timings.authorizationLifeMs;
}

/** Why it cannot be captured, one sentence; null when it can. */
export function whyNotCapturable(payment: Payment): string | null {
  if (payment.capture === 'automatic')
    return 'It captures by itself; only a payment with capture "manual" is captured by a call.';
  if (payment.status !== 'authorized') return `It is ${payment.status}; only an authorized payment can be captured.`;
  if (payment.captureMinor !== null) return 'A capture was asked for already; its outcome is on its way.';
  if (payment.cancelRequestedAt !== null) return 'Its void was asked for already.';
  return null;
}

/** Why it cannot be voided, one sentence; null when it can. */
export function whyNotVoidable(payment: Payment): string | null {
  if (payment.status === 'succeeded' || payment.status === 'refunded')
    return 'It is captured; what was captured can only be refunded.';
  if (payment.captureMinor !== null) return 'Its capture was asked for already; once captured it can be refunded.';
  if (payment.status !== 'authorized') return `It is ${payment.status}; only an authorized payment can be voided.`;
  if (payment.cancelRequestedAt !== null) return 'Its void was asked for already.';
  return null;
}
