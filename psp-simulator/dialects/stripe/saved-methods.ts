/**
 * Stored PaymentMethods over the bank's saved methods. A method that is being set up belongs to
 * its customer from the moment the SetupIntent or PaymentIntent that stores it succeeds, which
 * may be long after it was saved (3DS): so its owner is worked out when it is looked at, and
 * written down from then on.
 */
import type { SavedMethod } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { CARD_EXPIRY, lastFour, paymentMethodObject } from './card-display.ts';
import { outcomeOf } from './card-outcome.ts';
import { hasSucceeded, intentDetails } from './details.ts';
import { testCard, type TestCard } from './magic.ts';

export interface MethodDetails {
  kind: 'method';
  /** Name of the test card. */
  card: string;
  metadata: Record<string, string>;
  billing: Record<string, unknown>;
  allowRedisplay: string;
  /** Stored for use while the cardholder is away. */
  setUp: boolean;
  /** The intent whose success attaches it; null where it was attached by a call, or never. */
  attachedBy: string | null;
  /** Used once without a customer: it may not be used again. */
  used: boolean;
}

export interface StoredMethod {
  id: string;
  card: TestCard;
  customer: string | null;
  createdAtMs: number;
  details: MethodDetails;
}

export interface NewMethod {
  id: string;
  card: TestCard;
  customer: string | null;
  metadata?: Record<string, string>;
  billing?: Record<string, unknown>;
  allowRedisplay?: string;
  setUp?: boolean;
  attachedBy?: string | null;
}

export function storeMethod(psp: PspContext, method: NewMethod): StoredMethod {
  const details: MethodDetails = {
    kind: 'method',
    card: method.card.name,
    metadata: method.metadata ?? {},
    billing: method.billing ?? {},
    allowRedisplay: method.allowRedisplay ?? 'unspecified',
    setUp: method.setUp ?? false,
    attachedBy: method.attachedBy ?? null,
    used: false,
  };
  return write(psp, { id: method.id, card: method.card, customer: method.customer, details });
}

/** Writes `changes` over a stored method. */
export function changeMethod(
  psp: PspContext,
  method: StoredMethod,
  changes: Partial<MethodDetails> & { customer?: string | null },
): StoredMethod {
  const { customer = method.customer, ...details } = changes;
  return write(psp, { ...method, customer, details: { ...method.details, ...details } });
}

/** The stored method of that id, with its owner as of now. */
export function findStoredMethod(psp: PspContext, id: string): StoredMethod | undefined {
  const saved = psp.bank.findMethod(id);
  return saved?.type === 'card' ? asStored(psp, saved) : undefined;
}

/** Attached to `customer`, oldest first. */
export function methodsOfCustomer(psp: PspContext, customer: string): StoredMethod[] {
  return psp.bank
    .methods()
    .filter(({ type }) => type === 'card')
    .map((saved) => asStored(psp, saved))
    .filter((method) => method.customer === customer);
}

export function storedMethodObject(method: StoredMethod): Record<string, unknown> {
  const { metadata, billing, allowRedisplay } = method.details;
  return paymentMethodObject({ ...method, metadata, billing, allowRedisplay });
}

function asStored(psp: PspContext, saved: SavedMethod): StoredMethod {
  const details = saved.details as unknown as MethodDetails;
  const card = testCard(details.card);
  const stored = { id: saved.token, card, customer: saved.customer, createdAtMs: saved.createdAtMs, details };
  if (details.attachedBy === null) return stored;
  const by = psp.bank.findPayment(details.attachedBy);
  if (by === undefined || !hasSucceeded(by)) return { ...stored, details: { ...details, setUp: false } };
  return changeMethod(psp, stored, { customer: stored.customer ?? intentDetails(by).customer, attachedBy: null });
}

function write(psp: PspContext, method: Omit<StoredMethod, 'createdAtMs'>): StoredMethod {
  const { id, card, customer, details } = method;
  const saved = psp.bank.saveMethod({
    token: id,
    customer,
    type: 'card',
    brand: card.brand,
    last4: lastFour(card),
    expiryMonth: CARD_EXPIRY.month,
    expiryYear: CARD_EXPIRY.year,
    outcome: outcomeOf(card, {
      requestThreeDs: 'automatic',
      offSession: true,
      setUp: details.setUp,
      lowRisk: false,
      metadata: {},
    }),
    details: { ...details },
  });
  return asStored(psp, saved);
}
