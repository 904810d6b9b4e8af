/**
 * What several invariants ask of a run in the same way: which entries are credits, whether a
 * case is open, whether a state change was proven to the target, and how to name things in a
 * sentence. No judgement happens here.
 */
import { firstCapture, money, netCaptured, timeText } from '../history/index.ts';
import type {
  BookEntry,
  BooksChange,
  Delivery,
  Exchange,
  LedgerEntry,
  PaymentRecord,
  RunModel,
  SignatureKind,
} from '../history/index.ts';

/** Wallet entries that put a deposit's money into the player's hands. */
export function creditsOf(payment: PaymentRecord): LedgerEntry[] {
  return payment.entries.filter((entry) => entry.kind === 'deposit_credit' && isWallet(entry));
}

/** What the player still has of a deposit, in minor units: credited, minus all that went back, free or reserved. */
export function netCredit(payment: PaymentRecord): number {
  return payment.entries.reduce((sum, entry) => sum + entry.amountMinor, 0);
}

function isWallet(entry: LedgerEntry): boolean {
  return entry.account.startsWith('wallet:');
}

/** A person has been told: an open case excuses what is not yet right. */
export function hasOpenCase(payment: PaymentRecord): boolean {
  return payment.cases.some((item) => item.open);
}

/** The player's ledger was read after the run had settled. */
export function finalLedgerRead(run: RunModel, payment: PaymentRecord): boolean {
  return run.players.get(payment.playerId)?.entriesProbes.some((probe) => probe.final) ?? false;
}

/** The payment's entries at its PSPs, without refunds (which the payment's own entry sums up). */
export function paymentBooks(payment: PaymentRecord): BookEntry[] {
  return payment.books.filter((entry) => entry.kind === 'payment');
}

export function payoutBooks(payment: PaymentRecord): BookEntry[] {
  return payment.books.filter((entry) => entry.kind === 'payout');
}

/**
 * Money that the PSPs hold for the payment at the end: captured minus refunded. A refund that the PSP has
 * accepted is out of our hands; with some it takes more than a day.
 */
export function heldByPsps(payment: PaymentRecord): BookEntry[] {
  return paymentBooks(payment).filter((entry) => netCaptured(entry.last) > entry.goingBackMinor);
}

/** The change at which money was first taken; the last change where none was. */
export function firstTaken(entry: BookEntry): BooksChange {
  return firstCapture(entry) ?? entry.last;
}

export function acknowledged(delivery: Delivery): boolean {
  return delivery.ackStatus !== null && delivery.ackStatus >= 200 && delivery.ackStatus < 300;
}

/** Signed as it should be and saying what the books say. */
export function genuine(delivery: Delivery): boolean {
  return delivery.signature === 'valid' && delivery.tampered === null;
}

/** The same event in its true form was acknowledged before: a later copy may be dropped as a duplicate. */
export function knownBefore(run: RunModel, delivery: Delivery): boolean {
  return run.deliveriesOf(delivery.reference).some((other) => {
    const same = other.psp === delivery.psp && other.eventId === delivery.eventId;
    return same && genuine(other) && acknowledged(other) && other.sent.index < delivery.sent.index;
  });
}

/** States in which an event about a payment says that money was taken; a refund always says so. */
const TAKEN: ReadonlySet<string> = new Set(['captured', 'authorized', 'refunded', 'partially_refunded']);

function saysTaken(delivery: Delivery): boolean {
  return delivery.kind === 'refund' || TAKEN.has(delivery.state);
}

export interface Proof {
  index: number;
  t: number;
  text: string;
}

/**
 * The first time after `change` at which the PSP can have told the target about it: a genuine
 * webhook that left, or an authenticated API answer. Exchanges without a reference count for
 * every payment of that PSP: doubt speaks for the target.
 */
export function firstProof(run: RunModel, entry: BookEntry, change: BooksChange): Proof | undefined {
  const names = [entry.reference, entry.pspReference];
  const proofs: Proof[] = [];
  for (const exchange of [...names, null].flatMap((name) => run.exchangesOf(name))) {
    if (exchange.psp !== entry.psp || exchange.ended === undefined || exchange.ended.index <= change.index) continue;
    if (!tellsTheTarget(exchange)) continue;
    proofs.push({ ...exchange.ended, text: `answered ${exchange.operation}` });
  }
  for (const delivery of names.flatMap((name) => run.deliveriesOf(name))) {
    if (delivery.psp !== entry.psp || !genuine(delivery) || !saysTaken(delivery)) continue;
    if (delivery.sent.index > change.index) proofs.push({ ...delivery.sent, text: `sent ${delivery.event}` });
  }
  return proofs.sort((a, b) => a.t - b.t || a.index - b.index)[0];
}

/** An authenticated answer that can carry a state; the cardholder's page is not for the target. */
function tellsTheTarget(exchange: Exchange): boolean {
  return exchange.outcome === 'answered' && (exchange.status ?? 500) < 400 && !exchange.path.includes('/assay/3ds');
}

/* ---------- words ---------- */

export const SIGNATURE_WORDS: Readonly<Record<SignatureKind, string>> = {
  valid: 'a valid signature',
  'wrong-key': 'a signature of the wrong key',
  missing: 'no signature',
  malformed: 'a malformed signature',
  stale: 'a signature that is too old',
  'altered-body': 'a signature that does not fit its body',
};

/** `pay_1 (50.00 EUR)`: how a sentence introduces a payment. */
export function named(payment: PaymentRecord): string {
  const what = payment.kind === 'deposit' ? 'Payment' : 'Payout';
  return payment.amountMinor === null
    ? `${what} ${payment.id}`
    : `${what} ${payment.id} (${money(payment.amountMinor, payment.currency)})`;
}

export function at(t: number): string {
  return `at ${timeText(t)}`;
}

/** For a time that is an upper bound: the thing had happened by then. */
export function by(t: number): string {
  return `by ${timeText(t)}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

export function deposits(run: RunModel): PaymentRecord[] {
  return [...run.payments.values()].filter((payment) => payment.kind === 'deposit');
}

export function payouts(run: RunModel): PaymentRecord[] {
  return [...run.payments.values()].filter((payment) => payment.kind === 'payout');
}
