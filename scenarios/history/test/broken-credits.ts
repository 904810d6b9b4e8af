/** Broken stories about credits: twice, never, too early, of another amount (I1, I2, I3). */
import { att, pay, pending, play } from './broken-story.ts';
import type { BrokenStory } from './broken-story.ts';

export const BROKEN_CREDITS: readonly BrokenStory[] = [
  {
    invariant: 'I1',
    name: 'two webhooks at once credit twice',
    says: /was credited 2 times/,
    play(world, input) {
      play('plain', world, input);
      world.credit(input.t + 1501, pay(input), input.psp, input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I1',
    name: 'captured and forgotten',
    says: /was captured by \w+ .* never credited and no case is open/,
    play(world, input) {
      pending(world, input, 'failed');
      world.books(input.t + 200, input.psp, att(input), 'captured', input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I1',
    name: 'called succeeded without a credit',
    says: /ends as succeeded, yet .* never credited/,
    play(world, input) {
      pending(world, input, 'succeeded');
    },
  },
  {
    invariant: 'I2',
    name: 'credited when the browser came back',
    says: /although no PSP ever captured it .*browser had come back/,
    play(world, input) {
      pending(world, input, 'succeeded');
      world.books(input.t + 200, input.psp, att(input), 'requires_action', input.amountMinor, input.currency);
      world.story.tell(input.t + 9000, {
        proc: `player:${input.player}`,
        type: 'invoke',
        f: 'return',
        key: `dep-${input.n}`,
        value: { op: `dep-${input.n}` },
      });
      world.books(input.t + 8000, input.psp, att(input), 'canceled', input.amountMinor, input.currency);
      world.credit(input.t + 9001, pay(input), input.psp, input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I2',
    name: 'credited before the capture',
    says: /before \w+ captured it/,
    play(world, input) {
      play('plain', world, { ...input });
      world.entries.forEach((entry) => {
        if (entry.payment_id === pay(input)) entry.created_at = '2026-01-05T09:00:00.000Z';
      });
    },
  },
  {
    invariant: 'I2',
    name: 'credited on the return, before any word of the PSP',
    says: /without proof/,
    play(world, input) {
      pending(world, input, 'succeeded');
      world.exchange(input.t + 100, input.psp, 'create-payment', att(input));
      world.books(input.t + 20_000, input.psp, att(input), 'captured', input.amountMinor, input.currency);
      world.credit(input.t + 20_050, pay(input), input.psp, input.amountMinor, input.currency);
      world.deliver(input.t + 20_500, {
        ...input,
        reference: att(input),
        state: 'captured',
        eventId: `evt_${input.n}`,
      });
    },
  },
  {
    invariant: 'I2',
    name: 'credited on a forged event',
    says: /an event with a signature of the wrong key was accepted/,
    play(world, input) {
      pending(world, input, 'succeeded');
      world.books(input.t + 200, input.psp, att(input), 'requires_action', input.amountMinor, input.currency);
      world.deliver(input.t + 900, {
        ...input,
        reference: att(input),
        state: 'captured',
        eventId: `evt_${input.n}`,
        signature: 'wrong-key',
      });
      world.credit(input.t + 950, pay(input), input.psp, input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I3',
    name: 'credits the amount of the event',
    says: /was credited with/,
    play(world, input) {
      pending(world, input, 'succeeded');
      world.books(input.t + 200, input.psp, att(input), 'captured', input.amountMinor, input.currency);
      world.deliver(input.t + 300, {
        ...input,
        reference: att(input),
        state: 'captured',
        eventId: `evt_${input.n}`,
        amountMinor: 2 * input.amountMinor,
        tampered: 'amount',
      });
      world.credit(input.t + 400, pay(input), input.psp, 2 * input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I3',
    name: 'the PSP captured less',
    says: /was credited with .*, but \w+ captured/,
    play(world, input) {
      play('plain', world, input);
      world.books(input.t + 900, input.psp, att(input), 'captured', input.amountMinor, input.currency, {
        captured_minor: input.amountMinor - 1,
      });
    },
  },
  {
    invariant: 'I3',
    name: 'a wrong currency is accepted in silence',
    says: /it was accepted and no case was opened/,
    play(world, input) {
      play('plain', world, input);
      world.deliver(input.t + 250, {
        ...input,
        reference: att(input),
        state: 'captured',
        eventId: `evt_w_${input.n}`,
        currency: 'CHF',
        tampered: 'currency',
      });
    },
  },
];
