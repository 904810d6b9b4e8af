/**
 * What Checkout.com's payments say, in neutral words. `Authorized` is an end only for who asked
 * for no more: a payment that is to be captured at once is still on its way. A status that is
 * not listed here is `pending`.
 */
import type {
  DeclineClass,
  PspMoney,
  PspPaymentAttempt,
  PspPaymentReport,
  PspPayoutReport,
  StoredMethodReport,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { integerOf, objectOf, textOf } from '../fields.ts';
import { fromCheckoutAmount } from './money.ts';

type Asked = Pick<PspPaymentAttempt, 'capture' | 'storeMethod'>;

/** Reads a payment of POST or GET /payments; null without id or status. */
export function paymentReport(payment: JsonObject, asked: Asked): PspPaymentReport | null {
  const pspReference = textOf(payment, 'id');
  const status = textOf(payment, 'status');
  if (pspReference === null || status === null) return null;
  const stored = storedMethod(payment, asked);
  switch (status) {
    case 'Captured':
    case 'Partially Captured':
    case 'Partially Refunded':
      return { kind: 'approved', pspReference, money: capturedMoney(payment), ...stored };
    case 'Authorized':
      if (asked.capture === 'automatic') return { kind: 'pending', pspReference };
      return { kind: 'authorized', pspReference, money: statedMoney(payment), ...stored };
    case 'Refunded':
      return { kind: 'refunded', pspReference };
    case 'Declined': {
      const code = textOf(payment, 'response_code') ?? 'declined';
      return { kind: 'declined', pspReference, code, declineClass: declineClassOf(code) };
    }
    case 'Voided':
    case 'Canceled':
    case 'Expired':
      return { kind: 'canceled', pspReference };
    default: {
      const redirectUrl = textOf(objectOf(objectOf(payment, '_links'), 'redirect'), 'href');
      return status === 'Pending' && redirectUrl !== null
        ? { kind: 'requires_action', pspReference, redirectUrl }
        : { kind: 'pending', pspReference };
    }
  }
}

/** Reads a payout, which is a payment with a destination; null without id or status. */
export function payoutReport(payout: JsonObject): PspPayoutReport | null {
  const pspReference = textOf(payout, 'id');
  const status = textOf(payout, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'Paid':
      return { kind: 'paid', pspReference, money: statedMoney(payout) };
    case 'Returned':
      return { kind: 'returned', pspReference, money: statedMoney(payout) };
    case 'Declined':
    case 'Canceled':
    case 'Expired':
      return { kind: 'failed', pspReference, code: textOf(payout, 'response_code') ?? status.toLowerCase() };
    default:
      return { kind: 'pending', pspReference };
  }
}

/** What was taken, which may be less than the amount that was authorized. */
export function capturedMoney(payment: JsonObject): PspMoney | null {
  const captured = integerOf(objectOf(payment, 'balances'), 'total_captured') ?? integerOf(payment, 'amount');
  return fromCheckoutAmount(captured, textOf(payment, 'currency'));
}

export function statedMoney(object: JsonObject): PspMoney | null {
  return fromCheckoutAmount(integerOf(object, 'amount'), textOf(object, 'currency'));
}

/**
 * Response codes of trouble at Checkout.com, the scheme or the issuer's systems, not of a judgement
 * of the card (checkout.com/docs, API response codes).
 */
const TECHNICAL_CODES: ReadonlySet<string> = new Set(['20006', '20019', '20022', '20068', '20091', '20096', '20153']);

export function declineClassOf(code: string): DeclineClass {
  return TECHNICAL_CODES.has(code) ? 'technical' : 'issuer';
}

function storedMethod(payment: JsonObject, { storeMethod }: Asked): { stored?: StoredMethodReport } {
  const source = objectOf(payment, 'source');
  const token = textOf(source, 'id');
  if (!storeMethod || token === null || !token.startsWith('src_')) return {};
  return { stored: { token, brand: textOf(source, 'scheme')?.toLowerCase() ?? null, last4: textOf(source, 'last4') } };
}
