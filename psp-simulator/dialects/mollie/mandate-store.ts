/**
 * Customers and mandates, kept with the bank as saved methods: a mandate is one, and a customer
 * is a file of its own type (`customer`) under its id. A mandate of a first payment is valid as
 * soon as that payment is authorized or paid, and never when it is not.
 */
import { APPROVED } from '../../core/records.ts';
import type { CardOutcome, SavedMethod } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';

export interface CustomerDetails {
  name: string | null;
  email: string | null;
  locale: string | null;
  metadata: unknown;
}

export interface MandateDetails {
  /** The first payment that it comes from; null for one that the merchant registered. */
  paymentId: string | null;
  consumerName: string;
  consumerAccount: string | null;
  consumerBic: string | null;
  signatureDate: string | null;
  mandateReference: string | null;
}

export type MandateStatus = 'valid' | 'pending';

const CUSTOMER = 'customer';

export function saveCustomer(psp: PspContext, id: string, details: CustomerDetails): SavedMethod {
  return psp.bank.saveMethod({
    token: id,
    customer: null,
    type: CUSTOMER,
    brand: null,
    last4: null,
    expiryMonth: null,
    expiryYear: null,
    outcome: APPROVED,
    details: { ...details },
  });
}

export function findCustomer(psp: PspContext, id: string): SavedMethod | undefined {
  const found = psp.bank.findMethod(id);
  return found?.type === CUSTOMER ? found : undefined;
}

export function customers(psp: PspContext): SavedMethod[] {
  return psp.bank.methods().filter((saved) => saved.type === CUSTOMER);
}

export function customerDetails(saved: SavedMethod): CustomerDetails {
  return saved.details as unknown as CustomerDetails;
}

export function newMandate(
  psp: PspContext,
  customerId: string,
  more: { type: string; outcome: CardOutcome } & Partial<MandateDetails>,
): SavedMethod {
  const { type, outcome, ...details } = more;
  const isCard = type === 'creditcard';
  const full: MandateDetails = {
    paymentId: null,
    consumerName: 'T. Test',
    consumerAccount: type === 'directdebit' ? 'NL02ABNA0123456789' : null,
    consumerBic: type === 'directdebit' ? 'ABNANL2A' : null,
    signatureDate: null,
    mandateReference: null,
    ...details,
  };
  // What a mandate is charged with needs no page and no challenge any more: the payer agreed to it.
  const { page: _page, ...charged } = outcome;
  return psp.bank.saveMethod({
    token: psp.ids.next('mdt'),
    customer: customerId,
    type,
    brand: isCard ? (outcome.scheme ?? 'visa') : null,
    last4: isCard ? '1111' : null,
    expiryMonth: isCard ? 3 : null,
    expiryYear: isCard ? 2030 : null,
    outcome: { ...charged, threeDs: 'none' },
    details: { ...full },
  });
}

export function mandateDetails(saved: SavedMethod): MandateDetails {
  return saved.details as unknown as MandateDetails;
}

/** Null: Mollie does not show it (its first payment was never paid). */
export function mandateStatus(psp: PspContext, saved: SavedMethod): MandateStatus | null {
  const { paymentId } = mandateDetails(saved);
  if (paymentId === null) return 'valid';
  const state = psp.bank.findPayment(paymentId)?.state;
  if (state === 'created' || state === 'requires_action') return 'pending';
  // A payment that left the bounded books was over, and a mandate of one that failed is of no use to anybody.
  return state === undefined || state === 'authorized' || state === 'captured' || state === 'refunded' ? 'valid' : null;
}

/** Those that Mollie shows, oldest first. */
export function mandatesOf(psp: PspContext, customerId: string): SavedMethod[] {
  return psp.bank.methods({ customer: customerId }).filter((saved) => mandateStatus(psp, saved) !== null);
}

/** The one that is named, or else the newest valid one of the method. */
export function chargeableMandate(
  psp: PspContext,
  customerId: string,
  { mandateId, method }: { mandateId: string | null; method: string | null },
): SavedMethod | undefined {
  return mandatesOf(psp, customerId).findLast(
    (saved) =>
      mandateStatus(psp, saved) === 'valid' &&
      (mandateId === null || saved.token === mandateId) &&
      (method === null || saved.type === method),
  );
}
