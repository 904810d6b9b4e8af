/**
 * Broken decisions about deposits: what proves a payment, what an event may change, and what
 * happens to money that comes when nobody waits for it any more.
 */
import type { DepositDecision, DepositMachine } from '../../../reference-service/index.ts';
import type { ServiceMutation } from '../../drivers/index.ts';
import type { Acted, Mutant } from '../mutant.ts';

/** The machine that the service ships, with another word where `change` gives one. */
function withMachine(change: (shipped: DepositMachine) => DepositMachine): ServiceMutation {
  return { parts: ({ depositMachine }) => ({ depositMachine: change(depositMachine) }) };
}

/** The browser came back, so the payment must have gone through. Anybody can type that address. */
const creditsOnRedirect: Mutant = {
  name: 'credits-on-redirect',
  title: 'Credits when the browser comes back',
  breaks: 'The return page of the challenge credits the wallet, although coming back proves nothing.',
  precedent: 'Dokan issue 2994: webhook and redirect both completed the same order',
  against: 'I2',
  alsoIn: ['three-ds-failed'],
  mutation: (acted) => ({
    parts: ({ onReturn }) => ({
      onReturn: async (visit, tools) => {
        await onReturn(visit, tools);
        const { payment, attempt } = visit;
        if (attempt === null) return;
        acted();
        await tools.learn({
          source: 'query',
          outcome: 'succeeded',
          psp: attempt.psp,
          pspReference: attempt.pspReference,
          money: { amountMinor: payment.amountMinor, currency: payment.currency },
          code: null,
          declineClass: null,
          redirectUrl: null,
          eventId: null,
        });
      },
    }),
  }),
};

const creditsWhatIsPending: Mutant = {
  name: 'credits-what-is-pending',
  title: 'Takes "processing" for "paid"',
  breaks: 'Every status that is no failure counts as success, so money is credited that may never come.',
  precedent: 'Stripe: a payment of a delayed method is "processing" for days and may fail after that',
  against: 'I2',
  alsoIn: ['methods-of-a-cashier'],
  mutation: (acted) =>
    withMachine((shipped) => (snapshot, fact) => {
      const isTold = fact.source === 'webhook' || fact.source === 'query';
      if (!isTold || fact.outcome !== 'pending' || fact.pspReference === null) return shipped(snapshot, fact);
      acted();
      return shipped(snapshot, { ...fact, outcome: 'succeeded' });
    }),
};

const creditsWhatIsReserved: Mutant = {
  name: 'credits-what-is-reserved',
  title: 'Credits an authorization',
  breaks: 'The wallet is credited when the money is reserved, and the reservation is voided or runs out.',
  precedent: 'adyen-salesforce-commerce-cloud issue 163: an order counted as paid before its capture',
  against: 'I2',
  alsoIn: ['two-step'],
  mutation: (acted) =>
    withMachine((shipped) => (snapshot, fact) => {
      if (fact.outcome !== 'authorized' || snapshot.payment.status !== 'pending') return shipped(snapshot, fact);
      acted();
      const { amountMinor, currency } = snapshot.payment;
      return shipped(snapshot, {
        ...fact,
        source: 'query',
        outcome: 'succeeded',
        money: fact.money ?? { amountMinor, currency },
      });
    }),
};

/** Two ways to the same credit, each of which guards itself only. */
const creditsByAnswerAndByWebhook: Mutant = {
  name: 'credits-by-answer-and-by-webhook',
  title: 'Credits once by the answer, and once by the webhook',
  breaks: 'The API answer and the webhook run the same step, and each looks only whether it ran itself.',
  precedent: 'medusajs/medusa issue 13301: confirmation and webhook run the same workflow',
  against: 'I1',
  alsoIn: ['happy-day'],
  mutation: (acted) => ({
    ...withMachine((shipped) => {
      const hooked = new Map<string, string | null>();
      return (snapshot, fact) => {
        const { payment, attempt } = snapshot;
        if (fact.outcome !== 'succeeded') return shipped(snapshot, fact);
        if (fact.source === 'answer') return shipped(snapshot, { ...fact, source: 'query' });
        if (fact.source !== 'webhook') return shipped(snapshot, fact);
        // By event, because one event may be decided twice until it is committed.
        const first = hooked.get(attempt.id) ?? fact.eventId;
        hooked.set(attempt.id, first);
        const decision = shipped(snapshot, fact);
        if (first !== fact.eventId || payment.creditedAttemptId !== attempt.id) return decision;
        acted();
        return { ...decision, credit: true };
      };
    }),
    alterSchema: async (knex) => void (await knex.raw('drop index transfer_payment_kind_once')),
  }),
};

const lateFailedOverwritesCaptured: Mutant = {
  name: 'late-failed-overwrites-captured',
  title: 'A late "failed" overwrites a success',
  breaks: 'The status of the last event is written down, although events arrive in any order.',
  precedent: 'woocommerce-gateway-stripe issue 902: a repeated failure turned a paid order to failed',
  against: 'I4',
  alsoIn: ['contradictory-finals'],
  mutation: (acted) =>
    withMachine((shipped) => (snapshot, fact) => {
      if (fact.outcome !== 'declined' || snapshot.payment.creditedAttemptId !== snapshot.attempt.id)
        return shipped(snapshot, fact);
      acted();
      return { ...NOTHING, attemptStatus: 'declined', paymentStatus: 'declined' };
    }),
};

const NOTHING: DepositDecision = {
  attemptStatus: null,
  paymentStatus: null,
  credit: false,
  refund: false,
  refundDone: false,
  cases: [],
};

/** Without these cases: what contradicts itself is noticed by nobody. */
function silent<Decision extends { cases: readonly { kind: string }[] }>(decision: Decision, acted: Acted): Decision {
  const cases = decision.cases.filter(({ kind }) => kind !== 'contradictory_final');
  if (cases.length < decision.cases.length) acted();
  return { ...decision, cases };
}

const swallowsContradictions: Mutant = {
  name: 'swallows-contradictions',
  title: 'Says nothing when a PSP contradicts itself',
  breaks: 'A "failed" after a "paid" is ignored without a trace, so nobody looks which of the two is true.',
  against: 'I4',
  alsoIn: ['contradictory-finals'],
  mutation: (acted) => ({
    parts: ({ depositMachine, payoutPolicy }) => ({
      depositMachine: (snapshot, fact) => silent(depositMachine(snapshot, fact), acted),
      payoutPolicy: (snapshot, fact) => silent(payoutPolicy(snapshot, fact), acted),
    }),
  }),
};

export const DEPOSIT_MUTANTS: readonly Mutant[] = [
  creditsOnRedirect,
  creditsWhatIsPending,
  creditsWhatIsReserved,
  creditsByAnswerAndByWebhook,
  lateFailedOverwritesCaptured,
  swallowsContradictions,
];
