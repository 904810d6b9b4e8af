/**
 * A time-out is taken for a no, so the next PSP is tried. The first one may have taken the
 * money, and may say so late or never.
 */
import type { Mutant } from './mutant.ts';

export const failsOverWhileInDoubt: Mutant = {
  name: 'fails-over-while-in-doubt',
  title: 'Tries the next PSP after a time-out',
  breaks: 'A call without a usable answer counts as not made, so the same deposit is charged a second time.',
  precedent: 'Fastmail: payments shown as failed for hours had gone through, and customers paid again',
  mutation: () => ({
    parts: ({ depositMachine }) => ({
      depositMachine: (snapshot, fact) =>
        fact.outcome === 'in_doubt' && snapshot.attempt.status === 'sent'
          ? depositMachine(snapshot, { ...fact, source: 'answer', outcome: 'not_reached' })
          : depositMachine(snapshot, fact),
    }),
  }),
};
