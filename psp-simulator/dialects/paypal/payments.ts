/** Payments v2: authorizations (show, capture, void), captures (show, refund), refunds (show). */
import type { Capture, PaymentRecord, RefundRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, orderDetails } from './details.ts';
import { jsonAnswer, NO_CONTENT, unknownResource, unprocessable } from './errors.ts';
import { flagAt, moneyAt, textAt, wantsRepresentation } from './fields.ts';
import { authorizationIdOf, newId, nextCaptureIdOf, orderIdOf } from './ids.ts';
import {
  authorizationObject,
  authorizationStatus,
  captureObject,
  captureObjects,
  refundedOf,
  refundObject,
  withRelations,
} from './wire-payments.ts';

/** Captures that one authorization takes. */
const MOST_CAPTURES = 10;

type JsonObject = Record<string, unknown>;

export function showAuthorization(call: Call): PspAnswer {
  const { record, object } = authorizationOf(call);
  if (!call.isVisible(record, 0)) throw unknownResource();
  return jsonAnswer(200, withRelations(object, record, call.psp));
}

export function captureAuthorization(call: Call): PspAnswer {
  const { body, psp } = call;
  const { record } = authorizationOf(call);
  if (record.capturableMinor === 0) throw notCapturable(record);
  if (record.captures.length >= MOST_CAPTURES)
    throw unprocessable('MAX_CAPTURE_COUNT_EXCEEDED', 'Maximum number of allowable captures has been reached.');
  const amount = moneyAt(body, 'amount');
  refuseOtherCurrency(record, amount?.currency);
  if (amount !== undefined && amount.amountMinor > record.capturableMinor)
    throw unprocessable(
      'MAX_CAPTURE_AMOUNT_EXCEEDED',
      'Capture amount exceeds allowable limit. Please contact customer service or your account manager to request the change to your overage limit. The default overage limit is 115%, which allows the sum of all captures to be up to 115% of the order amount.',
      '/amount',
    );
  const captureId = nextCaptureIdOf(record);
  const invoiceId = textAt(body, 'invoice_id');
  if (invoiceId !== undefined) {
    const details = orderDetails(record);
    const captureInvoices = { ...details.captureInvoices, [captureId]: invoiceId };
    psp.bank.setDetails(record.pspReference, asDetails({ ...details, captureInvoices }));
  }
  const captured = psp.bank.capture(record.pspReference, {
    ...(amount === undefined ? {} : { amountMinor: amount.amountMinor }),
    final: flagAt(body, 'final_capture') ?? false,
    captureId,
  });
  return resourceAnswer(call, 201, captureById(captured, captureId, psp));
}

export function voidAuthorization(call: Call): PspAnswer {
  const { psp } = call;
  const { record } = authorizationOf(call);
  if (record.state !== 'authorized' && record.capturableMinor === 0)
    throw authorizationStatus(record) === 'VOIDED'
      ? unprocessable('PREVIOUSLY_VOIDED', 'Authorization has been previously voided and hence cannot be voided again.')
      : unprocessable('PREVIOUSLY_CAPTURED', 'Authorization has been previously captured and hence cannot be voided.');
  const ended = psp.bank.cancel(record.pspReference);
  if (!wantsRepresentation(call)) return NO_CONTENT;
  return jsonAnswer(200, withRelations(authorizationObject(ended, psp) ?? {}, ended, psp));
}

export function showCapture(call: Call): PspAnswer {
  const { record, object } = captureOf(call);
  if (!call.isVisible(record, 0)) throw unknownResource();
  return jsonAnswer(200, object);
}

export function refundCapture(call: Call): PspAnswer {
  const { body, psp } = call;
  const { record, capture } = captureOf(call);
  if (capture === null)
    throw unprocessable('REFUND_NOT_ALLOWED', 'A refund cannot be issued for a capture that is not completed.');
  const amount = moneyAt(body, 'amount');
  if (amount !== undefined && amount.currency !== record.currency)
    throw unprocessable(
      'REFUND_CAPTURE_CURRENCY_MISMATCH',
      'Refund must be in the same currency as the capture.',
      '/amount/currency_code',
    );
  const amountMinor = refundableAmount(record, capture, psp, amount?.amountMinor);
  const fate = record.fate.refunds ?? 'succeeded';
  const refund = psp.bank.createRefund({
    pspReference: newId(psp, 'refund'),
    paymentPspReference: record.pspReference,
    reference: textAt(body, 'custom_id') ?? textAt(body, 'invoice_id') ?? null,
    amountMinor,
    outcome: fate === 'failed' ? 'pending' : 'succeeded',
    settles: fate,
    details: asDetails({
      captureId: capture.id,
      invoiceId: textAt(body, 'invoice_id') ?? null,
      customId: textAt(body, 'custom_id') ?? null,
      note: textAt(body, 'note_to_payer') ?? null,
      slow: fate === 'failed',
    }),
  });
  return resourceAnswer(call, 201, refundObject(refund, psp.bank.payment(record.pspReference), psp));
}

