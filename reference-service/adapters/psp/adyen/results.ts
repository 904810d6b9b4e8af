/**
 * Adyen's `resultCode` in neutral words, for /payments, /payments/details and /payout. Only
 * the listed codes are final; `Pending`, `Received`, half-way 3DS codes and every code that
 * Adyen may add later are `pending`.
 */
import type { PspPaymentReport, PspPayoutReport, StoredMethodReport } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { objectOf, textOf } from '../fields.ts';
import { adyenDeclineClass } from './failures.ts';
import { fromAdyenAmount } from './money.ts';

/**
 * Reads an answer to /payments or /payments/details; null when it has no result code, or a final
 * one without id.
 * @param capture what the request asked for: `Authorised` itself does not say whether it is captured
 */
export function paymentReport(answer: JsonObject, capture: 'automatic' | 'manual'): PspPaymentReport | null {
  const pspReference = textOf(answer, 'pspReference');
  const resultCode = textOf(answer, 'resultCode');
  switch (resultCode) {
    case null:
      return null;
    case 'Authorised':
      // Without a wish for manual capture it is captured at once: the merchant account's capture delay is immediate.
      return pspReference === null
        ? null
        : {
            kind: capture === 'manual' ? 'authorized' : 'approved',
            pspReference,
            money: fromAdyenAmount(objectOf(answer, 'amount')),
            ...storedCard(answer),
          };
    case 'Refused':
    case 'Error': {
      const reasonCode = textOf(answer, 'refusalReasonCode');
      const code =
        reasonCode === SOFT_DECLINE
          ? 'authentication_required'
          : (textOf(answer, 'refusalReason') ?? reasonCode ?? resultCode);
      return { kind: 'declined', pspReference, code, declineClass: adyenDeclineClass(resultCode, reasonCode) };
    }
    case 'Cancelled':
      return { kind: 'canceled', pspReference };
    case 'RedirectShopper': {
      const redirectUrl = redirectOf(objectOf(answer, 'action'));
      return redirectUrl === null
        ? { kind: 'pending', pspReference }
        : { kind: 'requires_action', pspReference, redirectUrl };
    }
    default:
      return { kind: 'pending', pspReference };
  }
}

/** The issuer wants the cardholder authenticated; with 3DS the same card may pass. */
const SOFT_DECLINE = '38';

/** The card that Adyen kept with this payment. Never read from a webhook: Adyen does not sign it there. */
function storedCard(answer: JsonObject): { stored?: StoredMethodReport } {
  const data = objectOf(answer, 'additionalData');
  const token =
    textOf(data, 'tokenization.storedPaymentMethodId') ?? textOf(data, 'recurring.recurringDetailReference');
  if (token === null) return {};
  return { stored: { token, brand: textOf(data, 'paymentMethod'), last4: textOf(data, 'cardSummary') } };
}

/** A plain GET redirect. A form that must be posted cannot be expressed as a URL. */
function redirectOf(action: JsonObject | null): string | null {
  const method = textOf(action, 'method') ?? 'GET';
  return textOf(action, 'type') === 'redirect' && method === 'GET' ? textOf(action, 'url') : null;
}

/**
 * Reads an answer to /payout. `Authorised` is still pending: Adyen's documentation has moved
 * from there to `Received`, and only the PAYOUT_THIRDPARTY webhook says that it was paid.
 */
export function payoutReport(answer: JsonObject): PspPayoutReport | null {
  const pspReference = textOf(answer, 'pspReference');
  const resultCode = textOf(answer, 'resultCode');
  switch (resultCode) {
    case null:
      return null;
    case 'Refused':
    case 'Error':
    case 'Cancelled':
      return { kind: 'failed', pspReference, code: textOf(answer, 'refusalReason') ?? resultCode };
    default:
      return { kind: 'pending', pspReference };
  }
}
