/** Broken stories about states and the ledger: finals that go back, money made or lost (I4, I5). */
import { att, pay, payout, payoutBooks, pending, play } from './broken-story.ts';
import type { BrokenStory } from './broken-story.ts';
import { disputed } from './movement-parts.ts';

export const BROKEN_LEDGER: readonly BrokenStory[] = [
  {
    invariant: 'I4',
    name: 'a late failed overwrites succeeded',
    says: /was succeeded .* and failed .*: a final status went back/,
    play(world, input) {
      play('plain', world, input);
      world.probe(input.t + 60_000, pay(input), 'failed');
    },
  },
  {
    invariant: 'I4',
    name: 'ends as failed while the player has the money',
    says: /ends as failed although .* was credited/,
    play(world, input) {
      pending(world, input, 'failed');
      world.books(input.t + 200, input.psp, att(input), 'captured', input.amountMinor, input.currency);
      world.deliver(input.t + 300, { ...input, reference: att(input), state: 'captured', eventId: `evt_${input.n}` });
      world.credit(input.t + 400, pay(input), input.psp, input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I4',
    name: 'a contradictory event is swallowed',
    says: /called failed by an accepted event .* no case was opened/,
    play(world, input) {
      play('plain', world, input);
      world.deliver(input.t + 9000, {
        ...input,
        reference: att(input),
        state: 'failed',
        eventId: `evt_x_${input.n}`,
        tampered: 'state',
      });
    },
  },
  {
    invariant: 'I5',
    name: 'one side of a transfer is missing',
    says: /add up to .* instead of zero/,
    play(world, input) {
      play('plain', world, input);
      world.transfer(input.t + 2000, 'platform_credit', `gift_${input.n}`, input.currency, [
        [`wallet:${input.player}`, 1],
      ]);
    },
  },
  {
    invariant: 'I5',
    name: 'the wallet differs from its entries',
    says: /but its entries add up to/,
    play(world, input) {
      play('plain', world, input);
      world.balances.set(
        `wallet:${input.player} ${input.currency}`,
        (world.balances.get(`wallet:${input.player} ${input.currency}`) ?? 0) + 1,
      );
    },
  },
  {
    invariant: 'I5',
    name: 'the PSP holds money that the ledger does not know',
    says: /The ledger says \w+ holds .* its books say/,
    play(world, input) {
      play('plain', world, input);
      world.books(input.t + 900, input.psp, `lost_${input.n}`, 'captured', input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I5',
    name: 'a refund at the dashboard is acknowledged and not booked',
    says: /The ledger says \w+ holds .* its books say/,
    play(world, input) {
      play('plain', world, input);
      world.books(input.t + 90_000, input.psp, att(input), 'refunded', input.amountMinor, input.currency);
      world.deliver(input.t + 91_000, {
        ...input,
        reference: att(input),
        state: 'refunded',
        eventId: `evt_refund_${input.n}`,
      });
    },
  },
  {
    invariant: 'I5',
    name: 'a dispute is acknowledged and not booked',
    says: /The ledger says \w+ holds .* its books say/,
    play(world, input) {
      play('plain', world, input);
      disputed(world, input, 90_000, 'open', 200);
    },
  },
  {
    invariant: 'I5',
    name: 'a payout comes back, is acknowledged and not booked',
    says: /The ledger says \w+ holds .* its books say/,
    play(world, input) {
      payout(world, input, 'succeeded', [
        ['reserve', 20],
        ['post', 61_000],
      ]);
      payoutBooks(world, input, 60_000, 'paid');
      payoutBooks(world, input, 90_000, 'returned');
      const told = { kind: 'payout', reference: `oat_${input.n}`, state: 'returned' } as const;
      world.deliver(input.t + 91_000, { ...input, ...told, eventId: `evt_back_${input.n}` });
    },
  },
  {
    invariant: 'I5',
    name: 'a ledger entry disappears',
    says: /the ledger is not append-only/,
    play(world, input) {
      play('plain', world, input);
      const own = world.entries.filter((entry) => entry.account === `wallet:${input.player}`);
      const vanished = { ...own[0], entry_id: 999_999 };
      world.story.tell(input.t + 3000, {
        proc: 'probe',
        type: 'obs',
        f: 'entries',
        key: input.player,
        value: { player_id: input.player, entries: [...own, vanished], phase: 'during' },
      });
    },
  },
];
