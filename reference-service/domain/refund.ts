/**
 * Refund: money of one payment that goes back to where it came from. What it is, and what one
 * word about it does to it.
 *
 *   unproven ─► wanted ─► received ─► done ─► returned        (the bank sent the refund back)
 *       │          └──────────┴─────► rejected                (it was never given back)
 *       └─► refuted
 *
 * Pure. What must hold: money leaves the hold once, on proof; goes back to the wallet once, on
 * proof; whatever contradicts a final state becomes a case and nothing else.
 */
import type { Money } from './money.ts';

/**
 * `late`: a late success or a second charge, never credited, given back by ourselves.
 * `platform`: asked for by the platform, reserved in the wallet.
 * `psp`: made at the PSP without us, in its dashboard; learned from its events.
 */
export type RefundOrigin = 'late' | 'platform' | 'psp';

/** `unproven`: the PSP is asked first whether the payment is ours; `refuted`: it is not. `received`: the PSP will tell. */
export const REFUND_STATUSES = ['unproven', 'refuted', 'wanted', 'received', 'done', 'rejected', 'returned'] as const;
export type RefundStatus = (typeof REFUND_STATUSES)[number];

export interface Refund extends Money {
  id: string;
  origin: RefundOrigin;
  attemptId: string;
  paymentId: string;
  psp: string;
  /** The PSP's id of the payment that is given back. */
  pspReference: string | null;
  /** The PSP's id of the refund itself, once learned. Null for a refund that is known only from the payment's total. */
  partReference: string | null;
  /** `psp` only: how much of the amount moved in the ledger; less where an earlier total had moved it already. */
  bookedMinor: number;
  /** `psp` without an id of its own: how much of it refunds told of later have turned out to be. */
  explainedMinor: number;
  reason: string | null;
  idempotencyKey: string;
  status: RefundStatus;
  /** Why it was not given back, in words that the platform may show. */
  failureReason: string | null;
  /** When it first may have reached the PSP; its key lives from then. */
  sentAt: number | null;
  /** When the PSP says that it became what it is; null when only an answer says so. */
  finalAt: number | null;
  tries: number;
  createdAt: number;
  updatedAt: number;
  nextStepAt: number | null;
}

export interface RefundWord {
  says: 'done' | 'failed';
  /** At the PSP; null for the answer to our call. */
  occurredAt: number | null;
}

export interface RefundDecision {
  status: RefundStatus | null;
  /** The reservation leaves for good, goes back to the wallet, or money that had left comes back. */
  ledger: 'none' | 'post' | 'void' | 'return';
  /** The word contradicts what was proven before. */
  contradicts: boolean;
}

const NOTHING: RefundDecision = { status: null, ledger: 'none', contradicts: false };

/** What one word of the PSP does to a refund that we asked for, or that we know by its id. */
export function refundMachine(
  { status, finalAt }: Pick<Refund, 'status' | 'finalAt'>,
  word: RefundWord,
): RefundDecision {
  const isUnderWay = status === 'wanted' || status === 'received';
  if (word.says === 'failed') {
    if (isUnderWay) return { ...NOTHING, status: 'rejected', ledger: 'void' };
    return status === 'done' ? { ...NOTHING, status: 'returned', ledger: 'return' } : NOTHING;
  }
  if (isUnderWay) return { ...NOTHING, status: 'done', ledger: 'post' };
  if (status === 'done') return NOTHING;
  // A failed refund stays failed; the success that came before it may be told after it.
  const isOlder = word.occurredAt === null || (finalAt !== null && word.occurredAt <= finalAt);
  return isOlder ? NOTHING : { ...NOTHING, contradicts: true };
}

/** What the platform has asked to give back and no PSP has ended yet: it is reserved, in minor units. */
export function underWayMinor(refunds: readonly Pick<Refund, 'origin' | 'status' | 'amountMinor'>[]): number {
  return refunds
    .filter(({ origin, status }) => origin === 'platform' && (status === 'wanted' || status === 'received'))
    .reduce((sum, refund) => sum + refund.amountMinor, 0);
}

/** What of a payment can still be given back, in minor units; zero or more. */
export function refundableMinor(payment: {
  creditedMinor: number | null;
  refundedMinor: number;
  disputedMinor: number;
}): number {
  return Math.max(0, (payment.creditedMinor ?? 0) - payment.refundedMinor - payment.disputedMinor);
}
