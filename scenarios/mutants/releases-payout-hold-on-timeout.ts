/** A payout without an answer counts as failed: the money goes back to the wallet, and perhaps to the bank as well. */
import type { Mutant } from './mutant.ts';

export const releasesPayoutHoldOnTimeout: Mutant = {
  name: 'releases-payout-hold-on-timeout',
  title: 'Releases the reserved money when a payout times out',
  breaks: 'A time-out of the payout call is treated as failure, so the player has the money twice.',
  precedent: 'The guide of Mastercard Send: after a time-out wait and repeat with the same reference, never anew',
  mutation: () => ({
    parts: ({ payoutPolicy }) => ({
      payoutPolicy: (snapshot, fact) =>
        fact.outcome === 'in_doubt' && snapshot.attempt.status === 'sent'
          ? { attemptStatus: 'declined', payoutStatus: 'failed', ledger: 'void', cases: [] }
          : payoutPolicy(snapshot, fact),
    }),
  }),
};
