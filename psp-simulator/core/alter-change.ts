/**
 * An altered copy of a book change, for messages that lie: the PSP's own error, a forger, or
 * a contradiction. The books stay as they are; only what is said about them differs.
 */
import type { BookChange } from './book-change.ts';
import type { PaymentRecord } from './records.ts';

/** What the message says instead of the truth. Whatever is not given stays true. */
export interface Alteration {
  amountFactor?: number;
  currency?: string;
  /** `succeeded` and `failed` in the sense of the record's kind. */
  claim?: 'succeeded' | 'failed';
}

export function alterChange(change: BookChange, alteration: Alteration): BookChange {
  return alterState(alterMoney(change, alteration), alteration.claim);
}

function alterMoney(change: BookChange, { amountFactor = 1, currency }: Alteration): BookChange {
  const scale = (minor: number): number => Math.max(minor === 0 ? 0 : 1, Math.round(minor * amountFactor));
  const money = { amountMinor: scale(change.record.amountMinor), currency: currency ?? change.record.currency };
  const movedMinor = scale(change.movedMinor);
  if (change.record.kind === 'payment') {
    const record: PaymentRecord = {
      ...change.record,
      ...money,
      capturedMinor: scale(change.record.capturedMinor),
      refundedMinor: scale(change.record.refundedMinor),
      capturableMinor: scale(change.record.capturableMinor),
      disputedMinor: scale(change.record.disputedMinor),
      captures: change.record.captures.map((capture) => ({ ...capture, amountMinor: scale(capture.amountMinor) })),
    };
    return { ...change, movedMinor, record } as BookChange;
  }
  return { ...change, movedMinor, record: { ...change.record, ...money } } as BookChange;
}

function alterState(change: BookChange, claim: Alteration['claim']): BookChange {
  if (claim === undefined) return change;
  const { record } = change;
  if (record.kind === 'payout') {
    const state = claim === 'succeeded' ? 'paid' : 'failed';
    return { ...change, type: `payout-${state}`, record: { ...record, state } } as BookChange;
  }
  if (record.kind === 'refund') {
    return { ...change, type: `refund-${claim}`, record: { ...record, state: claim } } as BookChange;
  }
  if (record.kind === 'dispute') {
    const state = claim === 'succeeded' ? 'won' : 'lost';
    return { ...change, type: `dispute-${state}`, record: { ...record, state } } as BookChange;
  }
  if (claim === 'failed') {
    const declined: PaymentRecord = {
      ...record,
      state: 'declined',
      capturedMinor: 0,
      refundedMinor: 0,
      captures: [],
      capturableMinor: 0,
      declineReason: 'generic',
    };
    return { ...change, type: 'payment-declined', movedMinor: 0, record: declined };
  }
  const captured: PaymentRecord = {
    ...record,
    state: 'captured',
    capturedMinor: record.amountMinor,
    captures: [{ id: claimedCapture(record), amountMinor: record.amountMinor, atMs: change.atMs, final: true }],
    capturableMinor: 0,
    declineReason: null,
  };
  return { ...change, type: 'payment-captured', movedMinor: record.amountMinor, record: captured };
}

/** A capture that never was has an id all the same: the latest one, or one made of the payment's. */
function claimedCapture(record: PaymentRecord): string {
  return record.captures.at(-1)?.id ?? `${record.pspReference}-c1`;
}
