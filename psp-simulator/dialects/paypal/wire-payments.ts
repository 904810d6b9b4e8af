/**
 * Neutral payment and refund → PayPal's authorization, captures and refunds. A declined card
 * leaves a declined capture (or a denied authorization) behind; an order of an account that was
 * declined leaves none.
 */
import type { Capture, PaymentRecord, RefundRecord } from '../../core/records.ts';
import { basisPointsOf } from '../../settlement/convert.ts';
import type { PspContext } from '../dialect.ts';
import { orderDetails, refundDetails } from './details.ts';
import { isoSeconds } from './fields.ts';
import { authorizationIdOf, nextCaptureIdOf } from './ids.ts';
import { responseCodeOf } from './magic.ts';
import { paypalMoney } from './money.ts';
import { TERMS } from './terms.ts';

type JsonObject = Record<string, unknown>;

/** Undefined where the order was never authorized. */
export function authorizationObject(record: PaymentRecord, psp: PspContext): JsonObject | undefined {
  if (record.captureMode !== 'manual') return undefined;
  const authorizedAt = record.steps.find((step) => step.state === 'authorized')?.atMs;
  const denied = isCardDecline(record);
  if (authorizedAt === undefined && !denied) return undefined;
  const atMs = authorizedAt ?? record.updatedAtMs;
  const id = authorizationIdOf(record);
  const url = `${psp.url}/v2/payments/authorizations/${id}`;
  const status = denied ? 'DENIED' : authorizationStatus(record);
  return {
    status,
    id,
    amount: paypalMoney(record.amountMinor, record.currency),
    ...merchantIds(record),
    seller_protection: sellerProtection(record),
    ...processorResponse(record),
    ...(denied ? {} : { expiration_time: isoSeconds(atMs + psp.profile.authorizationLifeMs) }),
    links: [
      link(url, 'self', 'GET'),
      ...(record.capturableMinor > 0
        ? [link(`${url}/capture`, 'capture', 'POST'), link(`${url}/void`, 'void', 'POST')]
        : []),
      link(`${psp.url}/v2/checkout/orders/${record.pspReference}`, 'up', 'GET'),
    ],
    create_time: isoSeconds(atMs),
    update_time: isoSeconds(record.updatedAtMs),
  };
}

export function authorizationStatus(record: PaymentRecord): string {
  if (record.state === 'canceled' || record.state === 'expired') return 'VOIDED';
  if (record.capturedMinor === 0) return 'CREATED';
  if (record.capturableMinor > 0) return 'PARTIALLY_CAPTURED';
  return record.captures.at(-1)?.final === true ? 'CAPTURED' : 'VOIDED';
}

/** Every capture of the order, oldest first. */
export function captureObjects(record: PaymentRecord, psp: PspContext): JsonObject[] {
  if (record.captureMode === 'automatic' && isCardDecline(record)) return [declinedCapture(record, psp)];
  return record.captures.map((capture) => captureObject(record, capture, psp));
}

export function captureObject(record: PaymentRecord, capture: Capture, psp: PspContext): JsonObject {
  const refundedMinor = refundedOf(record, capture.id, psp);
  const url = `${psp.url}/v2/payments/captures/${capture.id}`;
  return {
    id: capture.id,
    status: refundedMinor === 0 ? 'COMPLETED' : refundedMinor < capture.amountMinor ? 'PARTIALLY_REFUNDED' : 'REFUNDED',
    amount: paypalMoney(capture.amountMinor, record.currency),
    final_capture: capture.final,
    ...merchantIds(record, capture.id),
    seller_protection: sellerProtection(record),
    seller_receivable_breakdown: receivable(capture.amountMinor, record.currency, psp),
    ...processorResponse(record),
    links: [link(url, 'self', 'GET'), link(`${url}/refund`, 'refund', 'POST'), upLink(record, psp)],
    create_time: isoSeconds(capture.atMs),
    update_time: isoSeconds(Math.max(capture.atMs, refundedMinor === 0 ? 0 : record.updatedAtMs)),
  };
}

function declinedCapture(record: PaymentRecord, psp: PspContext): JsonObject {
  const id = nextCaptureIdOf(record);
  return {
    id,
    status: 'DECLINED',
    amount: paypalMoney(record.amountMinor, record.currency),
    final_capture: true,
    ...merchantIds(record),
    seller_protection: { status: 'NOT_ELIGIBLE' },
    ...processorResponse(record),
    links: [link(`${psp.url}/v2/payments/captures/${id}`, 'self', 'GET'), upLink(record, psp)],
    create_time: isoSeconds(record.updatedAtMs),
    update_time: isoSeconds(record.updatedAtMs),
  };
}

/** Of a card that was charged: a PayPal account that was declined shows no payment at all. */
export function isCardDecline(record: PaymentRecord): boolean {
  return record.state === 'declined' && record.method === 'card';
}

/** What GET on a capture or an authorization, and its webhook, show beside the object in the order. */
export function withRelations(object: JsonObject, record: PaymentRecord, psp: PspContext): JsonObject {
  const isCapture = record.captures.some(({ id }) => id === object['id']);
  const authorized =
    isCapture && record.captureMode === 'manual' ? { authorization_id: authorizationIdOf(record) } : {};
  return {
    ...object,
    supplementary_data: { related_ids: { order_id: record.pspReference, ...authorized } },
    payee: payeeOf(psp),
  };
}

