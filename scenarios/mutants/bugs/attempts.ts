/**
 * Broken dealings with a PSP that gives no clear answer: when another one may be asked, how to
 * find out, and how often. The first PSP may have taken the money, and may say so late or never.
 */
import type { DepositDecision, PspAdapter } from '../../../reference-service/index.ts';
import type { Mutant } from '../mutant.ts';
import { withAdapter } from './swaps.ts';

const failsOverWhileInDoubt: Mutant = {
  name: 'fails-over-while-in-doubt',
  title: 'Tries the next PSP after a time-out',
  breaks: 'A call without a usable answer counts as not made, so the same deposit is charged a second time.',
  precedent: 'Fastmail: payments shown as failed for hours had gone through, and customers paid again',
  against: 'I8',
  alsoIn: ['slow-and-flaky-psp'],
  mutation: (acted) => ({
    parts: ({ depositMachine }) => ({
      depositMachine: (snapshot, fact) => {
        if (fact.outcome !== 'in_doubt' || snapshot.attempt.status !== 'sent') return depositMachine(snapshot, fact);
        acted();
        return depositMachine(snapshot, { ...fact, source: 'answer', outcome: 'not_reached' });
      },
    }),
  }),
};

const UNDECIDED: DepositDecision = {
  attemptStatus: null,
  paymentStatus: null,
  credit: false,
  refund: false,
  refundDone: false,
  cases: [],
};

const leavesTheChallenge: Mutant = {
  name: 'leaves-the-challenge',
  title: 'Goes to another PSP while the player is at the challenge',
  breaks:
    'A challenge that lasts some minutes counts as lost and the payment is routed anew; then the player confirms.',
  precedent: 'juspay/hyperswitch issue 2924: a step-up must be retried with the same connector',
  against: 'I9',
  alsoIn: ['route-change-mid-challenge', 'three-ds-abandoned'],
  mutation: (acted) => ({
    parts: ({ depositMachine }) => ({
      depositMachine: (snapshot, fact) => {
        const isWaiting = fact.outcome === 'requires_action' || fact.outcome === 'pending';
        if (snapshot.attempt.status !== 'requires_action' || fact.source !== 'query' || !isWaiting)
          return depositMachine(snapshot, fact);
        acted();
        return { ...UNDECIDED, attemptStatus: 'absent_proven' };
      },
    }),
  }),
};

const waitsForWebhooksOnly: Mutant = {
  name: 'waits-for-webhooks-only',
  title: 'Never asks a PSP what became of a payment',
  breaks:
    'The service learns by webhooks only, and a payment whose webhook is lost stays open for ever, with nobody told.',
  precedent: 'PayMongo: after its last retry a webhook is not sent again',
  against: 'I12',
  alsoIn: ['lost-webhooks-24h'],
  mutation: (acted) => {
    const silence = (): { kind: 'in_doubt'; requestMayHaveArrived: true; reason: string } => {
      acted();
      return { kind: 'in_doubt', requestMayHaveArrived: true, reason: 'not asked' };
    };
    const adapters = withAdapter(() => ({
      queryPayment: () => Promise.resolve(silence()),
      queryPayout: () => Promise.resolve(silence()),
    }));
    return {
      parts: (shipped) => ({
        ...adapters.parts?.(shipped),
        stores: {
          ...shipped.stores,
          cases: {
            ...shipped.stores.cases,
            open: (unit, entries, nowMs) =>
              shipped.stores.cases.open(
                unit,
                entries.filter(({ entry }) => entry.kind !== 'stuck_in_doubt'),
                nowMs,
              ),
          },
        },
      }),
    };
  },
};

/** As often as a loop without a pause asks before it gives up. */
const QUESTIONS = 25;

const asksWithoutAPause: Mutant = {
  name: 'asks-without-a-pause',
  title: 'Asks for the status in a loop without a pause',
  breaks: 'Whoever waits for a payment asks again at once, and a PSP in trouble gets the most calls of all.',
  precedent: 'Stripe and Recurly ask for exponential backoff, because retries of each layer multiply',
  against: 'I18',
  alsoIn: ['slow-and-flaky-psp'],
  mutation: (acted) =>
    withAdapter((shipped) => ({
      queryPayment: async (attempt) => {
        let answer = await shipped.queryPayment(attempt);
        for (let asked = 1; asked < QUESTIONS && isOpen(answer); asked += 1) {
          acted();
          answer = await shipped.queryPayment(attempt);
        }
        return answer;
      },
    })),
};

function isOpen({ kind }: Awaited<ReturnType<PspAdapter['queryPayment']>>): boolean {
  return ['pending', 'requires_action', 'not_found', 'in_doubt', 'not_reached', 'refused'].includes(kind);
}

export const ATTEMPT_MUTANTS: readonly Mutant[] = [
  failsOverWhileInDoubt,
  leavesTheChallenge,
  waitsForWebhooksOnly,
  asksWithoutAPause,
];
