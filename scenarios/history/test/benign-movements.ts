/**
 * Benign stories about what happens to a deposit beside being paid: taken in two steps, let go.
 * Every invariant must accept each of them.
 */
import { deposit, paid, type Deposit, type StoryInput } from './benign-parts.ts';
import { disputed, forbid, limitText, refundSeen, round } from './movement-parts.ts';
import type { SoundWorld } from './sound-world.ts';

type Stories = Readonly<Record<string, (world: SoundWorld, input: StoryInput) => void>>;

/** Authorized, not captured. */
export function authorized(world: SoundWorld, input: StoryInput, status: string): Deposit {
  const d = deposit(world, input, status);
  world.exchange(input.t + 100, input.psp, 'create-payment', d.att);
  world.books(input.t + 200, input.psp, d.att, 'authorized', input.amountMinor, input.currency);
  world.deliver(input.t + 300, { ...d, reference: d.att, state: 'authorized', eventId: `evt_a_${d.n}` });
  world.probe(input.t + 5000, d.id, 'authorized');
  return d;
}

/** The platform asks to capture; the answer says what it was. */
export function capture(world: SoundWorld, d: Deposit, amountMinor: number, outcome: 'ok' | 'info' = 'ok'): void {
  const asked = world.platformAsks(d.t + 60_000, 'capture', `dep-${d.n}`, {
    payment_id: d.id,
    amount_minor: amountMinor,
    currency: d.currency,
  });
  const ok = { http_status: 200, payment_id: d.id, txn_id: `txn-${d.id}`, status: 'succeeded', replayed: false };
  world.answer(d.t + 60_500, asked, outcome, outcome === 'ok' ? ok : { reason: 'timeout' });
}

/** Part of an amount; of one minor unit it is all. */
export const half = (amountMinor: number): number => Math.max(1, Math.floor(amountMinor / 2));

export const BENIGN_MOVEMENTS: Stories = {
  'authorized, and a part captured after the answer was lost'(world, input) {
    const d = authorized(world, input, 'succeeded');
    const part = half(input.amountMinor);
    capture(world, d, part, 'info');
    capture(world, { ...d, t: d.t + 5_000 }, part);
    world.books(input.t + 60_100, input.psp, d.att, 'captured', input.amountMinor, input.currency, {
      captured_minor: part,
    });
    world.deliver(input.t + 61_000, {
      ...d,
      reference: d.att,
      state: 'captured',
      amountMinor: part,
      eventId: `evt_c_${d.n}`,
    });
    world.credit(input.t + 61_100, d.id, input.psp, part, input.currency);
  },
  'a part refunded and told, a failed refund beside it'(world, input) {
    const d = deposit(world, input, 'succeeded');
    paid(world, d, input.t + 200, input.t + 1500);
    refundSeen(world, input, { t: 60_000, id: `ref_${input.n}`, status: 'pending' });
    refundSeen(world, input, { t: 90_000, id: `ref_${input.n}`, status: 'failed', phase: 'final' });
    world.told(input.t + 80_000, 'refund.failed', `ref_${input.n}`);
  },
  'a round that is won, and repeated'(world, input) {
    round(world, { ...input, t: input.t + 1 }, ['bet', 'win']);
    const again = world.platformAsks(input.t + 9000, 'bet', `rnd-${input.n}`, {
      round_id: `rnd-${input.n}`,
      player_id: input.player,
      payment_id: `rnd-${input.n}-bet`,
      txn_id: `rnd-${input.n}-bet`,
      amount_minor: input.amountMinor,
      currency: input.currency,
    });
    world.answer(input.t + 9050, again, 'ok', { http_status: 200, txn_id: `rnd-${input.n}-bet`, replayed: true });
  },
  'a deposit that uses a limit up to the last unit'(world, input) {
    const own = { ...input, player: `limited-${input.n}`, t: input.t + 1000 };
    forbid(world, { ...own, t: input.t }, 'limit', { day: limitText(input), currency: input.currency });
    const d = deposit(world, own, 'succeeded');
    world.began(d.id, own.t);
    paid(world, d, input.t + 1200, input.t + 2500);
  },
  'disputed and lost, of which no webhook ever arrived'(world, input) {
    const d = deposit(world, input, 'succeeded');
    paid(world, d, input.t + 200, input.t + 1500);
    disputed(world, input, 60_000, 'open', null);
    disputed(world, input, 90_000, 'lost', null);
  },
  'disputed and lost, and nobody said that it was reversed'(world, input) {
    const d = deposit(world, input, 'succeeded');
    paid(world, d, input.t + 200, input.t + 1500);
    disputed(world, input, 60_000, 'open', null);
    disputed(world, input, 90_000, 'lost', 200);
    world.transfer(input.t + 91_100, 'chargeback', d.id, input.currency, [
      [`wallet:${input.player}`, -input.amountMinor],
      [`psp:${input.psp}`, input.amountMinor],
    ]);
    disputed(world, input, 120_000, 'reversed', null);
  },
  'authorized and let go'(world, input) {
    const d = authorized(world, input, 'canceled');
    world.books(input.t + 90_000, input.psp, d.att, 'canceled', input.amountMinor, input.currency);
    world.deliver(input.t + 91_000, { ...d, reference: d.att, state: 'canceled', eventId: `evt_v_${d.n}` });
  },
};
