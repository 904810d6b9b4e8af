/**
 * Deposit machine: what one fact does to one payment.
 *
 *   created ─► sent ─► in_doubt ─► requires_action ─► approved        (live, ranks rise only)
 *                 └────────┴────────────┴──► declined · not_reached · absent_proven · canceled
 *                                                              └── late success ──► reversed
 *
 * Two steps: `authorized` between the last two, and the payment with it. Nothing is credited
 * there; a capture that is proven then credits what was captured.
 *
 * Pure: (payment, attempt, its siblings, fact) in, decision out. What must hold for every
 * input: final payments stay as they are (but for `refunded`, when a late success went back);
 * money is credited only on proof of success, once, for the one attempt that counts; whatever
 * contradicts a final state becomes a case and nothing else.
 */
import { isLive, type Attempt, type AttemptStatus, type Payment, type PaymentStatus } from './deposit.ts';
import { isProof, type DepositFact } from './deposit-fact.ts';
import type { NewCase } from './case.ts';

export interface DepositSnapshot {
  payment: Payment;
  /** The attempt that the fact is about. */
  attempt: Attempt;
  /** All attempts of the payment, the one above included, in order of `seq`. */
  attempts: readonly Attempt[];
}

export interface DepositDecision {
  attemptStatus: AttemptStatus | null;
  paymentStatus: PaymentStatus | null;
  /** Credit the wallet for this attempt. */
  credit: boolean;
  /** Give the money of this attempt back at its PSP. */
  refund: boolean;
  /** The refund of this attempt is done. */
  refundDone: boolean;
  cases: NewCase[];
}

export type DepositMachine = (snapshot: DepositSnapshot, fact: DepositFact) => DepositDecision;

const NOTHING: DepositDecision = {
  attemptStatus: null,
  paymentStatus: null,
  credit: false,
  refund: false,
  refundDone: false,
  cases: [],
};

/** The neutral code of what ended because nobody acted in time. */
const RAN_OUT = 'expired';

/** Live statuses in the only order in which an attempt may pass them. */
const RANK: Partial<Record<AttemptStatus, number>> = {
  created: 0,
  sent: 1,
  in_doubt: 2,
  requires_action: 3,
  authorized: 4,
  approved: 5,
};

export const depositMachine: DepositMachine = (snapshot, fact) => {
  switch (fact.outcome) {
    case 'succeeded':
      return isProof(fact) ? onProvenSuccess(snapshot, fact) : rise(snapshot.attempt, 'approved');
    case 'declined':
    case 'canceled':
      return onFailure(snapshot, fact, fact.outcome);
    case 'refunded':
      return onRefunded(snapshot, fact);
    case 'requires_action':
      return rise(snapshot.attempt, 'requires_action');
    case 'authorized':
      return onAuthorized(snapshot);
    case 'in_doubt':
      return rise(snapshot.attempt, 'in_doubt');
    case 'pending':
    case 'not_found':
      return NOTHING;
    case 'not_reached':
    case 'refused':
      // Only the first send can prove that nothing arrived: an earlier try under the same key may have.
      return fact.source === 'answer' && snapshot.attempt.status === 'sent'
        ? { ...NOTHING, attemptStatus: 'not_reached' }
        : NOTHING;
    case 'absent_proven':
      return snapshot.attempt.status === 'sent' || snapshot.attempt.status === 'in_doubt'
        ? { ...NOTHING, attemptStatus: 'absent_proven' }
        : NOTHING;
  }
};

function rise(attempt: Attempt, to: AttemptStatus): DepositDecision {
  const from = RANK[attempt.status];
  const target = RANK[to];
  return from !== undefined && target !== undefined && target > from ? { ...NOTHING, attemptStatus: to } : NOTHING;
}

function onAuthorized({ payment, attempt }: DepositSnapshot): DepositDecision {
  const risen = rise(attempt, 'authorized');
  const reached = risen.attemptStatus !== null && payment.capture === 'manual' && payment.status === 'pending';
  return reached ? { ...risen, paymentStatus: 'authorized' } : risen;
}

