/**
 * The things a history is about, after indexing: operations, payments, books, deliveries,
 * exchanges, ledger entries, cases. Each record keeps the indexes of the events it was read
 * from, so that a violation can name its witnesses.
 */
import type { AttemptValue, SignatureKind } from './vocabulary.ts';

/** A point of the history. */
export interface Mark {
  index: number;
  t: number;
}

export type Outcome = 'ok' | 'fail' | 'info' | 'open';

/** One request of a client and its answer; `open` when the run ended first. */
export interface Operation {
  f: string;
  op: string;
  proc: string;
  invoked: Mark;
  /** Whatever the invoke said; see the invoke types of the vocabulary. */
  input: Readonly<Record<string, unknown>>;
  outcome: Outcome;
  ended?: Mark;
  answer: Readonly<Record<string, unknown>>;
}

/** One change in a PSP's books. */
export interface BooksChange extends Mark {
  state: string;
  amountMinor: number;
  capturedMinor: number;
  refundedMinor: number;
}

/** One payment, payout or refund as its PSP knows it: the ground truth. */
export interface BookEntry {
  psp: string;
  kind: 'payment' | 'payout' | 'refund' | 'dispute';
  pspReference: string;
  reference: string;
  currency: string;
  changes: [BooksChange, ...BooksChange[]];
  last: BooksChange;
  /** Of a payment: refunds that its PSP has accepted and not carried out by the end, in minor units. */
  goingBackMinor: number;
}

export interface Exchange {
  psp: string;
  operation: string;
  path: string;
  reference: string | null;
  /** Null when the request carried none. */
  idempotencyKey: string | null;
  received: Mark;
  outcome: string;
  status: number | null;
  ended?: Mark;
  /** Wall milliseconds of the PSP's latency that were meant; known over real sockets only. */
  waitedMs?: number;
}

/** One try at delivering a webhook event. */
export interface Delivery {
  psp: string;
  deliveryId: string;
  eventId: string;
  attempt: number;
  event: string;
  kind: 'payment' | 'payout' | 'refund' | 'dispute' | 'settlement';
  state: string;
  reference: string | null;
  amountMinor: number;
  currency: string;
  signature: SignatureKind;
  tampered: null | 'amount' | 'currency' | 'state' | 'type' | 'reference' | 'environment' | 'body';
  sent: Mark;
  /** The target's HTTP status, when it answered. */
  ackStatus: number | null;
  ended?: Mark;
  dropReason?: string;
}

/** A ledger entry of a player's wallet or hold account, as the target's API lists it. */
export interface LedgerEntry {
  entryId: number;
  transferId: string;
  kind: string;
  account: string;
  amountMinor: number;
  currency: string;
  paymentId: string;
  playerId: string;
  /** The first probe that showed it: an upper bound of when it was written. */
  firstSeen: Mark;
  /** Latest scenario time at which it was written: its own time stamp where that can be mapped, else `firstSeen.t`. */
  writtenBy: number;
}

export interface CaseRecord {
  caseId: string;
  kind: string;
  open: boolean;
  subjectId: string;
  psp: string | null;
  summary: string;
  /** What the PSP gave too little by it (negative: too much); null where it is about no amount. */
  openMinor: number | null;
  /** The first probe that listed it. */
  firstSeen: Mark;
  /** Latest scenario time at which it was opened, like `LedgerEntry.writtenBy`. */
  openedBy: number;
}

/** One answer of the target about a payment or payout. */
export interface StatusObservation extends Mark {
  askedT: number;
  status: string;
  /** What the target says it has credited; null where it says nothing. */
  creditedMinor: number | null;
  final: boolean;
  attempts: readonly AttemptValue[];
}

/** A deposit or payout of the target, with everything known about it. */
export interface PaymentRecord {
  id: string;
  kind: 'deposit' | 'payout';
  playerId: string;
  /** Null when the target's amount could not be read. */
  amountMinor: number | null;
  currency: string;
  /** When it began, by the target's own clock; null where no probe said so. */
  createdAt: string | null;
  operations: Operation[];
  /** What the platform asked to be done with it: captures, voids and refunds. */
  requests: Operation[];
  /** The player's browser coming back from 3DS. */
  returns: Operation[];
  observations: StatusObservation[];
  /** The last probe of phase `final`, when there was one. */
  final?: StatusObservation;
  /** Our attempt ids: the references that PSPs know it by. */
  references: string[];
  books: BookEntry[];
  exchanges: Exchange[];
  deliveries: Delivery[];
  entries: LedgerEntry[];
  cases: CaseRecord[];
}

/** A refund that the platform asked for, as the target tells of it. */
export interface RefundRecord {
  id: string;
  paymentId: string;
  amountMinor: number | null;
  currency: string;
  observations: (Mark & { askedT: number; status: string })[];
  /** The last probe of phase `final`, when there was one. */
  final?: Mark & { status: string };
}

/** A player's wallet balances from one probe. */
export interface WalletsObservation extends Mark {
  final: boolean;
  wallets: { currency: string; availableMinor: number | null; heldMinor: number | null }[];
}

export interface EntriesObservation extends Mark {
  final: boolean;
  entryIds: ReadonlySet<number>;
}

export interface PlayerRecord {
  id: string;
  entries: LedgerEntry[];
  entriesProbes: EntriesObservation[];
  walletProbes: WalletsObservation[];
  /** Entry texts whose amount could not be read. */
  unreadable: Mark[];
}

export interface LedgerObservation extends Mark {
  final: boolean;
  accounts: { account: string; currency: string; balanceMinor: number | null }[];
}

/** One telling of an event by the target to the platform, as the platform received it. */
export interface ToldEvent extends Mark {
  eventId: string;
  /** `deposit.succeeded`, … */
  type: string;
  subjectId: string;
  /** What the event says of its subject's status; null when it says nothing. */
  status: string | null;
  /** The signature and the time of the telling fit. */
  verified: boolean;
}

/** A hit of a fault, or the window in which it may hit. */
export interface FaultMark extends Mark {
  fault: string;
  faultId: string;
  psp: string | null;
  reference: string | null;
  phase: 'hit' | 'begin' | 'end';
}
