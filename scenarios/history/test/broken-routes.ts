/** Broken stories about where requests go, how often, under which key, and who hears of it (I9, I13, I16 to I18). */
import { att, pay, pending, play } from './broken-story.ts';
import type { BrokenStory } from './broken-story.ts';
import type { StoryInput } from './benign-stories.ts';
import type { SoundWorld } from './sound-world.ts';

function waitsForPayer(world: SoundWorld, input: StoryInput): void {
  pending(world, input);
  world.exchange(input.t + 100, input.psp, 'create-payment', att(input));
  world.books(input.t + 200, input.psp, att(input), 'requires_action', input.amountMinor, input.currency);
}

/** Money of the deposit leaves the wallet again. */
function takeBack(world: SoundWorld, input: StoryInput, t: number, kind: string): void {
  world.transfer(input.t + t, kind, pay(input), input.currency, [
    [`wallet:${input.player}`, -input.amountMinor],
    [`psp:${input.psp}`, input.amountMinor],
  ]);
}

function dispute(world: SoundWorld, input: StoryInput, t: number): void {
  world.books(input.t + t, input.psp, att(input), 'lost', input.amountMinor, input.currency, {
    kind: 'dispute',
    psp_reference: `dispute_${input.n}`,
  });
}

export const BROKEN_ROUTES: readonly BrokenStory[] = [
  {
    invariant: 'I9',
    name: 'sent elsewhere while the payer is at the challenge',
    says: /was sent to adyen .* although stripe had been waiting for the payer/,
    play(world, input) {
      waitsForPayer(world, input);
      world.exchange(input.t + 30_000, input.other, 'create-payment', att(input));
    },
  },
  {
    invariant: 'I9',
    name: 'completed at another PSP than the one that challenged',
    says: /was to be completed by adyen .* although stripe had been waiting/,
    play(world, input) {
      waitsForPayer(world, input);
      world.books(input.t + 20_000, input.psp, att(input), 'captured', input.amountMinor, input.currency);
      world.exchange(input.t + 30_000, input.other, 'capture', att(input));
    },
  },
  {
    invariant: 'I13',
    name: 'a new key for each try',
    says: /under the key idem-att_1 and .* under the key again-1/,
    play(world, input) {
      play('plain', world, input);
      world.exchange(
        input.t + 9_000,
        input.psp,
        'create-payment',
        att(input),
        'answered',
        200,
        200,
        `again-${input.n}`,
      );
    },
  },
  {
    invariant: 'I13',
    name: 'no key at all',
    says: /without an idempotency key/,
    play(world, input) {
      play('plain', world, input);
      world.exchange(input.t + 9_000, input.psp, 'create-payment', att(input), 'answered', 200, 200, null);
    },
  },
  {
    invariant: 'I13',
    name: 'one key for two payments',
    says: /The key idem-att_1 was sent to stripe .* for att_1 and .* for att_1b/,
    play(world, input) {
      play('plain', world, input);
      const key = `idem-${att(input)}`;
      world.exchange(input.t + 9_000, input.psp, 'create-payment', `${att(input)}b`, 'answered', 200, 200, key);
    },
  },
  {
    invariant: 'I16',
    name: 'more given back than was credited',
    says: /of it had been taken back/,
    play(world, input) {
      play('plain', world, input);
      takeBack(world, input, 60_000, 'deposit_refund');
      takeBack(world, input, 90_000, 'deposit_refund');
    },
  },
  {
    invariant: 'I16',
    name: 'the PSP refunds more than it captured',
    says: /refunded by stripe .*, of which it had captured/,
    play(world, input) {
      play('plain', world, input);
      world.books(input.t + 60_000, input.psp, att(input), 'refunded', input.amountMinor, input.currency, {
        refunded_minor: 2 * input.amountMinor,
      });
    },
  },
  {
    invariant: 'I16',
    name: 'refunded, charged back, and nobody knows',
    says: /were refunded and .* charged back, and no case was opened/,
    play(world, input) {
      play('plain', world, input);
      world.books(input.t + 60_000, input.psp, att(input), 'refunded', input.amountMinor, input.currency);
      dispute(world, input, 90_000);
    },
  },
  {
    invariant: 'I17',
    name: 'a success of which nobody tells',
    says: /ends as succeeded, and the platform was never told so/,
    play(world, input) {
      play('plain', world, input);
      world.untold.add(pay(input));
      world.told(input.t, 'case.opened', 'case_1');
    },
  },
  {
    invariant: 'I17',
    name: 'a told success that vanishes',
    says: /was told .* had succeeded, and it ends as failed/,
    play(world, input) {
      pending(world, input, 'failed');
      world.told(input.t + 2_000, 'deposit.succeeded', pay(input));
    },
  },
  {
    invariant: 'I17',
    name: 'a telling that anybody could have written',
    says: /with a signature that does not fit/,
    play(world, input) {
      play('plain', world, input);
      world.told(input.t + 2_000, 'deposit.succeeded', pay(input), false);
    },
  },
  {
    invariant: 'I18',
    name: 'asked every second during an outage',
    says: /was the subject of \d+ calls within one minute/,
    play(world, input) {
      play('plain', world, input);
      for (let n = 0; n < 60; n++) world.exchange(input.t + 2_000 + n * 1_000, input.psp, 'get-payment', att(input));
    },
  },
  {
    invariant: 'I18',
    name: 'asked every eight seconds for ever',
    says: /was the subject of \d+ calls within ten minutes/,
    play(world, input) {
      play('plain', world, input);
      for (let n = 0; n < 100; n++) world.exchange(input.t + 2_000 + n * 8_000, input.psp, 'get-payment', att(input));
    },
  },
];
