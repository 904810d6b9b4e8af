/**
 * Benign stories: what may happen to a deposit or a payout in a sound system, however odd the
 * order. Every invariant must accept each of them, alone and mixed. The names say what is odd.
 */
import { BENIGN_MOVEMENTS } from './benign-movements.ts';
import { cameBackAgain, deposit, paid, type StoryInput } from './benign-parts.ts';
import type { SoundWorld } from './sound-world.ts';

export type { StoryInput } from './benign-parts.ts';

export const BENIGN_DEPOSITS: Readonly<Record<string, (world: SoundWorld, input: StoryInput) => void>> = {
  plain(world, input) {
    const d = deposit(world, input, 'succeeded');
    world.exchange(input.t + 100, input.psp, 'create-payment', d.att);
    paid(world, d, input.t + 200, input.t + 1500);
    world.probe(input.t + 1000, d.id, 'pending');
    world.probe(input.t + 5000, d.id);
  },
  'webhook before the API answers'(world, input) {
    const d = deposit(world, input, 'succeeded');
    world.exchange(input.t + 100, input.psp, 'create-payment', d.att, 'answered', 200, 700);
    paid(world, d, input.t + 200, input.t + 500);
  },
  'declined at once'(world, input) {
    const d = deposit(world, input, 'declined');
    world.exchange(input.t + 100, input.psp, 'create-payment', d.att, 'answered', 402);
    world.books(input.t + 150, input.psp, d.att, 'declined', input.amountMinor, input.currency);
    world.deliver(input.t + 2000, { ...d, reference: d.att, state: 'declined', eventId: `evt_${d.n}` });
  },
  'answer lost, all webhooks lost, status query'(world, input) {
    const d = deposit(world, input, 'succeeded');
    world.exchange(input.t + 100, input.psp, 'create-payment', d.att, 'lost');
    world.books(input.t + 200, input.psp, d.att, 'captured', input.amountMinor, input.currency);
    world.deliver(input.t + 400, { ...d, reference: d.att, state: 'captured', eventId: `evt_${d.n}`, ack: null });
    world.exchange(input.t + 60_000, input.psp, 'get-payment', d.att);
    world.credit(input.t + 60_300, d.id, input.psp, input.amountMinor, input.currency);
  },
  'webhook a day late, and three copies'(world, input) {
    const d = deposit(world, input, 'succeeded');
    world.exchange(input.t + 100, input.psp, 'create-payment', d.att, 'hung');
    paid(world, d, input.t + 200, input.t + 86_400_000);
    for (const copy of [1, 2, 3])
      world.deliver(input.t + 86_400_000 + copy, { ...d, reference: d.att, state: 'captured', eventId: `evt_${d.n}` });
  },
  'acknowledged first, processed an hour later'(world, input) {
    const d = deposit(world, input, 'succeeded');
    world.books(input.t + 200, input.psp, d.att, 'captured', input.amountMinor, input.currency);
    world.deliver(input.t + 400, { ...d, reference: d.att, state: 'captured', eventId: `evt_${d.n}` });
    world.credit(input.t + 3_600_000, d.id, input.psp, input.amountMinor, input.currency);
  },
  'failover after a definite refusal'(world, input) {
    const d = deposit(world, input, 'succeeded');
    world.exchange(input.t + 100, input.psp, 'create-payment', d.att, 'answered', 503);
    world.exchange(input.t + 400, input.other, 'create-payment', `${d.att}b`);
    world.payment(d.id, input.player, 'succeeded', input.amountMinor, input.currency, [
      [input.psp, d.att, 'not_reached'],
      [input.other, `${d.att}b`, 'approved'],
    ]);
    paid(world, { ...d, psp: input.other, att: `${d.att}b` }, input.t + 500, input.t + 1500);
  },
  'late success after a proven absence is given back'(world, input) {
    const d = deposit(world, input, 'succeeded');
    world.exchange(input.t + 100, input.psp, 'create-payment', d.att, 'hung');
    world.books(input.t + 200, input.psp, d.att, 'captured', input.amountMinor, input.currency);
    world.exchange(input.t + 30_000, input.psp, 'list-payments', d.att);
    world.exchange(input.t + 40_000, input.other, 'create-payment', `${d.att}b`);
    world.payment(d.id, input.player, 'succeeded', input.amountMinor, input.currency, [
      [input.psp, d.att, 'reversed'],
      [input.other, `${d.att}b`, 'approved'],
    ]);
    paid(world, { ...d, psp: input.other, att: `${d.att}b` }, input.t + 40_100, input.t + 41_500);
    world.deliver(input.t + 90_000, { ...d, reference: d.att, state: 'captured', eventId: `evt_late_${d.n}` });
    world.books(input.t + 95_000, input.psp, d.att, 'refunded', input.amountMinor, input.currency);
    world.openCase(d.id, 'late_success', input.psp, 'resolved');
  },
  'processed twice, the second half still on its way back: a case'(world, input) {
    const d = deposit(world, input, 'succeeded');
    paid(world, d, input.t + 200, input.t + 1500);
    const [amount, currency] = [input.amountMinor, input.currency];
    const second = { psp_reference: `second_${d.n}` };
    world.books(input.t + 210, input.psp, d.att, 'captured', amount, currency, second);
    const refund = { kind: 'refund', psp_reference: `re_${d.n}`, payment_psp_reference: second.psp_reference };
    world.books(input.t + 90_000, input.psp, `ref_${d.n}`, 'pending', amount, currency, refund);
    world.openCase(d.id, 'late_success', input.psp);
  },
  'processed twice, the second half given back and refused by the bank: a case'(world, input) {
    const d = deposit(world, input, 'succeeded');
    paid(world, d, input.t + 200, input.t + 1500);
    cameBackAgain(world, input);
    world.openCase(d.id, 'refund_failed', input.psp);
  },
  'abandoned at 3DS'(world, input) {
    const d = deposit(world, input, 'canceled');
    world.books(input.t + 200, input.psp, d.att, 'requires_action', input.amountMinor, input.currency);
    world.books(input.t + 900_000, input.psp, d.att, 'canceled', input.amountMinor, input.currency);
    world.deliver(input.t + 901_000, { ...d, reference: d.att, state: 'canceled', eventId: `evt_${d.n}` });
  },
  'refund at the dashboard of which no webhook ever arrived'(world, input) {
    const d = deposit(world, input, 'succeeded');
    paid(world, d, input.t + 200, input.t + 1500);
    world.books(input.t + 600_000, input.psp, d.att, 'refunded', input.amountMinor, input.currency);
    world.deliver(input.t + 601_000, {
      ...d,
      reference: d.att,
      state: 'refunded',
      eventId: `evt_refund_${d.n}`,
      ack: null,
    });
  },
  'refund at the dashboard, taken back from the wallet'(world, input) {
    const d = deposit(world, input, 'refunded');
    paid(world, d, input.t + 200, input.t + 1500);
    world.probe(input.t + 5000, d.id, 'succeeded');
    world.books(input.t + 600_000, input.psp, d.att, 'refunded', input.amountMinor, input.currency);
    world.deliver(input.t + 601_000, { ...d, reference: d.att, state: 'refunded', eventId: `evt_refund_${d.n}` });
    world.transfer(input.t + 601_100, 'deposit_reversal', d.id, input.currency, [
      [`wallet:${input.player}`, -input.amountMinor],
      [`psp:${input.psp}`, input.amountMinor],
    ]);
  },
  'another amount in a signed event: a case, no credit'(world, input) {
    const d = deposit(world, input, 'pending');
    world.books(input.t + 200, input.psp, d.att, 'captured', input.amountMinor, input.currency);
    world.deliver(input.t + 400, {
      ...d,
      reference: d.att,
      state: 'captured',
      eventId: `evt_${d.n}`,
      amountMinor: input.amountMinor * 10,
      tampered: 'amount',
    });
    world.openCase(d.id, 'amount_mismatch', input.psp);
  },
  'in doubt for ever: an open case'(world, input) {
    const d = deposit(world, input, 'pending');
    world.exchange(input.t + 100, input.psp, 'create-payment', d.att, 'hung');
    world.openCase(d.id, 'stuck_in_doubt', input.psp);
  },
  'forged and stale events refused'(world, input) {
    const d = deposit(world, input, 'succeeded');
    world.deliver(input.t + 120, {
      ...d,
      reference: d.att,
      state: 'captured',
      eventId: `evt_f_${d.n}`,
      signature: 'wrong-key',
      ack: 401,
    });
    paid(world, d, input.t + 200, input.t + 1500);
    world.deliver(input.t + 9000, {
      ...d,
      reference: d.att,
      state: 'captured',
      eventId: `evt_${d.n}`,
      signature: 'stale',
      ack: 401,
    });
  },
  'late failed event after the capture: a case'(world, input) {
    const d = deposit(world, input, 'succeeded');
    paid(world, d, input.t + 200, input.t + 1500);
    world.deliver(input.t + 9000, {
      ...d,
      reference: d.att,
      state: 'failed',
      eventId: `evt_x_${d.n}`,
      tampered: 'state',
    });
    world.openCase(d.id, 'contradictory_final', input.psp);
  },
  'the same key three times, one in flight'(world, input) {
    const d = deposit(world, input, 'succeeded');
    const again = { idempotency_key: `key-dep-${input.n}` };
    const second = world.ask(
      input.t + 10,
      'deposit',
      `dep-${input.n}`,
      input.player,
      input.amountMinor,
      input.currency,
      { ...again, try: 2 },
    );
    world.answer(input.t + 30, second, 'fail', { http_status: 409, error: 'idempotency_in_flight' });
    paid(world, d, input.t + 200, input.t + 1500);
    const third = world.ask(
      input.t + 8000,
      'deposit',
      `dep-${input.n}`,
      input.player,
      input.amountMinor,
      input.currency,
      { ...again, try: 3 },
    );
    world.answer(input.t + 8050, third, 'ok', {
      http_status: 201,
      payment_id: d.id,
      txn_id: `txn-${d.id}`,
      status: 'pending',
      replayed: true,
    });
    const other = world.ask(
      input.t + 9000,
      'deposit',
      `dep-${input.n}`,
      input.player,
      input.amountMinor + 1,
      input.currency,
      { ...again, try: 4, body_variant: 1 },
    );
    world.answer(input.t + 9050, other, 'fail', { http_status: 422, error: 'idempotency_key_reused' });
  },
  ...BENIGN_MOVEMENTS,
};

