/** Movements beside deposits and payouts for hand-made histories: refunds, rounds, and what players forbid. */
import type { StoryInput } from './benign-parts.ts';
import type { SoundWorld } from './sound-world.ts';
import { text } from './texts.ts';

interface RefundStory {
  /** After the story's own beginning. */
  t: number;
  id: string;
  status: string;
  phase?: 'during' | 'final';
}

/** The platform asks for all of `pay_<n>` back, always under the same key, and gets a refund. */
export function refund(world: SoundWorld, input: StoryInput, story: RefundStory): void {
  const payment = `pay_${input.n}`;
  const asked = world.platformAsks(input.t + story.t, 'refund', `ref-${input.n}`, {
    payment_id: payment,
    amount_minor: input.amountMinor,
    currency: input.currency,
  });
  const ok = { http_status: 201, refund_id: story.id, payment_id: payment, status: 'pending', replayed: false };
  world.answer(input.t + story.t + 300, asked, 'ok', ok);
}

/** A probe of a refund of all of `pay_<n>`. */
export function refundSeen(
  world: SoundWorld,
  input: StoryInput,
  { t, id, status, phase = 'during' }: RefundStory,
): void {
  world.story.tell(input.t + t, {
    proc: 'probe',
    type: 'obs',
    f: 'refund',
    key: id,
    value: {
      refund_id: id,
      payment_id: `pay_${input.n}`,
      status,
      amount: text(input.amountMinor, input.currency),
      currency: input.currency,
      phase,
    },
  });
}

/** The story's amount as the limit of a day. */
export const limitText = (input: StoryInput): string => text(input.amountMinor, input.currency);

/** The player forbids something, and the target confirms it. */
export function forbid(world: SoundWorld, input: StoryInput, f: 'limit' | 'exclusion' | 'removal', what: object): void {
  const value = { op: `${f}-${input.n}`, player_id: input.player, ...what };
  const asked = world.story.tell(input.t, { proc: `player:${input.player}`, type: 'invoke', f, key: value.op, value });
  const { day } = what as { day?: string };
  const limits = day === undefined ? [] : [{ currency: input.currency, period: 'day', amount: day, pending: null }];
  world.answer(input.t + 100, asked, 'ok', { http_status: 200, player_id: input.player, limits });
}

const TRANSFERS = { bet: 'platform_debit', win: 'platform_credit', rollback: 'round_rollback' } as const;

/** A funded round with these movements, each answered and booked. */
export function round(world: SoundWorld, input: StoryInput, steps: readonly ('bet' | 'win' | 'rollback')[]): void {
  const { t, player, amountMinor, currency } = input;
  const op = `rnd-${input.n}`;
  world.players.add(player);
  const move = (at: number, kind: string, id: string, minor: number): void => {
    world.transfer(at, kind, id, currency, [
      [`wallet:${player}`, minor],
      ['platform', -minor],
    ]);
  };
  move(t, 'platform_credit', `fund_${op}`, 5 * amountMinor);
  steps.forEach((step, index) => {
    const at = t + 1000 * (index + 1);
    const id = step === 'win' ? `${op}-win` : `${op}-bet`;
    const asked = world.platformAsks(at, step, op, {
      round_id: op,
      player_id: player,
      payment_id: id,
      txn_id: `${op}-${step}`,
      amount_minor: amountMinor,
      currency,
    });
    move(at + 20, TRANSFERS[step], id, step === 'bet' ? -amountMinor : amountMinor);
    world.answer(at + 50, asked, 'ok', { http_status: 200, txn_id: `${op}-${step}`, replayed: index > 0 });
  });
}

/** The bank takes a deposit back; `ack: null` when its webhook is lost. */
export function disputed(world: SoundWorld, input: StoryInput, t: number, state: string, ack: number | null): void {
  const { amountMinor, currency, psp } = input;
  const reference = `att_${input.n}`;
  world.books(input.t + t, psp, reference, state, amountMinor, currency, {
    kind: 'dispute',
    psp_reference: `dispute_${input.n}`,
  });
  world.deliver(input.t + t + 1000, {
    ...input,
    kind: 'dispute',
    reference,
    state,
    eventId: `evt_${state}_${input.n}`,
    ack,
  });
}
