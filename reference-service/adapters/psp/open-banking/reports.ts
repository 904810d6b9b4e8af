/**
 * What the provider's payments, refunds and payouts say, in neutral words. Money counts when it
 * is `settled`, in our merchant account; `executed` is the payer's bank saying that it left. A
 * status that is not listed here is `pending`.
 */
import type {
  DeclineClass,
  PspMoney,
  PspPaymentReport,
  PspPayoutReport,
  RefundPaymentResult,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { integerOf, objectOf, textOf } from '../fields.ts';

/** Reads a payment; null without id or status. */
export function paymentReport(payment: JsonObject): PspPaymentReport | null {
  const pspReference = textOf(payment, 'id');
  const status = textOf(payment, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'settled':
      return { kind: 'approved', pspReference, money: bankMoney(payment) };
    case 'failed': {
      const code = textOf(payment, 'failure_reason') ?? 'failed';
      return code === 'canceled'
        ? { kind: 'canceled', pspReference }
        : { kind: 'declined', pspReference, code, declineClass: bankDeclineClass(code) };
    }
    case 'authorizing': {
      const redirectUrl = redirectOf(payment);
      return redirectUrl === null
        ? { kind: 'pending', pspReference }
        : { kind: 'requires_action', pspReference, redirectUrl };
    }
    default:
      return { kind: 'pending', pspReference };
  }
}

/** The page of the payer's bank, when that is the next step. */
export function redirectOf(source: JsonObject): string | null {
  const next = objectOf(objectOf(objectOf(source, 'authorization_flow'), 'actions'), 'next');
  return textOf(next, 'type') === 'redirect' ? textOf(next, 'uri') : null;
}

/** Reads a payout; null without id or status. */
export function payoutReport(payout: JsonObject): PspPayoutReport | null {
  const pspReference = textOf(payout, 'id');
  const status = textOf(payout, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'executed':
      return { kind: 'paid', pspReference, money: bankMoney(payout) };
    case 'failed': {
      const code = textOf(payout, 'failure_reason') ?? 'failed';
      return code === 'returned'
        ? { kind: 'returned', pspReference, money: bankMoney(payout) }
        : { kind: 'failed', pspReference, code };
    }
    default:
      return { kind: 'pending', pspReference };
  }
}

/** What a refund of the list says; null without an id. */
export function refundResult(refund: JsonObject): RefundPaymentResult | null {
  const refundReference = textOf(refund, 'id');
  if (refundReference === null) return null;
  switch (textOf(refund, 'status')) {
    case 'executed':
      return { kind: 'refunded', refundReference };
    case 'failed':
      return {
        kind: 'rejected',
        reason: `the refund failed: ${textOf(refund, 'failure_reason') ?? 'no reason given'}`,
      };
    default:
      return { kind: 'received', refundReference };
  }
}

/** Amounts are integers of minor units, with the exponents of ISO 4217. */
export function bankMoney(source: JsonObject): PspMoney | null {
  const amountMinor = integerOf(source, 'amount_in_minor');
  const currency = textOf(source, 'currency');
  return amountMinor === null || currency === null ? null : { amountMinor, currency };
}

/** Our reference, as we put it into the metadata. */
export function referenceOf(object: JsonObject): string | null {
  return textOf(objectOf(object, 'metadata'), 'reference');
}

/** Failures of the way to the bank, which say nothing about the payer or his account. */
const TECHNICAL_FAILURES: ReadonlySet<string> = new Set([
  'provider_error',
  'internal_server_error',
  'scheme_unavailable',
]);

export function bankDeclineClass(code: string): DeclineClass {
  return TECHNICAL_FAILURES.has(code) ? 'technical' : 'issuer';
}
