/**
 * What this dialect keeps beside a neutral record: everything that a Stripe object shows and
 * the bank does not know. Stored in `details`, JSON values only; a card is kept by the name of
 * the test card, never by its number.
 *
 * Ids of the parts of a payment are derived from the intent's id (`pi_X` → `ch_X1` for its
 * first attempt), so that a charge finds its intent without an index of its own.
 */
import type { BookRecord, PaymentRecord } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { testCard, type TestCard } from './magic.ts';

/** Every object that can be charged or set up. */
interface BaseDetails {
  metadata: Record<string, string>;
  description: string | null;
  customer: string | null;
  paymentMethodTypes: string[];
  /** Null where the merchant listed the types itself. */
  allowRedirects: 'always' | 'never' | null;
  requestThreeDs: 'automatic' | 'any' | 'challenge';
  /** Name of the test card, null while there is none. */
  card: string | null;
  /** Id of the stored payment method, null for a card that was given directly. */
  method: string | null;
  /** Number of confirmations so far. */
  attempt: number;
  clientSecret: string;
  cancellationReason: string | null;
}

export interface IntentDetails extends BaseDetails {
  kind: 'intent';
  receiptEmail: string | null;
  statementDescriptor: string | null;
  statementDescriptorSuffix: string | null;
  setupFutureUsage: string | null;
  transferGroup: string | null;
  /** Restriction of the types that the account would offer; null when the merchant gave none. */
  allowedTypes: string[] | null;
  captureMethod: 'automatic' | 'automatic_async' | 'manual';
  confirmationMethod: 'automatic' | 'manual';
  /** The merchant asked for several captures, if the card allows them. */
  multicapture: boolean;
  /** The object was shown to be locked, as the test value asks. */
  lockShown: boolean;
  /** Set for the intent behind a Checkout Session. */
  session: SessionDetails | null;
}

export interface SessionDetails {
  metadata: Record<string, string>;
  clientReferenceId: string | null;
  successUrl: string | null;
  cancelUrl: string | null;
  customerEmail: string | null;
  lineItems: readonly { description: string; quantity: number; unitAmount: number }[];
}

export interface SetupDetails extends BaseDetails {
  kind: 'setup';
  usage: 'off_session' | 'on_session';
}

export interface RefundDetails {
  metadata: Record<string, string>;
  reason: string | null;
  chargeId: string;
}

export interface PayoutDetails {
  metadata: Record<string, string>;
  description: string | null;
  destination: string | null;
  method: 'standard' | 'instant';
  sourceType: string;
  statementDescriptor: string | null;
}

export interface DisputeDetails {
  metadata: Record<string, string>;
  evidence: Record<string, string>;
  chargeId: string;
  submissions: number;
}

export function intentDetails(record: PaymentRecord): IntentDetails {
  return record.details as unknown as IntentDetails;
}

export function setupDetails(record: PaymentRecord): SetupDetails {
  return record.details as unknown as SetupDetails;
}

/** A SetupIntent is a payment in the books too: an authorization of the least amount that nobody captures. */
export function isSetup(record: PaymentRecord): boolean {
  return setupDetails(record).kind === 'setup';
}

/** The Checkout Session whose payment this is, or null. */
export function sessionOf(record: PaymentRecord): SessionDetails | null {
  return isSetup(record) ? null : intentDetails(record).session;
}

/** True for what Stripe shows as a PaymentIntent: the one of a Checkout Session exists only once its page was used. */
export function isIntent(record: PaymentRecord): boolean {
  if (isSetup(record)) return false;
  if (sessionOf(record) === null) return true;
  const refused = record.state === 'declined' && record.declineReason !== 'challenge_expired';
  return refused || hasSucceeded(record);
}

/** Was money reserved or taken, or the card set up? */
export function hasSucceeded(record: PaymentRecord): boolean {
  return record.steps.some(({ state }) => state === 'authorized' || state === 'captured');
}

/** Every PaymentIntent, oldest first. */
export function intentsOf(psp: PspContext, filter?: { reference: string }): PaymentRecord[] {
  return psp.bank.payments(filter).filter(isIntent);
}

/** Details as the bank takes them. */
export function asDetails(
  details: IntentDetails | SetupDetails | RefundDetails | PayoutDetails | DisputeDetails,
): Record<string, unknown> {
  return { ...details };
}

/** The card of the payment's latest attempt; a plain one where none is known yet. */
export function cardOf(record: PaymentRecord): TestCard {
  return testCard(intentDetails(record).card ?? 'visa');
}

/** Id of the charge of the intent's latest attempt. */
export function chargeIdOf(record: PaymentRecord): string {
  return `ch_${tailOf(record.pspReference)}${intentDetails(record).attempt}`;
}

/** Id of the next capture: the charge's own for the first one, numbered after that. */
export function captureIdOf(record: PaymentRecord): string {
  const captured = record.captures.length;
  return captured === 0 ? chargeIdOf(record) : `${chargeIdOf(record)}_c${captured + 1}`;
}

export function paymentMethodIdOf(record: PaymentRecord): string {
  const { method, attempt } = intentDetails(record);
  return method ?? `pm_${tailOf(record.pspReference)}${attempt}`;
}

/** Id of the first balance transaction of a record; later ones have a suffix. */
export function balanceTransactionIdOf(record: Pick<BookRecord, 'pspReference'>): string {
  return `txn_${tailOf(record.pspReference)}`;
}

/** The intent to which a charge id belongs: the id without its prefix and attempt number. */
export function intentIdOfCharge(chargeId: string): string {
  return `pi_${chargeId.slice(3, 3 + ID_TAIL_LENGTH)}`;
}

/** The charge to which a capture belongs. */
export function chargeIdOfCapture(captureId: string): string {
  return captureId.replace(/_c\d+$/, '');
}

/** Ids are a prefix, an underscore and 22 characters of base 62. */
const ID_TAIL_LENGTH = 22;

export function tailOf(id: string): string {
  return id.slice(id.lastIndexOf('_') + 1);
}

/** Seconds since the epoch, as Stripe writes every time. */
export function seconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}