function payoutStory(world: SoundWorld, input: StoryInput, status: string): { id: string; att: string } {
  const id = `out_${input.n}`;
  const att = `oat_${input.n}`;
  const fund = [
    [`wallet:${input.player}`, input.amountMinor],
    ['platform', -input.amountMinor],
  ] as const;
  world.transfer(input.t, 'platform_credit', `fund_${input.n}`, input.currency, fund);
  const asked = world.ask(input.t + 10, 'payout', `out-${input.n}`, input.player, input.amountMinor, input.currency);
  world.answer(input.t + 500, asked, 'ok', {
    http_status: 201,
    payout_id: id,
    txn_id: `txn-${id}`,
    status: 'pending',
    replayed: false,
  });
  world.payout(id, input.player, status, input.amountMinor, input.currency, [
    [input.psp, att, status === 'succeeded' ? 'approved' : 'declined'],
  ]);
  world.transfer(input.t + 20, 'payout_reserve', id, input.currency, [
    [`wallet:${input.player}`, -input.amountMinor],
    [`hold:${input.player}`, input.amountMinor],
  ]);
  world.exchange(input.t + 50, input.psp, 'create-payout', att);
  world.books(input.t + 60, input.psp, att, 'pending', input.amountMinor, input.currency, { kind: 'payout' });
  return { id, att };
}

