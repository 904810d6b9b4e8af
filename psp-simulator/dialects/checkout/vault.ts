/**
 * What the merchant may charge again: single-use tokens (`tok_`), stored instruments (`src_`)
 * and the customers they belong to (`cus_`). All of them live in the bank as saved methods. A
 * card is remembered by what a receipt may show and by the name of its test card; its number
 * and CVV end in `readCard`.
 */
import { createHmac } from 'node:crypto';
import { APPROVED, type SavedMethod } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import type { CardView } from './details.ts';
import { refusal } from './errors.ts';
import { textAt, wholeAt, type JsonObject } from './fields.ts';
import { idFrom, newId } from './ids.ts';
import { cardName, isCardNumber, outcomeOf, schemeOf, schemeOfWord } from './magic.ts';

/** Tokens live for fifteen minutes and are used once (checkout.com/docs, Card Payouts). */
const TOKEN_LIFE_MS = 15 * 60_000;

/** A card as the dialect hands it on. */
export interface KnownCard {
  view: CardView;
  /** Name of the test card. */
  name: string;
}

interface StoredCard extends KnownCard {
  kind: 'token' | 'instrument';
  expiresAtMs: number | null;
}

export interface Customer {
  id: string;
  email: string | null;
  name: string | null;
  metadata: Record<string, unknown>;
  /** The instrument that is charged when the customer is. */
  defaultId: string | null;
}

const NO_WISH = {
  enabled: false,
  attemptN3d: false,
  challengeIndicator: 'no_preference',
  exemption: null,
  merchantInitiated: false,
} as const;

/** The card in `number`, `expiry_month`, `expiry_year`, `name`; the only place that sees a number. */
export function readCard(object: JsonObject, psp: PspContext): KnownCard {
  const number = textAt(object, 'number')?.replaceAll(' ', '');
  if (number === undefined) throw refusal('card_number_required', 'number');
  if (!isCardNumber(number)) throw refusal('card_number_invalid', 'number');
  const expiryMonth = wholeAt(object, 'expiry_month');
  const expiryYear = wholeAt(object, 'expiry_year');
  if (expiryMonth === undefined) throw refusal('card_expiry_month_required', 'expiry_month');
  if (expiryYear === undefined) throw refusal('card_expiry_year_required', 'expiry_year');
  if (expiryMonth < 1 || expiryMonth > 12) throw refusal('card_expiry_month_invalid', 'expiry_month');
  if (expiryYear < 2000 || expiryYear > 2200) throw refusal('card_expiry_year_invalid', 'expiry_year');
  if (Date.UTC(expiryYear, expiryMonth, 1) <= psp.nowMs()) throw refusal('card_expired', 'expiry_year');
  const cvv = textAt(object, 'cvv');
  if (cvv !== undefined && !/^\d{3,4}$/.test(cvv)) throw refusal('cvv_invalid', 'cvv');
  const fingerprint = createHmac('sha256', psp.credentials['secretKey'] ?? '')
    .update(number)
    .digest('hex')
    .toUpperCase();
  const view: CardView = {
    id: idFrom('src', `${psp.name} ${fingerprint} ${expiryMonth} ${expiryYear}`),
    expiryMonth,
    expiryYear,
    name: textAt(object, 'name') ?? null,
    scheme: schemeOf(number).word,
    last4: number.slice(-4),
    bin: number.slice(0, 6),
    fingerprint,
  };
  return { view, name: cardName(number) };
}

/** A card of which only the name is known: for payments that are made without a request. */
export function sampleCard(psp: PspContext): KnownCard {
  return readCard({ number: '4242424242424242', expiry_month: 12, expiry_year: 2099 }, psp);
}

export function saveToken(psp: PspContext, card: KnownCard): { token: string; expiresAtMs: number } {
  const expiresAtMs = psp.nowMs() + TOKEN_LIFE_MS;
  const token = newId(psp, 'tok');
  saveCard(psp, token, { ...card, kind: 'token', expiresAtMs }, null);
  return { token, expiresAtMs };
}