export function payeeOf(psp: PspContext): { email_address: string; merchant_id: string } {
  return { email_address: `${psp.name}@merchant.example`, merchant_id: psp.credentials['merchantId'] ?? '' };
}

/** Every refund of the order, oldest first. */
export function refundObjects(record: PaymentRecord, psp: PspContext): JsonObject[] {
  return psp.bank
    .refunds({ paymentPspReference: record.pspReference })
    .map((refund) => refundObject(refund, record, psp));
}

const REFUND_STATUS = { pending: 'PENDING', succeeded: 'COMPLETED', failed: 'FAILED' } as const;

/** What the refund does not say of itself it takes over from its capture: shops find their order of a dashboard refund by it. */
export function refundObject(refund: RefundRecord, payment: PaymentRecord, psp: PspContext): JsonObject {
  const { captureId, invoiceId, customId, note } = refundDetails(refund);
  const { currency, amountMinor } = refund;
  const refundedMinor = refundedOf(payment, captureId, psp);
  return {
    id: refund.pspReference,
    status: REFUND_STATUS[refund.state],
    ...(refund.state === 'pending' ? { status_details: { reason: 'ECHECK' } } : {}),
    amount: paypalMoney(amountMinor, currency),
    ...merchantIds(payment, captureId),
    ...(invoiceId === null ? {} : { invoice_id: invoiceId }),
    ...(customId === null ? {} : { custom_id: customId }),
    ...(note === null ? {} : { note_to_payer: note }),
    seller_payable_breakdown: {
      gross_amount: paypalMoney(amountMinor, currency),
      paypal_fee: paypalMoney(0, currency),
      net_amount: paypalMoney(amountMinor, currency),
      total_refunded_amount: paypalMoney(refundedMinor, currency),
    },
    links: [
      link(`${psp.url}/v2/payments/refunds/${refund.pspReference}`, 'self', 'GET'),
      link(`${psp.url}/v2/payments/captures/${captureId}`, 'up', 'GET'),
    ],
    create_time: isoSeconds(refund.createdAtMs),
    update_time: isoSeconds(refund.updatedAtMs),
  };
}

/** What was given back of one capture. */
export function refundedOf(record: PaymentRecord, captureId: string, psp: PspContext): number {
  if (record.refundedMinor === 0) return 0;
  return psp.bank
    .refunds({ paymentPspReference: record.pspReference })
    .filter((refund) => refund.state === 'succeeded' && refundDetails(refund).captureId === captureId)
    .reduce((sum, refund) => sum + refund.amountMinor, 0);
}

/** What reaches the merchant, by the same terms as the settlement; without fees where it is settled in another currency. */
function receivable(amountMinor: number, currency: string, psp: PspContext): JsonObject {
  const terms = { ...TERMS, ...psp.profile.settlement };
  const gross = { gross_amount: paypalMoney(amountMinor, currency) };
  if (terms.currency !== null && terms.currency !== currency) return gross;
  const { payment } = terms;
  const parts = [
    payment.commissionBasisPoints,
    payment.interchangeBasisPoints,
    payment.schemeBasisPoints,
    payment.markupBasisPoints,
  ];
  const feeMinor = parts.reduce((sum, points) => sum + basisPointsOf(amountMinor, points), payment.fixedMinor);
  return {
    ...gross,
    paypal_fee: paypalMoney(feeMinor, currency),
    net_amount: paypalMoney(amountMinor - feeMinor, currency),
  };
}

function processorResponse(record: PaymentRecord): JsonObject {
  if (record.method !== 'card') return {};
  const responseCode = responseCodeOf(record.declineReason);
  const cvvCode = record.declineReason === 'incorrect_cvc' ? 'N' : 'M';
  return { processor_response: { avs_code: 'A', cvv_code: cvvCode, response_code: responseCode } };
}

function sellerProtection(record: PaymentRecord): JsonObject {
  if (record.method !== 'paypal') return { status: 'NOT_ELIGIBLE' };
  return { status: 'ELIGIBLE', dispute_categories: ['ITEM_NOT_RECEIVED', 'UNAUTHORIZED_TRANSACTION'] };
}

function merchantIds(record: PaymentRecord, captureId?: string): JsonObject {
  const { invoiceId, customId, captureInvoices } = orderDetails(record);
  const invoice = (captureId === undefined ? undefined : captureInvoices[captureId]) ?? invoiceId;
  return {
    ...(invoice === null ? {} : { invoice_id: invoice }),
    ...(customId === null ? {} : { custom_id: customId }),
  };
}

function upLink(record: PaymentRecord, psp: PspContext): { href: string; rel: string; method: string } {
  return record.captureMode === 'manual'
    ? link(`${psp.url}/v2/payments/authorizations/${authorizationIdOf(record)}`, 'up', 'GET')
    : link(`${psp.url}/v2/checkout/orders/${record.pspReference}`, 'up', 'GET');
}

function link(href: string, rel: string, method: string): { href: string; rel: string; method: string } {
  return { href, rel, method };
}
