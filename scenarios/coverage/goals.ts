/**
 * Situations that must come about sometimes: each is a coincidence in which payment systems break,
 * and a search that never meets it has not looked there.
 */
import type { RunModel } from '../history/index.ts';
import type { LifeState, Stretch } from './states.ts';

export interface Goal {
  id: string;
  /** What happens, as a short statement. */
  says: string;
  met(run: RunModel, stretches: readonly Stretch[]): boolean;
}

/** Faults after which the caller does not know what happened. */
const LOSES_THE_ANSWER = ['answer-lost', 'hang', 'hang-before-commit', 'slow-answer', 'truncated'];

const SAME_INSTANT_MS = 50;

export const GOALS: readonly Goal[] = [
  {
    id: 'capture-lost-during-challenge',
    says: 'the answer of a capture is lost while a player is at a 3DS challenge',
    met: (run, stretches) => hits(run, LOSES_THE_ANSWER, 'capture').some((index) => anyIn(stretches, 'challenge', index)),
  },
  {
    id: 'payout-lost-during-doubt',
    says: 'the answer of a payout is lost while a deposit is in doubt',
    met: (run, stretches) =>
      hits(run, LOSES_THE_ANSWER, 'create-payout').some((index) =>
        stretches.some((one) => one.state === 'in-doubt' && covers(one, index) && run.payments.get(one.payment)?.kind === 'deposit'),
      ),
  },
  {
    id: 'webhook-before-answer',
    says: 'a webhook arrives before the answer of the call that caused it',
    met: (run) =>
      [...run.payments.values()].some(({ exchanges, deliveries }) =>
        exchanges.some(({ received, ended }) =>
          deliveries.some(({ sent }) => sent.index > received.index && ended !== undefined && sent.index < ended.index),
        ),
      ),
  },
  {
    id: 'webhook-races-return',
    says: "a webhook arrives within an instant of the browser's return",
    met: (run) =>
      [...run.payments.values()].some(({ returns, deliveries }) =>
        returns.some(({ invoked }) => deliveries.some(({ sent }) => Math.abs(sent.t - invoked.t) <= SAME_INSTANT_MS)),
      ),
  },
  {
    id: 'webhooks-at-one-instant',
    says: 'two webhooks of one payment arrive at the same instant',
    met: (run) =>
      [...run.payments.values()].some(({ deliveries }) =>
        deliveries.some((one, index) => deliveries.some((other, place) => place > index && other.sent.t === one.sent.t)),
      ),
  },
  {
    id: 'two-tabs',
    says: 'a player asks for two deposits at the same instant',
    met: (run) => {
      const seen = new Map<string, string>();
      return run.operations.some(({ f, op, proc, invoked }) => {
        if (f !== 'deposit') return false;
        const key = `${proc} ${invoked.t}`;
        const other = seen.get(key);
        seen.set(key, op);
        return other !== undefined && other !== op;
      });
    },
  },
  {
    id: 'failover',
    says: 'a deposit goes on at a second PSP',
    met: (run) => [...run.payments.values()].some(({ books }) => new Set(books.map(({ psp }) => psp)).size > 1),
  },
  {
    id: 'authorization-expires',
    says: 'an authorization runs out before anybody captures it',
    met: (run) => run.books.some(({ changes }) => follows(changes, 'authorized', 'expired')),
  },
  {
    id: 'payout-returns',
    says: 'a paid payout comes back',
    met: (run) => run.books.some(({ changes }) => follows(changes, 'paid', 'returned')),
  },
  {
    id: 'refund-during-dispute',
    says: 'a refund begins while a dispute is open',
    met: (_run, stretches) =>
      stretches.some(
        (refund) =>
          refund.state === 'refund-sent' &&
          stretches.some((one) => one.state === 'dispute-open' && one.payment === refund.payment && covers(one, refund.from)),
      ),
  },
  {
    id: 'forged-during-doubt',
    says: 'a forged webhook arrives while the payment is in doubt',
    met: (run, stretches) =>
      run.deliveries.some(
        ({ signature, sent, reference }) =>
          signature !== 'valid' &&
          stretches.some((one) => one.state === 'in-doubt' && one.payment === run.ownerOf(reference) && covers(one, sent.index)),
      ),
  },
  {
    id: 'refused-by-limit',
    says: "a deposit is refused by the player's own limit",
    met: (run) => run.operations.some(({ outcome, answer }) => outcome === 'fail' && answer['error'] === 'limit_exceeded'),
  },
];

/** Indexes of the hits of these faults at calls of an operation. */
function hits(run: RunModel, faults: readonly string[], operation: string): number[] {
  return run.faults.flatMap(({ fault, phase, index }) => {
    const value = run.events[index]?.value as { operation?: string } | undefined;
    return phase === 'hit' && faults.includes(fault) && value?.operation === operation ? [index] : [];
  });
}

function covers({ from, to }: Stretch, index: number): boolean {
  return index >= from && index < to;
}

function anyIn(stretches: readonly Stretch[], state: LifeState, index: number): boolean {
  return stretches.some((one) => one.state === state && covers(one, index));
}

function follows(changes: readonly { state: string }[], before: string, after: string): boolean {
  return changes.some(({ state }, index) => state === before && changes[index + 1]?.state === after);
}
