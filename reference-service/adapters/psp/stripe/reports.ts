/**
 * What Stripe objects say, in neutral words. Stripe has no failed PaymentIntent: a decline is
 * `requires_payment_method` with a `last_payment_error`, and since we never confirm one
 * again, it is final for us. A status that is not listed here is `pending`.
 */
import type { PspPaymentReport, PspPayoutReport, StoredMethodReport } from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { integerOf, objectOf, textOf } from '../fields.ts';
import { stripeDeclineClass } from './failures.ts';
import { fromStripeAmount } from './money.ts';
import { storedTokenOf } from './tokens.ts';

/** Reads a PaymentIntent, with `latest_charge` expanded where refunds matter; null without id or status. */
export function paymentReport(intent: JsonObject): PspPaymentReport | null {
  const pspReference = textOf(intent, 'id');
  const status = textOf(intent, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'succeeded':
      if (objectOf(intent, 'latest_charge')?.['refunded'] === true) return { kind: 'refunded', pspReference };
      return { kind: 'approved', pspReference, money: receivedMoney(intent), ...keptCard(intent) };
    case 'requires_capture':
      return { kind: 'authorized', pspReference, money: capturableMoney(intent), ...keptCard(intent) };
    case 'requires_action': {
      const redirectUrl = textOf(objectOf(objectOf(intent, 'next_action'), 'redirect_to_url'), 'url');
      return redirectUrl === null
        ? { kind: 'pending', pspReference }
        : { kind: 'requires_action', pspReference, redirectUrl };
    }
    case 'requires_payment_method': {
      const code = declineCode(objectOf(intent, 'last_payment_error'));
      return code === null
        ? { kind: 'pending', pspReference }
        : { kind: 'declined', pspReference, code, declineClass: stripeDeclineClass(code) };
    }
    case 'canceled':
      return { kind: 'canceled', pspReference };
    default:
      return { kind: 'pending', pspReference };
  }
}

/** Reads a Payout; null without id or status. */
export function payoutReport(payout: JsonObject): PspPayoutReport | null {
  const pspReference = textOf(payout, 'id');
  const status = textOf(payout, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'paid':
      return {
        kind: 'paid',
        pspReference,
        money: fromStripeAmount(integerOf(payout, 'amount'), textOf(payout, 'currency')),
      };
    case 'failed':
      return { kind: 'failed', pspReference, code: textOf(payout, 'failure_code') ?? 'failed' };
    case 'canceled':
      return { kind: 'failed', pspReference, code: 'canceled' };
    default:
      return { kind: 'pending', pspReference };
  }
}

/** The money that a PaymentIntent has really taken, which may be less than its `amount`. */
export function receivedMoney(intent: JsonObject) {
  return fromStripeAmount(integerOf(intent, 'amount_received'), textOf(intent, 'currency'));
}

/** What a PaymentIntent has reserved and not taken. */
export function capturableMoney(intent: JsonObject) {
  return fromStripeAmount(integerOf(intent, 'amount_capturable'), textOf(intent, 'currency'));
}

/** The card that the payment attached to its customer, when that was asked for. */
function keptCard(intent: JsonObject): { stored?: StoredMethodReport } {
  const customer = textOf(intent, 'customer');
  const method = textOf(intent, 'payment_method');
  if (textOf(intent, 'setup_future_usage') === null || customer === null || method === null) return {};
  const details = objectOf(objectOf(intent, 'latest_charge'), 'payment_method_details');
  const card = objectOf(details, 'card');
  return {
    stored: { token: storedTokenOf(customer, method), brand: textOf(card, 'brand'), last4: textOf(card, 'last4') },
  };
}

/** The issuer's word where there is one, else Stripe's; null without an error. */
export function declineCode(error: JsonObject | null): string | null {
  if (error === null) return null;
  return textOf(error, 'decline_code') ?? textOf(error, 'code') ?? 'declined';
}

/** Our reference, as we put it into the metadata. */
export function referenceOf(object: JsonObject): string | null {
  return textOf(objectOf(object, 'metadata'), 'reference');
}
