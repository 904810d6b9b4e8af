/** Broken stories about what happens to a deposit beside being paid. */
import { authorized, capture, half } from './benign-movements.ts';
import { pay } from './broken-story.ts';
import type { BrokenStory } from './broken-story.ts';

export const BROKEN_MOVEMENTS: readonly BrokenStory[] = [
  {
    invariant: 'I3',
    name: 'all of it credited although a part was captured',
    says: /was credited with/,
    play(world, input) {
      const whole = input.amountMinor;
      const d = authorized(world, input, 'succeeded');
      capture(world, d, half(whole));
      world.books(input.t + 60_100, input.psp, d.att, 'captured', whole, input.currency, {
        captured_minor: half(whole),
      });
      world.deliver(input.t + 61_000, { ...d, reference: d.att, state: 'captured', eventId: `evt_c_${d.n}` });
      world.credit(input.t + 61_100, d.id, input.psp, whole, input.currency);
    },
  },
  {
    invariant: 'I2',
    name: 'credited when it was only authorized',
    says: /although no PSP ever captured it/,
    play(world, input) {
      authorized(world, input, 'succeeded');
      world.credit(input.t + 400, pay(input), input.psp, input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I7',
    name: 'a capture is repeated and answers with another payment',
    says: /with one body made two payments/,
    play(world, input) {
      const d = authorized(world, input, 'canceled');
      capture(world, d, input.amountMinor);
      capture(world, { ...d, t: d.t + 9000, id: `${d.id}z` }, input.amountMinor);
    },
  },
  {
    invariant: 'I12',
    name: 'authorized for ever',
    says: /is still authorized .* and no case is open/,
    play(world, input) {
      authorized(world, input, 'authorized');
    },
  },
];