/** Paid by the PSP, told and booked. */
function paidOut(world: SoundWorld, input: StoryInput, status: string): { id: string; att: string } {
  const { id, att } = payoutStory(world, input, status);
  world.books(input.t + 60_000, input.psp, att, 'paid', input.amountMinor, input.currency, { kind: 'payout' });
  world.deliver(input.t + 61_000, { ...input, reference: att, state: 'paid', eventId: `evt_o_${input.n}` });
  world.transfer(input.t + 61_100, 'payout_post', id, input.currency, [
    [`hold:${input.player}`, -input.amountMinor],
    [`psp:${input.psp}`, input.amountMinor],
  ]);
  return { id, att };
}

export const BENIGN_PAYOUTS: Readonly<Record<string, (world: SoundWorld, input: StoryInput) => void>> = {
  'payout paid'(world, input) {
    paidOut(world, input, 'succeeded');
  },
  'payout paid, and nobody said that the bank sent it back'(world, input) {
    const { att } = paidOut(world, input, 'succeeded');
    world.books(input.t + 90_000, input.psp, att, 'returned', input.amountMinor, input.currency, { kind: 'payout' });
  },
  'payout paid, and sent back by the bank'(world, input) {
    const { id, att } = paidOut(world, input, 'returned');
    world.books(input.t + 90_000, input.psp, att, 'returned', input.amountMinor, input.currency, { kind: 'payout' });
    world.deliver(input.t + 91_000, { ...input, reference: att, state: 'returned', eventId: `evt_b_${input.n}` });
    world.transfer(input.t + 91_100, 'payout_return', id, input.currency, [
      [`psp:${input.psp}`, -input.amountMinor],
      [`wallet:${input.player}`, input.amountMinor],
    ]);
  },
  'payout failed, hold released'(world, input) {
    const { id, att } = payoutStory(world, input, 'failed');
    world.books(input.t + 60_000, input.psp, att, 'failed', input.amountMinor, input.currency, { kind: 'payout' });
    world.deliver(input.t + 61_000, { ...input, reference: att, state: 'failed', eventId: `evt_o_${input.n}` });
    world.transfer(input.t + 61_100, 'payout_void', id, input.currency, [
      [`hold:${input.player}`, -input.amountMinor],
      [`wallet:${input.player}`, input.amountMinor],
    ]);
  },
  'payout still under way, with a case'(world, input) {
    const { id } = payoutStory(world, input, 'pending');
    world.openCase(id, 'stuck_in_doubt', input.psp);
  },
};