export function showRefund(call: Call): PspAnswer {
  const { psp } = call;
  const refund = refundOf(call);
  if (!call.isVisible(refund, 0)) throw unknownResource();
  return jsonAnswer(200, refundObject(refund, psp.bank.payment(refund.paymentPspReference), psp));
}

/** The least is id, status and links; PayPal shows the rest when it is asked. */
export function resourceAnswer(call: Call, status: number, object: JsonObject): PspAnswer {
  if (wantsRepresentation(call)) return jsonAnswer(status, object);
  return jsonAnswer(status, { id: object['id'], status: object['status'], links: object['links'] });
}

/** A capture of the order by its id, with everything that GET shows. */
export function captureById(record: PaymentRecord, captureId: string, psp: PspContext): JsonObject {
  const found = captureObjects(record, psp).find((object) => object['id'] === captureId);
  if (found === undefined) throw unknownResource();
  return withRelations(found, record, psp);
}

function authorizationOf({ psp, params }: Call): { record: PaymentRecord; object: JsonObject } {
  const id = params['id'] ?? '';
  const record = psp.bank.findPayment(orderIdOf(id));
  const object = record === undefined ? undefined : authorizationObject(record, psp);
  if (record === undefined || object === undefined || authorizationIdOf(record) !== id) throw unknownResource();
  return { record, object };
}

function captureOf({ psp, params }: Call): { record: PaymentRecord; capture: Capture | null; object: JsonObject } {
  const id = params['id'] ?? '';
  const record = psp.bank.findPayment(orderIdOf(id));
  if (record === undefined) throw unknownResource();
  const capture = record.captures.find((one) => one.id === id) ?? null;
  const object =
    capture === null ? captureById(record, id, psp) : withRelations(captureObject(record, capture, psp), record, psp);
  return { record, capture, object };
}

function refundOf({ psp, params }: Call): RefundRecord {
  const refund = psp.bank.findRefund(params['id'] ?? '');
  if (refund === undefined) throw unknownResource();
  return refund;
}

/** What this refund gives back; of one capture never more than is left of it, and nothing that is disputed. */
function refundableAmount(
  record: PaymentRecord,
  capture: Capture,
  psp: PspContext,
  wantedMinor: number | undefined,
): number {
  const { bank } = psp;
  const disputed = bank
    .disputes({ paymentPspReference: record.pspReference })
    .some(({ state }) => state === 'open' || state === 'under_review');
  if (disputed)
    throw unprocessable(
      'TRANSACTION_DISPUTED',
      'Partial refunds cannot be offered at this time because there is an open case on this transaction. Visit the PayPal Resolution Center to review this case.',
    );
  const pendingMinor = bank
    .refunds({ paymentPspReference: record.pspReference })
    .filter((refund) => refund.state === 'pending' && refund.details['captureId'] === capture.id)
    .reduce((sum, refund) => sum + refund.amountMinor, 0);
  const leftMinor = Math.min(
    capture.amountMinor - refundedOf(record, capture.id, psp) - pendingMinor,
    record.capturedMinor - record.refundedMinor - record.disputedMinor - pendingMinor,
  );
  if (leftMinor <= 0) throw unprocessable('CAPTURE_FULLY_REFUNDED', 'The capture has already been fully refunded.');
  if (wantedMinor !== undefined && wantedMinor > leftMinor)
    throw unprocessable(
      'REFUND_AMOUNT_EXCEEDED',
      'The refund amount must be less than or equal to the capture amount that has not yet been refunded.',
      '/amount',
    );
  return wantedMinor ?? leftMinor;
}

function notCapturable(record: PaymentRecord): Error {
  if (record.state === 'expired')
    return unprocessable('AUTHORIZATION_EXPIRED', 'An expired authorization cannot be captured.');
  switch (authorizationStatus(record)) {
    case 'VOIDED':
      return unprocessable('AUTHORIZATION_VOIDED', 'A voided authorization cannot be captured or reauthorized.');
    case 'CAPTURED':
      return unprocessable(
        'AUTHORIZATION_ALREADY_CAPTURED',
        'Authorization has already been captured. If final_capture was set, no further captures are possible.',
      );
    default:
      return unprocessable('AUTHORIZATION_DENIED', 'A denied authorization cannot be captured.');
  }
}

function refuseOtherCurrency(record: PaymentRecord, currency: string | undefined): void {
  if (currency === undefined || currency === record.currency) return;
  throw unprocessable(
    'CURRENCY_MISMATCH',
    'The currency of the capture must be the same as the currency of the authorization.',
    '/amount/currency_code',
  );
}
