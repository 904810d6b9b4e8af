/**
 * What Mollie's objects say, in neutral words. Mollie knows no refunded payment: it stays `paid`,
 * and its refunds tell the rest. A status that is not listed here is `pending`.
 */
import type {
  DeclineClass,
  PspMoney,
  PspPaymentReport,
  RefundPaymentResult,
  StoredMethodReport,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { inDoubt } from '../failures.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import { storedTokenOf } from './instrument.ts';
import { mollieMoney } from './money.ts';

/** Reads a payment, with its refunds embedded where they matter; null without id or status. */
export function paymentReport(payment: JsonObject): PspPaymentReport | null {
  const pspReference = textOf(payment, 'id');
  const status = textOf(payment, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'paid':
      if (isGivenBack(payment)) return { kind: 'refunded', pspReference };
      return { kind: 'approved', pspReference, money: takenMoney(payment), ...storedOf(payment) };
    case 'authorized':
      return { kind: 'authorized', pspReference, money: mollieMoney(payment, 'amount'), ...storedOf(payment) };
    case 'open': {
      const redirectUrl = textOf(objectOf(objectOf(payment, '_links'), 'checkout'), 'href');
      return redirectUrl === null
        ? { kind: 'pending', pspReference }
        : { kind: 'requires_action', pspReference, redirectUrl };
    }
    case 'failed': {
      const code = failureCode(payment);
      return { kind: 'declined', pspReference, code, declineClass: mollieDeclineClass(code) };
    }
    case 'expired':
      return { kind: 'declined', pspReference, code: 'expired', declineClass: 'issuer' };
    case 'canceled':
      return { kind: 'canceled', pspReference };
    default:
      return { kind: 'pending', pspReference };
  }
}

/** What was really taken: of a payment in two steps the captures, which may be less than its amount. */
export function takenMoney(payment: JsonObject): PspMoney | null {
  return mollieMoney(payment, 'amountCaptured' in payment ? 'amountCaptured' : 'amount');
}

/** `details.failureReason` of a card, else only that it failed. */
export function failureCode(payment: JsonObject): string {
  return textOf(objectOf(payment, 'details'), 'failureReason') ?? 'failed';
}

/** The one reason that says nothing about the payer or the card. */
export function mollieDeclineClass(code: string): DeclineClass {
  return code === 'unknown_reason' ? 'technical' : 'issuer';
}

/** Our reference, as we put it into the metadata. */
export function referenceOf(object: JsonObject | null): string | null {
  return textOf(objectOf(object, 'metadata'), 'reference');
}

/** Everything that was taken went back, and arrived. Only refunds that are through count: one on its way may fail. */
function isGivenBack(payment: JsonObject): boolean {
  const taken = takenMoney(payment);
  const refunds = objectsOf(objectOf(payment, '_embedded'), 'refunds') ?? [];
  const returned = refunds
    .filter((refund) => textOf(refund, 'status') === 'refunded')
    .reduce((sum, refund) => sum + (mollieMoney(refund, 'amount')?.amountMinor ?? 0), 0);
  return taken !== null && taken.amountMinor > 0 && returned >= taken.amountMinor;
}

/** A first payment leaves a mandate; a recurring one was charged with one that is known. */
function storedOf(payment: JsonObject): { stored?: StoredMethodReport } {
  const customerId = textOf(payment, 'customerId');
  const mandateId = textOf(payment, 'mandateId');
  if (textOf(payment, 'sequenceType') !== 'first' || customerId === null || mandateId === null) return {};
  const details = objectOf(payment, 'details');
  const stored = {
    token: storedTokenOf(customerId, mandateId),
    brand: textOf(details, 'cardLabel')?.toLowerCase() ?? null,
    last4: textOf(details, 'cardNumber'),
  };
  return { stored };
}

/** What a refund object says. */
export function refundResult(refund: JsonObject): RefundPaymentResult {
  const refundReference = textOf(refund, 'id');
  if (refundReference === null) return inDoubt('mollie answered a refund without an id');
  const status = textOf(refund, 'status');
  switch (status) {
    case 'refunded':
      return { kind: 'refunded', refundReference };
    case 'failed':
    case 'canceled':
      return { kind: 'rejected', reason: `mollie states that the refund is ${status}` };
    default:
      return { kind: 'received', refundReference };
  }
}
