/** Broken stories about requests and events: keys, failover, lost events, signatures (I7 to I15). */
import { cameBackAgain } from './benign-parts.ts';
import { att, pay, payout, payoutBooks, pending, play } from './broken-story.ts';
import type { BrokenStory } from './broken-story.ts';

export const BROKEN_TRAFFIC: readonly BrokenStory[] = [
  {
    invariant: 'I7',
    name: 'one key makes two payments',
    says: /with one body made two payments/,
    play(world, input) {
      play('plain', world, input);
      const again = world.ask(
        input.t + 5000,
        'deposit',
        `dep-${input.n}`,
        input.player,
        input.amountMinor,
        input.currency,
        { try: 2 },
      );
      world.answer(input.t + 5500, again, 'ok', {
        http_status: 201,
        payment_id: `${pay(input)}z`,
        txn_id: 'other',
        status: 'pending',
        replayed: false,
      });
      world.payment(`${pay(input)}z`, input.player, 'declined', input.amountMinor, input.currency, []);
    },
  },
  {
    invariant: 'I7',
    name: 'another body is accepted under the key',
    says: /accepted with two different bodies/,
    play(world, input) {
      play('plain', world, input);
      const again = world.ask(
        input.t + 5000,
        'deposit',
        `dep-${input.n}`,
        input.player,
        input.amountMinor + 1,
        input.currency,
        { try: 2, body_variant: 1 },
      );
      world.answer(input.t + 5500, again, 'ok', {
        http_status: 201,
        payment_id: pay(input),
        txn_id: `txn-${pay(input)}`,
        status: 'pending',
        replayed: true,
      });
    },
  },
  {
    invariant: 'I7',
    name: 'a server error is remembered',
    says: /stored HTTP 503/,
    play(world, input) {
      play('plain', world, input);
      const again = world.ask(
        input.t + 5000,
        'deposit',
        `dep-${input.n}`,
        input.player,
        input.amountMinor,
        input.currency,
        { try: 2 },
      );
      world.answer(input.t + 5500, again, 'info', { reason: 'HTTP 503', http_status: 503, replayed: true });
    },
  },
  {
    invariant: 'I7',
    name: 'declined, then accepted',
    says: /was declined .* and accepted as payment/,
    play(world, input) {
      const first = world.ask(input.t, 'deposit', `dep-${input.n}`, input.player, input.amountMinor, input.currency);
      world.answer(input.t + 400, first, 'fail', { http_status: 402, error: 'declined' });
      play('plain', world, { ...input, t: input.t + 1000 });
    },
  },
  {
    invariant: 'I8',
    name: 'two PSPs captured and kept it',
    says: /was captured 2 times and never given back/,
    play(world, input) {
      play('plain', world, input);
      world.payment(pay(input), input.player, 'succeeded', input.amountMinor, input.currency, [
        [input.psp, att(input), 'in_doubt'],
        [input.other, `${att(input)}b`, 'approved'],
      ]);
      world.books(input.t + 700, input.other, `${att(input)}b`, 'captured', input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I8',
    name: 'no key to the PSP: one reference, two charges',
    says: /was captured 2 times and never given back/,
    play(world, input) {
      play('plain', world, input);
      world.books(input.t + 700, input.psp, att(input), 'captured', input.amountMinor, input.currency, {
        psp_reference: `second_${input.n}`,
      });
    },
  },
  {
    invariant: 'I8',
    name: 'what was given back came back again, and nobody was told',
    says: /was captured 2 times and never given back/,
    play(world, input) {
      play('plain', world, input);
      cameBackAgain(world, input);
    },
  },
  {
    invariant: 'I8',
    name: 'failover while in doubt, cleaned up later',
    says: /was sent to \w+ .* had not been asked/,
    play(world, input) {
      pending(world, input, 'succeeded');
      world.payment(pay(input), input.player, 'succeeded', input.amountMinor, input.currency, [
        [input.psp, att(input), 'reversed'],
        [input.other, `${att(input)}b`, 'approved'],
      ]);
      world.exchange(input.t + 100, input.psp, 'create-payment', att(input), 'lost');
      world.books(input.t + 200, input.psp, att(input), 'captured', input.amountMinor, input.currency);
      world.exchange(input.t + 10_000, input.other, 'create-payment', `${att(input)}b`);
      world.books(input.t + 10_100, input.other, `${att(input)}b`, 'captured', input.amountMinor, input.currency);
      world.deliver(input.t + 10_200, {
        ...input,
        psp: input.other,
        reference: `${att(input)}b`,
        state: 'captured',
        eventId: `evt_${input.n}`,
      });
      world.credit(input.t + 10_300, pay(input), input.other, input.amountMinor, input.currency);
      world.books(input.t + 90_000, input.psp, att(input), 'refunded', input.amountMinor, input.currency);
    },
  },
  {
    invariant: 'I11',
    name: 'acknowledged and lost',
    says: /was acknowledged .*, yet the payment ends as pending without a credit and no case was opened/,
    play(world, input) {
      pending(world, input);
      world.books(input.t + 200, input.psp, att(input), 'captured', input.amountMinor, input.currency);
      world.deliver(input.t + 300, { ...input, reference: att(input), state: 'captured', eventId: `evt_${input.n}` });
    },
  },
  {
    invariant: 'I11',
    name: 'a payout event is lost',
    says: /yet the payout ends as pending and no case was opened/,
    play(world, input) {
      payout(world, input, 'pending', [['reserve', 20]]);
      payoutBooks(world, input, 90_000, 'paid');
      world.deliver(input.t + 91_000, {
        ...input,
        reference: `oat_${input.n}`,
        state: 'paid',
        eventId: `evt_${input.n}`,
      });
    },
  },
  {
    invariant: 'I12',
    name: 'a deposit hangs',
    says: /is still pending .*, 2 h after the faults had gone, and no case is open/,
    play(world, input) {
      pending(world, input);
    },
  },
  {
    invariant: 'I12',
    name: 'a payout is deferred for ever',
    says: /is still deferred/,
    play(world, input) {
      payout(world, input, 'deferred', [['reserve', 20]]);
    },
  },
  {
    invariant: 'I15',
    name: 'an unsigned event is accepted',
    says: /no signature was accepted with HTTP 200/,
    play(world, input) {
      play('plain', world, input);
      world.deliver(input.t + 700, {
        ...input,
        reference: att(input),
        state: 'captured',
        eventId: `evt_u_${input.n}`,
        signature: 'missing',
      });
    },
  },
  {
    invariant: 'I15',
    name: 'a forged event makes money',
    says: /signature of the wrong key .* was credited that no PSP had captured/,
    play(world, input) {
      pending(world, input, 'succeeded');
      world.books(input.t + 200, input.psp, att(input), 'declined', input.amountMinor, input.currency);
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
    invariant: 'I15',
    name: 'a stale event is accepted',
    says: /signature that is too old/,
    play(world, input) {
      play('plain', world, input);
      world.deliver(input.t + 7_000_000, {
        ...input,
        reference: att(input),
        state: 'captured',
        eventId: `evt_${input.n}`,
        signature: 'stale',
      });
    },
  },
];
