/**
 * Benign stories about settlement: what PSPs may tell, rightly or wrongly, and what a sound target
 * makes of it. Every invariant must accept each of them, alone and mixed.
 */
import { deposit, paid, type StoryInput } from './benign-parts.ts';
import { brings, closes, lineOf, plants, settles, takesIn } from './settled-parts.ts';
import type { SoundWorld } from './sound-world.ts';

const DAY_MS = 86_400_000;

/** A deposit that is captured and credited: what there is to settle. */
export function earned(world: SoundWorld, input: StoryInput): void {
  const d = deposit(world, input, 'succeeded');
  world.exchange(input.t + 100, input.psp, 'create-payment', d.att);
  paid(world, d, input.t + 200, input.t + 1500);
}

export const BENIGN_SETTLEMENTS: Readonly<Record<string, (world: SoundWorld, input: StoryInput) => void>> = {
  'settled, and its file brought twice at once'(world, input) {
    earned(world, input);
    settles(world, input, [lineOf(input)]);
  },
  'a file is brought again because its answer was lost'(world, input) {
    earned(world, input);
    const closed = closes(world, input, [lineOf(input)]);
    brings(world, closed, null);
    brings(world, closed, { replayed: true }, { afterMs: 60_000 });
    takesIn(world, closed);
  },
  'settled, and a webhook had told another currency, of which there is a case'(world, input) {
    earned(world, input);
    world.deliver(input.t + 700, {
      ...input,
      reference: `att_${input.n}`,
      state: 'captured',
      eventId: `evt_other_${input.n}`,
      currency: 'XTS',
      tampered: 'currency',
    });
    world.openCase(`pay_${input.n}`, 'currency_mismatch', input.psp);
    settles(world, input, [lineOf(input)]);
  },
  'a line is missing, and there is a case'(world, input) {
    earned(world, input);
    const closed = settles(world, input, []);
    plants(world, closed, 'missing-line', lineOf(input));
    settles(world, input, [], { part: 'b', afterMs: DAY_MS });
    world.openCase(`pay_${input.n}`, 'missing_at_psp', input.psp);
  },
  'a line is missing, and it is too early to say so'(world, input) {
    earned(world, input);
    const closed = settles(world, input, [], { afterMs: 2 * DAY_MS });
    plants(world, closed, 'missing-line', lineOf(input));
    world.openCase(`pay_${input.n}`, 'missing_at_psp', input.psp);
  },
  'a line comes with the next settlement, and there is a case'(world, input) {
    earned(world, input);
    const closed = settles(world, input, []);
    plants(world, closed, 'late-line', lineOf(input));
    settles(world, input, [lineOf(input)], { part: 'b', afterMs: DAY_MS });
    world.openCase(`pay_${input.n}`, 'late_settlement', input.psp);
  },
  'a line comes with the next settlement and under a foreign name, and there is one case'(world, input) {
    earned(world, input);
    const closed = settles(world, input, []);
    plants(world, closed, 'wrong-reference', lineOf(input));
    plants(world, closed, 'late-line', lineOf(input));
    const foreign = { reference: `alien_${input.n}`, psp_reference: `x_${input.n}` };
    settles(world, input, [lineOf(input, foreign)], { part: 'b', afterMs: DAY_MS });
    world.openCase(`pay_${input.n}`, 'wrong_reference', input.psp);
  },
  'a line stands there twice, and there is a case'(world, input) {
    earned(world, input);
    const line = lineOf(input);
    const closed = settles(world, input, [line, { ...line, id: `${line.id}-again` }]);
    plants(world, closed, 'duplicate-line', line);
    world.openCase(`pay_${input.n}`, 'duplicate_line', input.psp);
  },
  'a line of nobody, and there is a case'(world, input) {
    earned(world, input);
    const extra = lineOf(input, {
      id: `extra-${input.n}`,
      reference: `alien_${input.n}`,
      psp_reference: `x_${input.n}`,
    });
    const closed = settles(world, input, [lineOf(input), extra]);
    plants(world, closed, 'extra-line', extra);
    world.openCase(`${input.psp}:${closed.batch}:2`, 'missing_in_ledger', input.psp);
  },
  'the bank got less than the lines say, and there is a case'(world, input) {
    earned(world, input);
    const closed = closes(world, input, [lineOf(input)]);
    plants(world, closed, 'short-payout', null, { missing_minor: 1 });
    brings(world, closed);
    brings(world, closed, {}, { kind: 'bank', afterMs: 5_000 });
    takesIn(world, closed);
    world.openCase(`${input.psp}:${closed.batch}:${input.currency}`, 'short_payout', input.psp);
  },
  'a settlement without a file is told with the next one'(world, input) {
    earned(world, input);
    takesIn(world, closes(world, input, [lineOf(input)], { files: 0 }));
    settles(world, input, [], { part: 'b', afterMs: DAY_MS });
  },
};
