/**
 * Payout policy: what one fact does to one payout. Pure.
 *
 * What must hold: `post` only on proof that the PSP paid, `void` only on proof that it did
 * not and will not, or that the money came back; a time-out proves nothing, so the reservation
 * stays; never both.
 */
import type { NewCase } from './case.ts';
import { LIVE_STATUSES, type Attempt, type AttemptStatus } from './deposit.ts';
import type { FactSource } from './deposit-fact.ts';
import type { Money } from './money.ts';
import { isPayoutFinal, type Payout, type PayoutStatus } from './payout.ts';

export interface PayoutFact {
  source: FactSource;
  outcome:
    'paid' | 'failed' | 'returned' | 'pending' | 'not_reached' | 'refused' | 'in_doubt' | 'not_found' | 'absent_proven';
  psp: string;
  pspReference: string | null;
  money: Money | null;
  code: string | null;
  eventId: string | null;
}

export interface PayoutDecision {
  attemptStatus: AttemptStatus | null;
  payoutStatus: PayoutStatus | null;
  /** What happens to the reserved money: nothing, leaves for good, goes back to the wallet, or comes back after it had left. */
  ledger: 'none' | 'post' | 'void' | 'return';
  cases: NewCase[];
}

export type PayoutPolicy = (
  snapshot: { payout: Payout; attempt: Attempt; attempts: readonly Attempt[] },
  fact: PayoutFact,
) => PayoutDecision;

const NOTHING: PayoutDecision = { attemptStatus: null, payoutStatus: null, ledger: 'none', cases: [] };

export const payoutPolicy: PayoutPolicy = ({ payout, attempt }, fact) => {
  const live = LIVE_STATUSES.includes(attempt.status);
  const final = isPayoutFinal(payout.status);
  const toCase = (kind: NewCase['kind'], summary: string): NewCase => ({
    kind,
    subjectId: payout.id,
    psp: fact.psp,
    summary,
  });
  switch (fact.outcome) {
    case 'paid':
      if (fact.source === 'answer')
        return live && attempt.status !== 'approved' ? { ...NOTHING, attemptStatus: 'approved' } : NOTHING;
      if (!final && live) return { attemptStatus: 'approved', payoutStatus: 'succeeded', ledger: 'post', cases: [] };
      if (payout.status === 'succeeded' && attempt.status === 'approved') return NOTHING;
      // What the bank sent back had been paid; the word of that may come after it.
      if (payout.status === 'returned' && attempt.status === 'reversed') return NOTHING;
      return {
        ...NOTHING,
        cases: [
          toCase(
            'late_success',
            `${fact.psp} paid attempt ${attempt.id} when the payout was already ${live ? payout.status : 'given up there'}.`,
          ),
        ],
      };
    case 'failed':
      if (!live) return NOTHING;
      if (payout.status === 'succeeded') {
        // Two words that exclude each other; only the PSP's answer to a question decides between them.
        if (fact.source !== 'query' && fact.source !== 'replay')
          return {
            ...NOTHING,
            cases: [
              toCase(
                'contradictory_final',
                `${fact.psp} reports failure of payout attempt ${attempt.id}, which it had reported as paid; nothing was done.`,
              ),
            ],
          };
        return { attemptStatus: 'reversed', payoutStatus: 'returned', ledger: 'return', cases: [] };
      }
      return { attemptStatus: 'declined', payoutStatus: 'failed', ledger: 'void', cases: [] };
    case 'returned':
      if (payout.status === 'succeeded' && attempt.status === 'approved')
        return { attemptStatus: 'reversed', payoutStatus: 'returned', ledger: 'return', cases: [] };
      // It came back before we heard that it had been paid: the money never left the ledger.
      return live && !final
        ? { attemptStatus: 'reversed', payoutStatus: 'returned', ledger: 'void', cases: [] }
        : NOTHING;
    case 'not_reached':
    case 'refused':
      return fact.source === 'answer' && attempt.status === 'sent'
        ? { ...NOTHING, attemptStatus: 'not_reached', payoutStatus: final ? null : 'deferred' }
        : NOTHING;
    case 'absent_proven':
      return attempt.status === 'sent' || attempt.status === 'in_doubt'
        ? { ...NOTHING, attemptStatus: 'absent_proven', payoutStatus: final ? null : 'deferred' }
        : NOTHING;
    case 'in_doubt':
      return attempt.status === 'sent' ? { ...NOTHING, attemptStatus: 'in_doubt' } : NOTHING;
    case 'pending':
      return attempt.status === 'sent' || attempt.status === 'in_doubt'
        ? { ...NOTHING, attemptStatus: 'approved' }
        : NOTHING;
    case 'not_found':
      return NOTHING;
  }
};
