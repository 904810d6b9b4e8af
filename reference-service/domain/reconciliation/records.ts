/**
 * What reconciliation compares: an expectation is a movement that our books say happened at a
 * PSP, an item is a line in which the PSP says so. Both are signed: money to us is positive.
 */

/** Kinds of lines that stand for one movement of ours; all others belong to their settlement as a whole. */
export const ITEM_KINDS = [
  'payment',
  'refund',
  'refund_failed',
  'chargeback',
  'chargeback_reversed',
  'payout',
  'payout_returned',
] as const;
export type ItemKind = (typeof ITEM_KINDS)[number];

/** `missing`: a case says so. `suggested`: a line with other references may be it; a person decides. */
export type ExpectationState = 'open' | 'settled' | 'missing' | 'suggested';

export interface Expectation {
  id: number;
  kind: ItemKind;
  /** Our payment or payout. */
  subjectId: string;
  /** Our refund or dispute, else an empty text. */
  part: string;
  /** What the PSP was told: the id of the attempt. */
  reference: string;
  pspReference: string | null;
  partReference: string | null;
  amountMinor: number;
  currency: string;
  occurredAt: number;
  dueAt: number;
  lateAt: number;
  state: ExpectationState;
  /** The settlement that it came with, once settled. */
  batch: string | null;
}

export interface Item {
  id: number;
  batch: string;
  line: number;
  kind: ItemKind;
  reference: string | null;
  pspReference: string | null;
  partReference: string | null;
  grossMinor: number;
  currency: string;
  netMinor: number;
  feeMinor: number;
  settlementCurrency: string;
  occurredAt: number | null;
  /** When its settlement was closed. */
  settledAt: number;
  /** Part of its fee may stand elsewhere in the file (a conversion): the fee is not compared. */
  isConverted: boolean;
}

/** What we know of an attempt that a line names although nothing of it is expected. */
export interface KnownAttempt {
  reference: string;
  subjectKind: 'deposit' | 'payout';
  subjectId: string;
  /** The status of the payment or payout. */
  status: string;
}
