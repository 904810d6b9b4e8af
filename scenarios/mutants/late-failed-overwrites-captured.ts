/** The last event wins: a late "failed" turns a paid deposit back. PSPs promise no order. */
import type { Mutant } from './mutant.ts';

export const lateFailedOverwritesCaptured: Mutant = {
  name: 'late-failed-overwrites-captured',
  title: 'A late "failed" overwrites a success',
  breaks: 'The status of the last event is written down, although events arrive in any order.',
  precedent: 'The PSPs say so themselves: the order of webhooks is not guaranteed',
  mutation: () => ({
    parts: ({ depositMachine }) => ({
      depositMachine: (snapshot, fact) =>
        fact.outcome === 'declined' && snapshot.payment.creditedAttemptId === snapshot.attempt.id
          ? {
              attemptStatus: 'declined',
              paymentStatus: 'declined',
              credit: false,
              refund: false,
              refundDone: false,
              cases: [],
            }
          : depositMachine(snapshot, fact),
    }),
  }),
};
