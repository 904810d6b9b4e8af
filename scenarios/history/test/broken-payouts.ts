/** Broken stories about payouts: holds released too early, money paid twice or never (I6). */
import { payout, payoutBooks } from './broken-story.ts';
import type { BrokenStory } from './broken-story.ts';

export const BROKEN_PAYOUTS: readonly BrokenStory[] = [
  {
    invariant: 'I6',
    name: 'the hold is released on a time-out, then the PSP pays',
    says: /hold released .*, yet \w+ paid it/,
    play(world, input) {
      payout(world, input, 'failed', [
        ['reserve', 20],
        ['void', 30_000],
      ]);
      payoutBooks(world, input, 100, 'pending');
      payoutBooks(world, input, 90_000, 'paid');
    },
  },
  {
    invariant: 'I6',
    name: 'released while still under way',
    says: /hold released .* while \w+ only failed it/,
    play(world, input) {
      payout(world, input, 'failed', [
        ['reserve', 20],
        ['void', 30_000],
      ]);
      payoutBooks(world, input, 100, 'pending');
      payoutBooks(world, input, 90_000, 'failed');
    },
  },
  {
    invariant: 'I6',
    name: 'posted and released',
    says: /was both posted .* and released/,
    play(world, input) {
      payout(world, input, 'succeeded', [
        ['reserve', 20],
        ['void', 30_000],
        ['post', 91_000],
      ]);
      payoutBooks(world, input, 100, 'pending');
      payoutBooks(world, input, 90_000, 'paid');
    },
  },
  {
    invariant: 'I6',
    name: 'posted without the PSP',
    says: /was posted .* although no PSP paid it/,
    play(world, input) {
      payout(world, input, 'succeeded', [
        ['reserve', 20],
        ['post', 50],
      ]);
      payoutBooks(world, input, 30, 'pending');
    },
  },
  {
    invariant: 'I6',
    name: 'paid out twice',
    says: /was paid out 2 times/,
    play(world, input) {
      payout(world, input, 'succeeded', [
        ['reserve', 20],
        ['post', 91_000],
      ]);
      payoutBooks(world, input, 90_000, 'paid');
      world.books(input.t + 90_500, input.psp, `oat_${input.n}`, 'paid', input.amountMinor, input.currency, {
        kind: 'payout',
        psp_reference: `second_${input.n}`,
      });
    },
  },
  {
    invariant: 'I6',
    name: 'paid and never posted',
    says: /is still only reserved and no case is open/,
    play(world, input) {
      payout(world, input, 'pending', [['reserve', 20]]);
      payoutBooks(world, input, 90_000, 'paid');
    },
  },
  {
    invariant: 'I6',
    name: 'given back to the wallet although the PSP paid',
    says: /was given back to the wallet .* although no PSP had it returned/,
    play(world, input) {
      payout(world, input, 'succeeded', [
        ['reserve', 20],
        ['post', 91_000],
      ]);
      payoutBooks(world, input, 90_000, 'paid');
      world.transfer(input.t + 120_000, 'payout_return', `out_${input.n}`, input.currency, [
        [`psp:${input.psp}`, -input.amountMinor],
        [`wallet:${input.player}`, input.amountMinor],
      ]);
    },
  },
];
