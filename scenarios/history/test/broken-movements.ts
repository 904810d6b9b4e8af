/** Broken stories about what happens to a deposit beside being paid. */
import { authorized, capture, half } from './benign-movements.ts';
import { forbid, limitText, refund, refundSeen, round } from './movement-parts.ts';
import { pay, play } from './broken-story.ts';
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
  {
    invariant: 'I7',
    name: 'a refund is repeated and becomes a second one',
    says: /with one body made two payments/,
    play(world, input) {
      play('plain', world, input);
      for (const n of [1, 2]) refund(world, input, { t: 60_000 * n, id: `ref_${input.n}_${n}`, status: 'failed' });
    },
  },
  {
    invariant: 'I4',
    name: 'a refund that had failed succeeds',
    says: /Refund ref_\d+ .* was failed .* and succeeded .*: a final status went back/,
    play(world, input) {
      play('plain', world, input);
      refundSeen(world, input, { t: 60_000, id: `ref_${input.n}`, status: 'failed' });
      refundSeen(world, input, { t: 90_000, id: `ref_${input.n}`, status: 'succeeded', phase: 'final' });
    },
  },
  {
    invariant: 'I12',
    name: 'a refund hangs',
    says: /Refund ref_\d+ .* is still pending/,
    play(world, input) {
      play('plain', world, input);
      refundSeen(world, input, { t: 60_000, id: `ref_${input.n}`, status: 'pending', phase: 'final' });
    },
  },
  {
    invariant: 'I16',
    name: 'two refunds of all of it are accepted',
    says: /and 2 refunds of .* in all were accepted/,
    play(world, input) {
      play('plain', world, input);
      refund(world, input, { t: 50_000, id: `ref_${input.n}_1`, status: 'pending' });
      for (const n of [1, 2])
        refundSeen(world, input, { t: 60_000 * n, id: `ref_${input.n}_${n}`, status: 'succeeded', phase: 'final' });
    },
  },
  {
    invariant: 'I17',
    name: 'a refund of which the platform never heard',
    says: /Refund ref_\d+ .* ends as succeeded, and the platform was told nothing of it/,
    play(world, input) {
      play('plain', world, input);
      refundSeen(world, input, { t: 60_000, id: `ref_${input.n}`, status: 'succeeded', phase: 'final' });
    },
  },
  {
    invariant: 'I11',
    name: 'a return of a payout is acknowledged and forgotten',
    says: /The returned event of .* yet the payout ends as succeeded/,
    play(world, input) {
      play('payout paid', world, input);
      const reference = `oat_${input.n}`;
      world.books(input.t + 90_000, input.psp, reference, 'returned', input.amountMinor, input.currency, {
        kind: 'payout',
      });
      world.deliver(input.t + 91_000, { ...input, reference, state: 'returned', eventId: `evt_b_${input.n}` });
    },
  },
  {
    invariant: 'I19',
    name: 'two deposits use the same room',
    says: /in a day that he had limited to/,
    play(world, input) {
      forbid(world, { ...input, t: Math.max(0, input.t - 5000) }, 'limit', {
        day: limitText(input),
        currency: input.currency,
      });
      play('plain', world, { ...input, t: input.t + 1000 });
      play('plain', world, { ...input, n: input.n + 1, t: input.t + 1000 });
      for (const n of [input.n, input.n + 1]) world.began(`pay_${n}`, input.t + 1000);
    },
  },
  {
    invariant: 'I19',
    name: 'a deposit of an excluded player',
    says: /was accepted .* although player-1 had excluded himself/,
    play(world, input) {
      forbid(world, { ...input, t: Math.max(0, input.t - 5000) }, 'exclusion', { kind: 'self-exclusion', until: null });
      play('plain', world, { ...input, t: input.t + 1000 });
    },
  },
  {
    invariant: 'I20',
    name: 'a bet is taken twice',
    says: /has 2 entries of its bet/,
    play(world, input) {
      round(world, input, ['bet', 'bet']);
    },
  },
  {
    invariant: 'I20',
    name: 'won and rolled back',
    says: /was won and rolled back as well/,
    play(world, input) {
      round(world, input, ['bet', 'win', 'rollback']);
    },
  },
];
