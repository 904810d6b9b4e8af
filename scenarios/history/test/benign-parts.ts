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
