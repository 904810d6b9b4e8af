/**
 * Broken stories: one defect each, as a real integration has it. The named invariant must find
 * it and say so in the given words; others may complain as well.
 */
import { BENIGN_DEPOSITS, BENIGN_PAYOUTS } from './benign-stories.ts';
import type { StoryInput } from './benign-stories.ts';
import type { SoundWorld } from './sound-world.ts';

export interface BrokenStory {
  invariant: string;
  name: string;
  /** Part of the contradiction that must be said. */
  says: RegExp;
  play(world: SoundWorld, input: StoryInput): void;
}

const play = (name: string, world: SoundWorld, input: StoryInput): void => {
  const story = { ...BENIGN_DEPOSITS, ...BENIGN_PAYOUTS }[name];
  if (story === undefined) throw new Error(`bug: no benign story ${name}`);
  story(world, input);
};
const pay = (input: StoryInput): string => `pay_${input.n}`;
const att = (input: StoryInput): string => `att_${input.n}`;

/** A deposit that waits, captured nowhere yet. */
function pending(world: SoundWorld, input: StoryInput, status = 'pending'): void {
  const asked = world.ask(input.t, 'deposit', `dep-${input.n}`, input.player, input.amountMinor, input.currency);
  world.answer(input.t + 500, asked, 'ok', {
    http_status: 201,
    payment_id: pay(input),
    txn_id: `txn-${pay(input)}`,
    status: 'pending',
    replayed: false,
  });
  world.payment(pay(input), input.player, status, input.amountMinor, input.currency, [[input.psp, att(input), 'sent']]);
}

/** A payout whose phases the story chooses itself. */
function payout(
  world: SoundWorld,
  input: StoryInput,
  status: string,
  steps: readonly ['reserve' | 'post' | 'void', number][],
): void {
  const id = `out_${input.n}`;
  const [wallet, hold, psp] = [`wallet:${input.player}`, `hold:${input.player}`, `psp:${input.psp}`];
  world.transfer(input.t, 'platform_credit', `fund_${input.n}`, input.currency, [
    [wallet, 3 * input.amountMinor],
    ['platform', -3 * input.amountMinor],
  ]);
  const asked = world.ask(input.t + 10, 'payout', `out-${input.n}`, input.player, input.amountMinor, input.currency);
  world.answer(input.t + 500, asked, 'ok', {
    http_status: 201,
    payout_id: id,
    txn_id: `txn-${id}`,
    status: 'pending',
    replayed: false,
  });
  world.payout(id, input.player, status, input.amountMinor, input.currency, [[input.psp, `oat_${input.n}`, 'sent']]);
  const lines = {
    reserve: [
      [wallet, -1],
      [hold, 1],
    ],
    post: [
      [hold, -1],
      [psp, 1],
    ],
    void: [
      [hold, -1],
      [wallet, 1],
    ],
  } as const;
  for (const [step, delay] of steps) {
    world.transfer(
      input.t + delay,
      `payout_${step}`,
      id,
      input.currency,
      lines[step].map(([account, sign]) => [account, sign * input.amountMinor] as const),
    );
  }
}

function payoutBooks(
  world: SoundWorld,
  input: StoryInput,
  t: number,
  state: string,
  reference = `oat_${input.n}`,
): void {
  world.books(input.t + t, input.psp, reference, state, input.amountMinor, input.currency, { kind: 'payout' });
}

export const BROKEN: readonly BrokenStory[] = [
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
