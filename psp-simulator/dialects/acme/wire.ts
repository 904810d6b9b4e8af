/** acme's JSON: how records look in answers, and how request fields are read. */
import { bug, isoTime } from '../../../kernel/index.ts';
import type { Payment, PaymentStatus, Payout, Refund } from '../../../openapi/generated/psp-acme.ts';
import { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord, PaymentState, PayoutRecord, RefundRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { toMajor } from './amount.ts';

/** acme knows no `created`: a payment that was not attempted yet is pending. */
export function statusOf(state: PaymentState): PaymentStatus {
  return state === 'created' ? 'pending' : state;
}

export function paymentJson(payment: PaymentRecord, psp: PspContext): Payment {
  const { currency, challengeId } = payment;
  const waits = payment.state === 'requires_action' && challengeId !== null;
  return {
    payment_id: payment.pspReference,
    reference: referenceOf(payment),
    status: statusOf(payment.state),
    amount: toMajor(payment.amountMinor, currency),
    currency,
    captured_amount: toMajor(payment.capturedMinor, currency),
    refunded_amount: toMajor(payment.refundedMinor, currency),
    ...(payment.declineReason === null ? {} : { decline_code: payment.declineReason }),
    ...(waits ? { redirect_url: psp.challengeUrl(challengeId) } : {}),
    created_at: isoTime(payment.createdAtMs),
  };
}

export function refundJson(refund: RefundRecord): Refund {
  return {
    refund_id: refund.pspReference,
    payment_id: refund.paymentPspReference,
    reference: referenceOf(refund),
    status: refund.state,
    amount: toMajor(refund.amountMinor, refund.currency),
    currency: refund.currency,
    created_at: isoTime(refund.createdAtMs),
  };
}

export function payoutJson(payout: PayoutRecord): Payout {
  return {
    payout_id: payout.pspReference,
    reference: referenceOf(payout),
    status: payout.state,
    amount: toMajor(payout.amountMinor, payout.currency),
    currency: payout.currency,
    ...(payout.failureReason === null || payout.state !== 'failed' ? {} : { failure_code: payout.failureReason }),
    created_at: isoTime(payout.createdAtMs),
  };
}

/** acme refuses what has no reference, so every record of it has one. */
function referenceOf({ reference, pspReference }: { reference: string | null; pspReference: string }): string {
  return reference ?? bug(`acme took ${pspReference} without a reference`);
}

export function json(status: number, body: unknown): PspAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

export function textField(call: Call, name: string, options: { most: number }): string {
  const value = optionalText(call, name, options);
  if (value === undefined) throw new PspProblem('validation', `${name} is required`, { field: name });
  return value;
}

export function optionalText(call: Call, name: string, { most }: { most: number }): string | undefined {
  const value = call.body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '' || value.length > most) {
    throw new PspProblem('validation', `${name} must be a text of 1 to ${most} characters`, { field: name });
  }
  return value;
}

export function currencyField(call: Call): string {
  const currency = textField(call, 'currency', { most: 3 });
  if (!/^[A-Z]{3}$/.test(currency))
    throw new PspProblem('validation', 'currency must be three capital letters (ISO 4217)', { field: 'currency' });
  return currency;
}

/** An absolute http(s) URL, or null when the field is absent. */
export function returnUrlField(call: Call): string | null {
  const url = optionalText(call, 'return_url', { most: 2_048 });
  if (url === undefined) return null;
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new PspProblem('validation', 'return_url must be an absolute http or https URL', { field: 'return_url' });
}
