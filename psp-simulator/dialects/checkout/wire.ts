/**
 * Neutral payment → Checkout.com's JSON: the answer of POST /payments, the payment of
 * GET /payments, and the parts that actions and events show too.
 */
import { isoTime } from '../../../kernel/index.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { paymentDetails, wasAuthorized, type CardView } from './details.ts';
import { actionIdOf, digitsFrom, twinId, uuidFrom } from './ids.ts';
import { checkoutAmount } from './money.ts';
import { responseOf } from './response-codes.ts';

/** The answer of POST /payments. */
export function paymentAnswer(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const details = paymentDetails(record);
  const customer = customerOf(record);
  if (record.state === 'requires_action') {
    return cleaned({
      id: record.pspReference,
      status: 'Pending',
      reference: record.reference,
      customer,
      '3ds': { downgraded: false, enrolled: 'Y' },
      _links: {
        ...links(record, psp),
        redirect: { href: psp.challengeUrl(record.challengeId ?? '') },
      },
    });
  }
  const { code, summary } = responseOf(record);
  const approved = wasAuthorized(record);
  return cleaned({
    id: record.pspReference,
    action_id: actionIdOf(record.pspReference, 'authorization'),
    amount: checkoutAmount(record.amountMinor, record.currency),
    currency: record.currency,
    approved,
    status: approved ? 'Authorized' : 'Declined',
    auth_code: approved ? authCode(record) : null,
    response_code: code,
    response_summary: summary,
    expires_on: approved ? expiresOn(record, psp) : null,
    '3ds': threeDsJson(record),
    risk: { flagged: false },
    source: sourceJson(details.card),
    customer,
    processed_on: isoTime(record.createdAtMs),
    reference: record.reference,
    eci: record.authentication?.eci ?? null,
    scheme_id: schemeId(record),
    processing: processing(record.pspReference),
    _links: links(record, psp),
  });
}

/** The payment of GET /payments/{id}. */
export function paymentJson(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const details = paymentDetails(record);
  const attempted = record.state !== 'requires_action' && record.state !== 'created';
  return cleaned({
    id: record.pspReference,
    requested_on: isoTime(record.createdAtMs),
    processed_on: attempted ? isoTime(record.updatedAtMs) : null,
    source: sourceJson(details.card),
    expires_on: wasAuthorized(record) ? expiresOn(record, psp) : null,
    amount: checkoutAmount(record.amountMinor, record.currency),
    currency: record.currency,
    payment_type: details.paymentType,
    reference: record.reference,
    description: details.description,
    approved: attempted ? wasAuthorized(record) : null,
    status: statusOf(record),
    '3ds': threeDsJson(record),
    balances: balances(record),
    risk: { flagged: false },
    customer: customerOf(record),
    metadata: details.metadata,
    processing: attempted ? processing(record.pspReference) : null,
    processing_channel_id: details.processingChannelId,
    eci: record.authentication?.eci ?? null,
    scheme_id: attempted ? schemeId(record) : null,
    _links: {
      ...links(record, psp),
      ...(record.state === 'requires_action' && record.challengeId !== null
        ? { redirect: { href: psp.challengeUrl(record.challengeId) } }
        : {}),
    },
  });
}

export function statusOf(record: PaymentRecord): string {
  switch (record.state) {
    case 'created':
    case 'requires_action':
      return 'Pending';
    case 'authorized':
      return 'Authorized';
    case 'captured':
      if (record.refundedMinor > 0) return 'Partially Refunded';
      return record.capturedMinor < record.amountMinor ? 'Partially Captured' : 'Captured';
    case 'refunded':
      return 'Refunded';
    case 'declined':
      return 'Declined';
    case 'canceled':
      return wasAuthorized(record) ? 'Voided' : 'Canceled';
    case 'expired':
      return 'Expired';
  }
}

/** All of it adds up: authorized = captured + voided + what may still be captured. */
export function balances(record: PaymentRecord): Record<string, number> {
  const amount = (minor: number): number => checkoutAmount(minor, record.currency);
  const authorizedMinor = wasAuthorized(record) ? record.amountMinor : 0;
  const open = record.capturableMinor;
  return {
    total_authorized: amount(authorizedMinor),
    total_voided: amount(authorizedMinor - record.capturedMinor - open),
    available_to_void: amount(open),
    total_captured: amount(record.capturedMinor),
    available_to_capture: amount(open),
    total_refunded: amount(record.refundedMinor),
    available_to_refund: amount(record.capturedMinor - record.refundedMinor),
  };
}

