/**
 * What PayPal's orders say, in neutral words. The order is our payment; its authorization and
 * captures stand inside. An order whose payer has approved is nobody's money yet: it waits for
 * our call (`approved_by_payer`). A status that is not listed here is `pending`.
 */
import type {
  PspMoney,
  PspPaymentAttempt,
  PspPaymentReport,
  PspPayoutReport,
  StoredMethodReport,
} from '../../../ports/psp-adapter.ts';
import type { JsonObject } from '../exchange.ts';
import { objectOf, objectsOf, textOf } from '../fields.ts';
import { linkOf, paypalDeclineClass } from './failures.ts';
import { fromPaypalMoney } from './money.ts';

export type OrderReport = PspPaymentReport | { kind: 'approved_by_payer'; pspReference: string };

/** Reads an order in its whole representation; null without id or status. */
export function orderReport(
  order: JsonObject,
  { storeMethod }: Pick<PspPaymentAttempt, 'storeMethod'>,
): OrderReport | null {
  const pspReference = textOf(order, 'id');
  const status = textOf(order, 'status');
  if (pspReference === null || status === null) return null;
  switch (status) {
    case 'COMPLETED':
      return withStored(paidReport(order, pspReference), storeMethod ? storedMethod(order) : null);
    case 'APPROVED':
      return { kind: 'approved_by_payer', pspReference };
    case 'VOIDED':
      return { kind: 'canceled', pspReference };
    case 'CREATED':
    case 'PAYER_ACTION_REQUIRED': {
      const redirectUrl = linkOf(order, 'payer-action') ?? linkOf(order, 'approve');
      return redirectUrl === null
        ? { kind: 'pending', pspReference }
        : { kind: 'requires_action', pspReference, redirectUrl };
    }
    default:
      return { kind: 'pending', pspReference };
  }
}

/** `COMPLETED` says only that PayPal is done: the payment inside may be declined. */
function paidReport(order: JsonObject, pspReference: string): PspPaymentReport {
  const captures = capturesOf(order);
  const taken = captures.filter((capture) => TAKEN.has(textOf(capture, 'status') ?? ''));
  if (taken.length > 0) {
    const isRefunded = taken.every((capture) => textOf(capture, 'status') === 'REFUNDED');
    return isRefunded
      ? { kind: 'refunded', pspReference }
      : { kind: 'approved', pspReference, money: sumOf(taken.map((capture) => moneyOf(capture))) };
  }
  const refusedCapture = captures.find((capture) => NOT_TAKEN.has(textOf(capture, 'status') ?? ''));
  if (refusedCapture !== undefined) return declined(refusedCapture, pspReference);
  const authorization = authorizationOf(order);
  switch (textOf(authorization, 'status')) {
    case 'CREATED':
      return { kind: 'authorized', pspReference, money: moneyOf(authorization) };
    case 'DENIED':
      return declined(authorization, pspReference);
    case 'VOIDED':
      return { kind: 'canceled', pspReference };
    default:
      return { kind: 'pending', pspReference };
  }
}

const TAKEN: ReadonlySet<string> = new Set(['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED']);
const NOT_TAKEN: ReadonlySet<string> = new Set(['DECLINED', 'DENIED', 'FAILED']);

function declined(part: JsonObject | null, pspReference: string): PspPaymentReport {
  const code = declineCode(part);
  return { kind: 'declined', pspReference, code, declineClass: paypalDeclineClass(code) };
}

/** The processor's response code where a card was asked, else PayPal's reason. */
export function declineCode(part: JsonObject | null): string {
  return (
    textOf(objectOf(part, 'processor_response'), 'response_code') ??
    textOf(objectOf(part, 'status_details'), 'reason') ??
    'declined'
  );
}

function paymentsOf(order: JsonObject): JsonObject | null {
  return objectOf(objectsOf(order, 'purchase_units')?.[0] ?? null, 'payments');
}

/** Every capture of the order, oldest first. */
export function capturesOf(order: JsonObject): JsonObject[] {
  return objectsOf(paymentsOf(order), 'captures') ?? [];
}

export function authorizationOf(order: JsonObject): JsonObject | null {
  return objectsOf(paymentsOf(order), 'authorizations')?.[0] ?? null;
}

/** A capture that money can be given back of. */
export function refundableCaptureId(order: JsonObject): string | null {
  return textOf(capturesOf(order).find((capture) => TAKEN.has(textOf(capture, 'status') ?? '')) ?? null, 'id');
}

export function moneyOf(part: JsonObject | null): PspMoney | null {
  return fromPaypalMoney(objectOf(part, 'amount'));
}

/** Our reference, as we put it into the purchase unit. */
export function orderReference(order: JsonObject): string | null {
  return textOf(objectsOf(order, 'purchase_units')?.[0] ?? null, 'custom_id');
}

function sumOf(parts: readonly (PspMoney | null)[]): PspMoney | null {
  return parts.reduce((sum, part) =>
    sum === null || part === null || sum.currency !== part.currency
      ? null
      : { amountMinor: sum.amountMinor + part.amountMinor, currency: sum.currency },
  );
}

function withStored(report: PspPaymentReport, stored: StoredMethodReport | null): PspPaymentReport {
  if (stored === null || (report.kind !== 'approved' && report.kind !== 'authorized')) return report;
  return { ...report, stored };
}

function storedMethod(order: JsonObject): StoredMethodReport | null {
  const source = objectOf(order, 'payment_source');
  const card = objectOf(source, 'card');
  const kept = card ?? objectOf(source, 'paypal');
  const token = textOf(objectOf(objectOf(kept, 'attributes'), 'vault'), 'id');
  if (token === null) return null;
  return card === null
    ? { token, brand: 'paypal', last4: null }
    : { token, brand: textOf(card, 'brand')?.toLowerCase() ?? null, last4: textOf(card, 'last_digits') };
}

/**
 * May the payment go on after 3-D Secure? PayPal's table of the results (3D Secure response
 * parameters): not when the issuer could not or would not authenticate a card that is enrolled,
 * nor when it is unknown who is liable. PayPal would take the money and leave us the liability.
 */
export function passedThreeDs(order: JsonObject): boolean {
  const result = objectOf(objectOf(objectOf(order, 'payment_source'), 'card'), 'authentication_result');
  if (result === null) return true;
  if (textOf(result, 'liability_shift') === 'UNKNOWN') return false;
  const threeDs = objectOf(result, 'three_d_secure');
  const isEnrolled = textOf(threeDs, 'enrollment_status') === 'Y';
  return !isEnrolled || ['Y', 'A'].includes(textOf(threeDs, 'authentication_status') ?? '');
}

/** Reads a payout item; `pspReference` is its batch, which holds nothing else. Null without a status. */
export function itemReport(item: JsonObject, pspReference: string): PspPayoutReport | null {
  const status = textOf(item, 'transaction_status');
  const money = moneyOf(objectOf(item, 'payout_item'));
  switch (status) {
    case null:
      return null;
    case 'SUCCESS':
      return { kind: 'paid', pspReference, money };
    case 'RETURNED':
    case 'REFUNDED':
    case 'REVERSED':
      return { kind: 'returned', pspReference, money };
    case 'FAILED':
    case 'DENIED':
    case 'BLOCKED':
    case 'CANCELED':
      return { kind: 'failed', pspReference, code: textOf(objectOf(item, 'errors'), 'name') ?? status.toLowerCase() };
    default:
      return { kind: 'pending', pspReference };
  }
}