/** The card behind a token. `consume` ends it: call it once the request can no longer be refused. */
export function tokenCard(psp: PspContext, token: string): KnownCard & { consume(): void } {
  const stored = cardIn(psp.bank.findMethod(token));
  if (stored?.kind !== 'token') throw refusal('token_invalid', 'token');
  if (stored.expiresAtMs !== null && stored.expiresAtMs <= psp.nowMs()) throw refusal('token_expired', 'token');
  const consume = (): void => {
    psp.bank.removeMethod(token);
  };
  return { view: stored.view, name: stored.name, consume };
}

/** Keeps a card as an instrument. The same card is the same instrument. */
export function saveInstrument(psp: PspContext, card: KnownCard, customerId: string | null): string {
  const known = psp.bank.findMethod(card.view.id)?.customer ?? null;
  saveCard(psp, card.view.id, { ...card, kind: 'instrument', expiresAtMs: null }, customerId ?? known);
  return card.view.id;
}

export function findInstrument(psp: PspContext, id: string): (KnownCard & { customerId: string | null }) | undefined {
  const method = psp.bank.findMethod(id);
  const stored = cardIn(method);
  if (stored?.kind !== 'instrument') return undefined;
  return { view: stored.view, name: stored.name, customerId: method?.customer ?? null };
}

/** The customer's instruments, oldest first. */
export function instrumentsOf(psp: PspContext, customerId: string): CardView[] {
  return psp.bank
    .methods({ customer: customerId })
    .map((method) => cardIn(method))
    .filter((stored) => stored?.kind === 'instrument')
    .map((stored) => stored?.view)
    .filter((view) => view !== undefined);
}

export function saveCustomer(psp: PspContext, customer: Customer): Customer {
  psp.bank.saveMethod({
    token: customer.id,
    customer: null,
    type: 'customer',
    brand: null,
    last4: null,
    expiryMonth: null,
    expiryYear: null,
    outcome: APPROVED,
    details: { kind: 'customer', customer },
  });
  return customer;
}

/** By id or e-mail address: the API takes either. */
export function findCustomer(psp: PspContext, idOrEmail: string): Customer | undefined {
  const id = idOrEmail.includes('@') ? customerIdOf(psp, idOrEmail) : idOrEmail;
  const details = psp.bank.findMethod(id)?.details;
  return details?.['kind'] === 'customer' ? (details['customer'] as Customer) : undefined;
}

/** An e-mail address belongs to one customer. */
export function customerIdOf(psp: PspContext, email: string): string {
  return idFrom('cus', `${psp.name} ${email.toLowerCase()}`);
}

/** `customer` of a request: an id that must be known, or an e-mail address that makes a customer. */
export function customerIn(psp: PspContext, given: JsonObject | undefined): Customer | null {
  const id = textAt(given, 'id');
  if (id !== undefined) {
    const found = findCustomer(psp, id);
    if (found === undefined) throw refusal('customer_id_invalid', 'customer.id');
    return found;
  }
  const email = textAt(given, 'email');
  if (email === undefined) return null;
  const name = textAt(given, 'name') ?? null;
  const known = findCustomer(psp, email);
  return known ?? { id: customerIdOf(psp, email), email, name, metadata: {}, defaultId: null };
}

function saveCard(psp: PspContext, token: string, stored: StoredCard, customer: string | null): void {
  const { view, name } = stored;
  psp.bank.saveMethod({
    token,
    customer,
    type: stored.kind === 'token' ? 'token' : 'card',
    brand: view.scheme,
    last4: view.last4,
    expiryMonth: view.expiryMonth,
    expiryYear: view.expiryYear,
    outcome: outcomeOf(name, NO_WISH, {
      scheme: schemeOfWord(view.scheme),
      amount: 0,
      expiryMonth: view.expiryMonth,
      expiryYear: view.expiryYear,
    }),
    details: { ...stored },
  });
}

function cardIn(method: SavedMethod | undefined): StoredCard | undefined {
  const kind = method?.details['kind'];
  return kind === 'token' || kind === 'instrument' ? (method?.details as unknown as StoredCard) : undefined;
}
