/**
 * In which states of its life a payment was, and from which event of the history to which: read
 * from the PSPs' books and from the calls that were under way. Only what the history shows counts.
 */
import type { BookEntry, Exchange, PaymentRecord, RunModel } from '../history/index.ts';

export const STATES = [
  'deposit-requested',
  'deposit-sent',
  'in-doubt',
  'challenge',
  'authorized',
  'capture-sent',
  'void-sent',
  'captured',
  'refund-sent',
  'refund-pending',
  'refunded',
  'dispute-open',
  'dispute-ended',
  'deposit-ended',
  'payout-reserved',
  'payout-sent',
  'payout-pending',
  'payout-paid',
  'payout-failed',
  'payout-returned',
] as const;

export type LifeState = (typeof STATES)[number];

/** Events from `from` up to but not including `to` fall into it. */
export interface Stretch {
  state: LifeState;
  payment: string;
  psp: string | null;
  from: number;
  to: number;
}

/** The neutral states of the books. */
const OF_BOOKS: Readonly<Record<BookEntry['kind'], Readonly<Record<string, LifeState>>>> = {
  payment: {
    requires_action: 'challenge',
    authorized: 'authorized',
    captured: 'captured',
    refunded: 'refunded',
    declined: 'deposit-ended',
    canceled: 'deposit-ended',
    expired: 'deposit-ended',
  },
  payout: { pending: 'payout-pending', paid: 'payout-paid', failed: 'payout-failed', returned: 'payout-returned' },
  refund: { pending: 'refund-pending', succeeded: 'refunded', failed: 'captured' },
  dispute: {
    open: 'dispute-open',
    under_review: 'dispute-open',
    won: 'dispute-ended',
    lost: 'dispute-ended',
    reversed: 'dispute-ended',
  },
};

const WHILE_CALLED: Readonly<Record<string, LifeState>> = {
  'create-payment': 'deposit-sent',
  'confirm-payment': 'deposit-sent',
  capture: 'capture-sent',
  void: 'void-sent',
  refund: 'refund-sent',
  'create-payout': 'payout-sent',
};

const MOVES_MONEY = ['create-payment', 'confirm-payment', 'create-payout'];

export function stretchesOf(run: RunModel): Stretch[] {
  const end = run.events.length;
  return [...run.payments.values()].flatMap((payment) => [
    ...beforeTheBooks(payment, end),
    ...payment.books.flatMap((entry) => ofBooks(payment, entry, end)),
    ...payment.exchanges.flatMap((exchange) => ofCall(payment, exchange, end)),
  ]);
}

/** From the first request to the first thing that a PSP knows. */
function beforeTheBooks(payment: PaymentRecord, end: number): Stretch[] {
  const from = Math.min(...payment.operations.map(({ invoked }) => invoked.index));
  if (!Number.isFinite(from)) return [];
  const to = Math.min(end, ...payment.books.map(({ changes }) => changes[0].index));
  const state = payment.kind === 'deposit' ? 'deposit-requested' : 'payout-reserved';
  return [{ state, payment: payment.id, psp: null, from, to }];
}

function ofBooks(payment: PaymentRecord, entry: BookEntry, end: number): Stretch[] {
  return entry.changes.flatMap(({ state: word, index }, place) => {
    const state = OF_BOOKS[entry.kind][word];
    if (state === undefined) return [];
    const to = entry.changes[place + 1]?.index ?? end;
    return [{ state, payment: payment.id, psp: entry.psp, from: index, to }];
  });
}

/** While the call is under way, and after it while nobody can know what became of it. */
function ofCall(payment: PaymentRecord, exchange: Exchange, end: number): Stretch[] {
  const { psp, operation, received, ended, status } = exchange;
  const state = WHILE_CALLED[operation];
  if (state === undefined) return [];
  const to = ended?.index ?? end;
  // The fault that strikes a call stands after its arrival in the history.
  const called: Stretch = { state, payment: payment.id, psp, from: received.index, to: to + 1 };
  const answered = status !== null && status < 500;
  if (answered || !MOVES_MONEY.includes(operation)) return [called];
  const word = Math.min(
    end,
    ...payment.exchanges.filter(tells).flatMap((later) => (later.ended?.index ?? end) > to ? [later.ended?.index ?? end] : []),
    ...payment.deliveries.filter(({ ackStatus }) => ackStatus !== null).flatMap(({ ended: done }) => (done !== undefined && done.index > to ? [done.index] : [])),
  );
  return [called, { state: 'in-doubt', payment: payment.id, psp, from: to, to: word + 1 }];
}

function tells({ status }: Exchange): boolean {
  return status !== null && status < 300;
}
