/**
 * What a broken story is, and the beginnings that several of them share. One defect each, as a
 * real integration has it.
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

export const play = (name: string, world: SoundWorld, input: StoryInput): void => {
  const story = { ...BENIGN_DEPOSITS, ...BENIGN_PAYOUTS }[name];
  if (story === undefined) throw new Error(`bug: no benign story ${name}`);
  story(world, input);
};
export const pay = (input: StoryInput): string => `pay_${input.n}`;
export const att = (input: StoryInput): string => `att_${input.n}`;

/** A deposit that waits, captured nowhere yet. */
export function pending(world: SoundWorld, input: StoryInput, status = 'pending'): void {
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
export function payout(
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

export function payoutBooks(
  world: SoundWorld,
  input: StoryInput,
  t: number,
  state: string,
  reference = `oat_${input.n}`,
): void {
  world.books(input.t + t, input.psp, reference, state, input.amountMinor, input.currency, { kind: 'payout' });
}
