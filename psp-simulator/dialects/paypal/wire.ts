/**
 * Neutral payment → PayPal's order. The order is the payment; its authorization, captures and
 * refunds stand inside `purchase_units[0].payments`.
 */
import type { Authentication, PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { orderDetails, type Source, type WalletSource } from './details.ts';
import { isoSeconds } from './fields.ts';
import { codeFrom } from './ids.ts';
import { paypalMoney } from './money.ts';
import { authorizationObject, captureObjects, payeeOf, refundObjects } from './wire-payments.ts';

export type OrderStatus = 'CREATED' | 'APPROVED' | 'PAYER_ACTION_REQUIRED' | 'COMPLETED' | 'VOIDED';

/** Who pays from a PayPal account here. */
const PAYER_EMAIL = 'payer@assay.example';

export function orderStatus(record: PaymentRecord, psp: PspContext): OrderStatus {
  switch (record.state) {
    case 'created':
      return orderDetails(record).pending === null ? 'CREATED' : 'APPROVED';
    case 'requires_action':
      if (wasAnswered(record, psp)) return 'APPROVED';
      return orderDetails(record).source === null ? 'CREATED' : 'PAYER_ACTION_REQUIRED';
    case 'canceled':
    case 'expired':
      return wasAuthorized(record) ? 'COMPLETED' : 'VOIDED';
    default:
      return 'COMPLETED';
  }
}

/** `whole` after a call that moved money even without `Prefer`: PayPal then shows the payments. */
export function orderAnswer(
  record: PaymentRecord,
  psp: PspContext,
  form: 'minimal' | 'with-payments' | 'whole',
): Record<string, unknown> {
  const details = orderDetails(record);
  const status = orderStatus(record, psp);
  const source = sourceObject(record, psp);
  const common = {
    id: record.pspReference,
    ...(form === 'whole' ? { intent: details.intent } : {}),
    status,
    ...(source === undefined ? {} : { payment_source: source }),
  };
  const links = orderLinks(record, psp, status);
  if (form === 'minimal') return { ...common, links };
  return {
    ...common,
    purchase_units: [form === 'whole' ? unitObject(record, psp) : paymentsOnly(record, psp)],
    ...payerOf(record, psp),
    ...(form === 'whole'
      ? { create_time: isoSeconds(record.createdAtMs), update_time: isoSeconds(record.updatedAtMs) }
      : {}),
    links,
  };
}

export function wasAuthorized(record: PaymentRecord): boolean {
  return record.steps.some((step) => step.state === 'authorized');
}

/** The payer has acted on the page and the merchant has yet to go on. */
export function wasAnswered(record: PaymentRecord, psp: PspContext): boolean {
  if (record.state !== 'requires_action' || record.challengeId === null) return false;
  const { state } = psp.bank.challenge(record.challengeId);
  return state === 'approved' || state === 'failed';
}

/** Where a browser starts to pay an order that names no source yet. */
function approveUrl(record: PaymentRecord, psp: PspContext): string {
  return `${psp.url}/checkoutnow?token=${record.pspReference}`;
}

export function payerActionLink(record: PaymentRecord, psp: PspContext): { href: string; rel: string; method: string } {
  return { href: psp.challengeUrl(record.challengeId ?? ''), rel: 'payer-action', method: 'GET' };
}

function orderLinks(record: PaymentRecord, psp: PspContext, status: OrderStatus): unknown[] {
  const self = `${psp.url}/v2/checkout/orders/${record.pspReference}`;
  const verb = orderDetails(record).intent === 'CAPTURE' ? 'capture' : 'authorize';
  const links: unknown[] = [{ href: self, rel: 'self', method: 'GET' }];
  if (status === 'PAYER_ACTION_REQUIRED') return [...links, payerActionLink(record, psp)];
  if (status === 'CREATED') links.push({ href: approveUrl(record, psp), rel: 'approve', method: 'GET' });
  if (status === 'CREATED' || status === 'APPROVED')
    links.push({ href: self, rel: 'update', method: 'PATCH' }, { href: `${self}/${verb}`, rel: verb, method: 'POST' });
  return links;
}

function sourceObject(record: PaymentRecord, psp: PspContext): Record<string, unknown> | undefined {
  const { vault } = orderDetails(record);
  const source = sourceOf(record, psp);
  if (source === null) return undefined;
  const vaulted = vault?.token ?? null;
  const attributes =
    vaulted === null
      ? {}
      : {
          attributes: {
            vault: {
              id: vaulted,
              status: 'VAULTED',
              customer: { id: vault?.customer ?? '' },
              links: [{ href: `${psp.url}/v3/vault/payment-tokens/${vaulted}`, rel: 'self', method: 'GET' }],
            },
          },
        };
  if (source.kind === 'paypal') {
    return { paypal: { ...(isKnownPayer(record, psp) ? walletObject(source) : {}), ...attributes } };
  }
  const result = authenticationResult(record, psp);
  return {
    card: {
      ...(source.name === null ? {} : { name: source.name }),
      last_digits: source.lastDigits,
      ...(source.expiry === null ? {} : { expiry: source.expiry }),
      brand: source.brand,
      type: 'CREDIT',
      ...(result === undefined ? {} : { authentication_result: result }),
      ...attributes,
    },
  };
}

/** Whoever approved an order that named no source paid from a PayPal account. */
function sourceOf(record: PaymentRecord, psp: PspContext): Source | null {
  const { source } = orderDetails(record);
  return source ?? (isKnownPayer(record, psp) ? { kind: 'paypal', email: null } : null);
}

/** PayPal tells who the payer is only after the approval. */
function isKnownPayer(record: PaymentRecord, psp: PspContext): boolean {
  return record.state === 'requires_action'
    ? wasAnswered(record, psp)
    : record.state !== 'created' && record.state !== 'expired';
}

function walletObject(source: WalletSource): Record<string, unknown> {
  const email = source.email ?? PAYER_EMAIL;
  return {
    email_address: email,
    account_id: payerId(email),
    account_status: 'VERIFIED',
    name: { given_name: 'Sam', surname: 'Sample' },
    address: { country_code: 'DE' },
  };
}

function payerOf(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const source = sourceOf(record, psp);
  if (source?.kind !== 'paypal' || !isKnownPayer(record, psp)) return {};
  const email = source.email ?? PAYER_EMAIL;
  return {
    payer: {
      name: { given_name: 'Sam', surname: 'Sample' },
      email_address: email,
      payer_id: payerId(email),
      address: { country_code: 'DE' },
    },
  };
}

export function payerId(email: string): string {
  return codeFrom(email, 13);
}

/** In PayPal's fields there is no ECI and no version: result and liability are all that it tells. */
function authenticationResult(record: PaymentRecord, psp: PspContext): Record<string, unknown> | undefined {
  const result = record.authentication?.result ?? answeredChallenge(record, psp);
  if (result === undefined || result === 'exempted') return undefined;
  const [liabilityShift, status] = RESULTS[result];
  return {
    liability_shift: liabilityShift,
    three_d_secure: { enrollment_status: 'Y', authentication_status: status },
  };
}

const RESULTS: Readonly<Record<Exclude<Authentication['result'], 'exempted'>, readonly [string, string]>> = {
  authenticated: ['POSSIBLE', 'Y'],
  attempted: ['POSSIBLE', 'A'],
  failed: ['NO', 'N'],
  rejected: ['NO', 'R'],
  unavailable: ['NO', 'U'],
  abandoned: ['UNKNOWN', 'C'],
  timed_out: ['UNKNOWN', 'C'],
};

/** Between the payer's return and the merchant's next call only the page knows the result. */
function answeredChallenge(record: PaymentRecord, psp: PspContext): Authentication['result'] | undefined {
  if (!wasAnswered(record, psp) || record.threeDs !== 'challenge') return undefined;
  const challenge = psp.bank.challenge(record.challengeId ?? '');
  return challenge.state === 'failed' ? 'failed' : challenge.approvedAs;
}

function unitObject(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const { customId, invoiceId, description, softDescriptor, referenceId } = orderDetails(record);
  const payments = paymentsObject(record, psp);
  return {
    reference_id: referenceId,
    amount: paypalMoney(record.amountMinor, record.currency),
    payee: payeeOf(psp),
    ...(description === null ? {} : { description }),
    ...(customId === null ? {} : { custom_id: customId }),
    ...(invoiceId === null ? {} : { invoice_id: invoiceId }),
    ...(softDescriptor === null ? {} : { soft_descriptor: softDescriptor }),
    ...(payments === undefined ? {} : { payments }),
  };
}

function paymentsOnly(record: PaymentRecord, psp: PspContext): Record<string, unknown> {
  const payments = paymentsObject(record, psp);
  return { reference_id: orderDetails(record).referenceId, ...(payments === undefined ? {} : { payments }) };
}

function paymentsObject(record: PaymentRecord, psp: PspContext): Record<string, unknown> | undefined {
  const authorization = authorizationObject(record, psp);
  const captures = captureObjects(record, psp);
  const refunds = refundObjects(record, psp);
  if (authorization === undefined && captures.length === 0) return undefined;
  return {
    ...(authorization === undefined ? {} : { authorizations: [authorization] }),
    ...(captures.length === 0 ? {} : { captures }),
    ...(refunds.length === 0 ? {} : { refunds }),
  };
}