/** The result of 3-D Secure; null where nobody asked for it. */
export function threeDsJson(record: PaymentRecord): Record<string, unknown> | null {
  const { threeDs: wish } = paymentDetails(record);
  const { authentication } = record;
  if (authentication === null) {
    return wish.enabled && record.state === 'requires_action' ? { downgraded: false, enrolled: 'Y' } : null;
  }
  const proven = authentication.result === 'authenticated' || authentication.result === 'attempted';
  return cleaned({
    downgraded: authentication.result === 'unavailable' && wish.attemptN3d,
    enrolled: authentication.flow === 'none' ? null : 'Y',
    authentication_response: authentication.transStatus,
    authentication_status_reason: STATUS_REASONS[authentication.result] ?? null,
    cryptogram: proven ? Buffer.from(digitsFrom(record.pspReference, 20)).toString('base64') : null,
    xid: authentication.flow === 'none' ? null : uuidFrom(`${record.pspReference} xid`),
    version: authentication.flow === 'none' ? null : authentication.version,
    challenged: authentication.flow === 'challenge',
    exemption: wish.exemption ?? 'none',
    exemption_applied: authentication.exemption === null ? 'none' : (wish.exemption ?? 'other'),
    eci: authentication.eci,
    authentication_id: authentication.flow === 'none' ? null : twinId('sid', record.pspReference),
  });
}

/** EMV 3DS transStatusReason of what went wrong: 01 authentication failed, 14 the challenge timed out. */
const STATUS_REASONS: Readonly<Partial<Record<string, string>>> = {
  failed: '01',
  rejected: '11',
  unavailable: '80',
  abandoned: '14',
  timed_out: '14',
};

/** What may be shown of a card. */
export function cardFacts(view: CardView): Record<string, unknown> {
  return cleaned({
    expiry_month: view.expiryMonth,
    expiry_year: view.expiryYear,
    name: view.name,
    scheme: view.scheme,
    last4: view.last4,
    bin: view.bin,
    card_type: 'CREDIT',
    card_category: 'CONSUMER',
    issuer: 'Assay Test Bank',
    issuer_country: 'GB',
    product_id: 'A',
    product_type: 'Test card',
  });
}

export function sourceJson(view: CardView | null): Record<string, unknown> | null {
  if (view === null) return null;
  return {
    id: view.id,
    type: 'card',
    ...cardFacts(view),
    fingerprint: view.fingerprint,
    avs_check: 'S',
    cvv_check: 'Y',
    payouts: true,
    fast_funds: 'd',
  };
}

export function processing(id: string): Record<string, unknown> {
  return {
    retrieval_reference_number: digitsFrom(`${id} rrn`, 12),
    acquirer_transaction_id: digitsFrom(`${id} acquirer`, 21),
    acquirer_reference_number: digitsFrom(`${id} arn`, 23),
  };
}

export function authCode(record: PaymentRecord): string {
  return digitsFrom(`${record.pspReference} auth`, 6);
}

export function schemeId(record: PaymentRecord): string {
  // Begins with 0, so that it cannot be taken for a card number.
  return `0${digitsFrom(`${record.pspReference} scheme`, 14)}`;
}

export function customerOf(record: PaymentRecord): { id: string } | null {
  const { customerId } = paymentDetails(record);
  return customerId === null ? null : { id: customerId };
}

export function links(record: PaymentRecord, psp: PspContext): Record<string, { href: string }> {
  const self = `${psp.url}/payments/${record.pspReference}`;
  const refundable = record.capturedMinor > record.refundedMinor;
  return {
    self: { href: self },
    actions: { href: `${self}/actions` },
    ...(record.capturableMinor > 0 ? { capture: { href: `${self}/captures` }, void: { href: `${self}/voids` } } : {}),
    ...(refundable ? { refund: { href: `${self}/refunds` } } : {}),
  };
}

/** Without what is null or undefined: Checkout.com leaves such fields out. */
export function cleaned(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null && value !== undefined));
}

function expiresOn(record: PaymentRecord, psp: PspContext): string | null {
  const lifeMs = psp.profile.authorizationLifeMs;
  return lifeMs === 0 ? null : isoTime(record.createdAtMs + lifeMs);
}