function onProvenSuccess({ payment, attempt, attempts }: DepositSnapshot, fact: DepositFact): DepositDecision {
  if (payment.creditedAttemptId === attempt.id || attempt.status === 'reversed') return NOTHING;
  const rival = attempts.some((other) => other.id !== attempt.id && isLive(other));
  const isOpen = payment.status === 'pending' || payment.status === 'authorized';
  if (isOpen && !rival && payment.capture === 'manual' && payment.captureMinor === null && fact.money === null) {
    // Somebody else captured it, perhaps a part: without an amount nobody knows how much.
    const summary = `${fact.psp} reports attempt ${attempt.id} as captured, which we did not ask for, without an amount.`;
    return {
      ...NOTHING,
      cases: [{ kind: 'amount_mismatch', subjectId: payment.id, psp: fact.psp, summary }],
    };
  }
  if (isOpen && !rival) {
    return { ...NOTHING, attemptStatus: 'approved', paymentStatus: 'succeeded', credit: true };
  }
  const lateSuccess: NewCase = {
    kind: 'late_success',
    subjectId: payment.id,
    psp: fact.psp,
    summary: `Attempt ${attempt.id} succeeded when the payment was ${rival ? 'already with another attempt' : payment.status}; its money goes back to the card.`,
  };
  return { ...NOTHING, refund: true, cases: [lateSuccess] };
}

function onFailure(
  { payment, attempt }: DepositSnapshot,
  fact: DepositFact,
  outcome: 'declined' | 'canceled',
): DepositDecision {
  if (payment.creditedAttemptId === attempt.id) return { ...NOTHING, cases: [contradiction(payment, attempt, fact)] };
  if (!isLive(attempt)) return NOTHING;
  // The PSP said yes to our call, so one event that says no is a contradiction; a status query settles it.
  if (attempt.status === 'approved' && fact.source === 'webhook')
    return { ...NOTHING, cases: [contradiction(payment, attempt, fact)] };
  if (payment.status === 'authorized') {
    if (!isProof(fact)) return NOTHING;
    // A reservation that ran out took nothing and was refused by nobody, in whatever word the PSP tells it.
    if (outcome === 'canceled' || fact.code === RAN_OUT)
      return { ...NOTHING, attemptStatus: 'canceled', paymentStatus: 'canceled' };
    // Reserved, and then said to be declined though nothing was captured: the reservation stands until a query says else.
    if (fact.source === 'webhook' && payment.captureMinor === null)
      return { ...NOTHING, cases: [contradiction(payment, attempt, fact)] };
    return { ...NOTHING, attemptStatus: 'declined', paymentStatus: 'failed' };
  }
  // Once the player was sent to a challenge the payment stays with that PSP to the end.
  const mayMoveOn = outcome === 'declined' && fact.declineClass === 'technical' && attempt.status !== 'requires_action';
  return {
    ...NOTHING,
    attemptStatus: outcome,
    paymentStatus: mayMoveOn || payment.status !== 'pending' ? null : outcome,
  };
}

function onRefunded({ payment, attempt, attempts }: DepositSnapshot, fact: DepositFact): DepositDecision {
  if (!isProof(fact)) return NOTHING;
  if (payment.creditedAttemptId === attempt.id) return { ...NOTHING, cases: [contradiction(payment, attempt, fact)] };
  const rival = attempts.some((other) => other.id !== attempt.id && isLive(other));
  const closes =
    payment.status !== 'succeeded' && payment.status !== 'refunded' && !(payment.status === 'pending' && rival);
  return {
    ...NOTHING,
    attemptStatus: attempt.status === 'reversed' ? null : 'reversed',
    paymentStatus: closes ? 'refunded' : null,
    refundDone: true,
  };
}

function contradiction(payment: Payment, attempt: Attempt, fact: DepositFact): NewCase {
  return {
    kind: 'contradictory_final',
    subjectId: payment.id,
    psp: fact.psp,
    summary: `${fact.psp} reports "${fact.outcome}" for attempt ${attempt.id}, which it had reported as ${attempt.status === 'authorized' ? 'authorized' : 'succeeded'}; the ledger stays as it is.`,
  };
}
