/** What benign stories are made of: who pays what where, a deposit that was asked for, and one that was paid. */
import type { SoundWorld } from './sound-world.ts';

export interface StoryInput {
  n: number;
  /** Scenario time at which the player starts. */
  t: number;
  player: string;
  amountMinor: number;
  currency: string;
  psp: string;
  other: string;
}

export interface Deposit extends StoryInput {
  id: string;
  att: string;
}

export function deposit(world: SoundWorld, input: StoryInput, status: string): Deposit {
  const id = `pay_${input.n}`;
  const att = `att_${input.n}`;
  const asked = world.ask(input.t, 'deposit', `dep-${input.n}`, input.player, input.amountMinor, input.currency);
  world.answer(input.t + 900, asked, 'ok', {
    http_status: 201,
    payment_id: id,
    txn_id: `txn-${id}`,
    status: 'pending',
    replayed: false,
  });
  world.payment(id, input.player, status, input.amountMinor, input.currency, [
    [input.psp, att, status === 'succeeded' ? 'approved' : 'declined'],
  ]);
  return { ...input, id, att };
}

/** Created, captured, told by webhook, credited a moment after the acknowledgement. */
export function paid(world: SoundWorld, d: Deposit, captureT: number, creditT: number): void {
  world.books(captureT, d.psp, d.att, 'captured', d.amountMinor, d.currency);
  world.deliver(creditT - 100, { ...d, reference: d.att, state: 'captured', eventId: `evt_${d.n}` });
  world.credit(creditT, d.id, d.psp, d.amountMinor, d.currency);
}

/** A second payment under the reference of the first, given back, and three days later here again: its bank did not take it. */
export function cameBackAgain(world: SoundWorld, { n, t, psp, amountMinor, currency }: StoryInput): void {
  const second = { psp_reference: `second_${n}` };
  world.books(t + 210, psp, `att_${n}`, 'captured', amountMinor, currency, second);
  world.books(t + 90_000, psp, `att_${n}`, 'refunded', amountMinor, currency, second);
  world.books(t + 3 * 86_400_000, psp, `att_${n}`, 'captured', amountMinor, currency, second);
}
