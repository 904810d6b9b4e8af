/**
 * Broken payouts: money is reserved, then it leaves for good or comes back, and a time-out
 * proves neither.
 */
import type { PayoutDecision, PayoutPolicy, PspEvent } from '../../../reference-service/index.ts';
import type { ServiceMutation } from '../../drivers/index.ts';
import type { Mutant } from '../mutant.ts';
import { withAdapter } from './swaps.ts';

function withPolicy(change: (shipped: PayoutPolicy) => PayoutPolicy): ServiceMutation {
  return { parts: ({ payoutPolicy }) => ({ payoutPolicy: change(payoutPolicy) }) };
}

/** What is decided when the call that sends a payout has no answer. */
function withoutAnAnswer(decided: PayoutDecision): Mutant['mutation'] {
  return (acted) =>
    withPolicy((shipped) => (snapshot, fact) => {
      if (fact.outcome !== 'in_doubt' || snapshot.attempt.status !== 'sent') return shipped(snapshot, fact);
      acted();
      return decided;
    });
}

const releasesPayoutHoldOnTimeout: Mutant = {
  name: 'releases-payout-hold-on-timeout',
  title: 'Releases the reserved money when a payout times out',
  breaks: 'A time-out of the payout call is treated as failure, so the player has the money twice.',
  precedent: 'The guide of Mastercard Send: after a time-out wait and repeat with the same reference, never anew',
  against: 'I6',
  alsoIn: ['payout-timeout'],
  mutation: withoutAnAnswer({ attemptStatus: 'declined', payoutStatus: 'failed', ledger: 'void', cases: [] }),
};

const paysOutAgainInDoubt: Mutant = {
  name: 'pays-out-again-in-doubt',
  title: 'Sends a payout anew when it times out',
  breaks: 'A payout without an answer is made a second time as a new one, at whichever PSP is free.',
  precedent: 'Ezypay, 17 May 2023: customers were billed two to four times',
  against: 'I6',
  alsoIn: ['payout-timeout'],
  mutation: withoutAnAnswer({ attemptStatus: 'not_reached', payoutStatus: 'deferred', ledger: 'none', cases: [] }),
};

const postsBeforePaid: Mutant = {
  name: 'posts-before-paid',
  title: 'Books a payout as paid when the PSP has accepted it',
  breaks: 'Accepted is taken for paid: the money has left the books while the bank may still refuse it.',
  precedent: 'TigerBeetle: a pending transfer is posted or voided by a second one, never by the first',
  against: 'I6',
  alsoIn: ['payout-timeout', 'returned-payouts'],
  mutation: (acted) =>
    withPolicy((shipped) => (snapshot, fact) => {
      if (fact.outcome !== 'pending' || fact.source !== 'answer' || snapshot.payout.status !== 'pending')
        return shipped(snapshot, fact);
      acted();
      return { attemptStatus: 'approved', payoutStatus: 'succeeded', ledger: 'post', cases: [] };
    }),
};

const keepsTheHoldOfAFailedPayout: Mutant = {
  name: 'keeps-the-hold-of-a-failed-payout',
  title: 'Leaves the money of a failed payout reserved',
  breaks: 'The payout is marked as failed, and nobody gives the reserved money back to the wallet.',
  against: 'I6',
  alsoIn: ['payout-timeout'],
  mutation: (acted) =>
    withPolicy((shipped) => (snapshot, fact) => {
      const decision = shipped(snapshot, fact);
      if (decision.ledger !== 'void') return decision;
      acted();
      return { ...decision, ledger: 'none' };
    }),
};

const ignoresReturnedPayouts: Mutant = {
  name: 'ignores-returned-payouts',
  title: 'Takes a paid payout for the end of it',
  breaks: 'The bank sends a payout back days later, and the player never gets the money again.',
  precedent: 'Stripe: a payout that was paid may still fail within days, and its money comes back',
  against: 'I5',
  alsoIn: ['returned-payouts'],
  mutation: (acted) =>
    withPolicy((shipped) => (snapshot, fact) => {
      const decision = shipped(snapshot, fact);
      if (decision.ledger !== 'return') return decision;
      acted();
      return { attemptStatus: null, payoutStatus: null, ledger: 'none', cases: [] };
    }),
};

/** Answers from what a webhook said, as if the PSP had been asked. */
const trustsTheFailedWebhook: Mutant = {
  name: 'trusts-the-failed-webhook',
  title: 'Gives a payout back on a webhook without asking',
  breaks: 'A "failed" is believed at once, although the PSP may have paid and said so in another webhook.',
  against: 'I6',
  alsoIn: ['contradictory-finals', 'payout-timeout'],
  mutation: (acted) => {
    const failed = new Set<string>();
    const remember = ({ subject, outcome, reference }: PspEvent): void => {
      if (subject === 'payout' && outcome === 'failed' && reference !== null) failed.add(reference);
    };
    return withAdapter((shipped) => ({
      parseWebhook: (input) => {
        const events = shipped.parseWebhook(input);
        events.forEach(remember);
        return events;
      },
      queryPayout: (attempt) => {
        if (!failed.has(attempt.attemptId)) return shipped.queryPayout(attempt);
        acted();
        return Promise.resolve({ kind: 'failed', pspReference: attempt.pspReference, code: 'webhook' });
      },
    }));
  },
};

export const PAYOUT_MUTANTS: readonly Mutant[] = [
  releasesPayoutHoldOnTimeout,
  paysOutAgainInDoubt,
  postsBeforePaid,
  keepsTheHoldOfAFailedPayout,
  ignoresReturnedPayouts,
  trustsTheFailedWebhook,
];
