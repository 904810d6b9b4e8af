/** Broken stories about settlement: discrepancies that nobody sees, cases about nothing, work that is done twice (I5, I10, I14). */
import { BENIGN_SETTLEMENTS, earned } from './benign-settlements.ts';
import type { StoryInput } from './benign-parts.ts';
import { att, pay, pending, type BrokenStory } from './broken-story.ts';
import { books, brings, closes, lineOf, plants, settles, takesIn } from './settled-parts.ts';
import type { SoundWorld } from './sound-world.ts';

const DAY_MS = 86_400_000;

const benign = (name: string, world: SoundWorld, input: StoryInput): void => {
  const story = BENIGN_SETTLEMENTS[name];
  if (story === undefined) throw new Error(`bug: no benign story ${name}`);
  story(world, input);
};

export const BROKEN_SETTLEMENTS: readonly BrokenStory[] = [
  {
    invariant: 'I10',
    name: 'a line that never comes is missed',
    says: /The line that is missing .* is a missing_at_psp, and no case says so/,
    play(world, input) {
      earned(world, input);
      plants(world, settles(world, input, []), 'missing-line', lineOf(input));
      settles(world, input, [], { part: 'b', afterMs: DAY_MS });
    },
  },
  {
    invariant: 'I10',
    name: 'a discrepancy is called by the name of another',
    says: /stands there twice .* is a duplicate_line, and the case is called amount_mismatch/,
    play(world, input) {
      earned(world, input);
      const line = lineOf(input);
      const closed = settles(world, input, [line, { ...line, id: `${line.id}-again` }]);
      plants(world, closed, 'duplicate-line', line);
      world.openCase(pay(input), 'amount_mismatch', input.psp);
    },
  },
  {
    invariant: 'I10',
    name: 'one discrepancy becomes two cases',
    says: /became two cases: duplicate_line and amount_mismatch/,
    play(world, input) {
      benign('a line stands there twice, and there is a case', world, input);
      world.openCase(pay(input), 'amount_mismatch', input.psp);
    },
  },
  {
    invariant: 'I10',
    name: 'a case about a payment that is in order',
    says: /says fee_mismatch of pay_\d+ at \w+, where nothing was wrong/,
    play(world, input) {
      benign('settled, and its file brought twice at once', world, input);
      world.openCase(pay(input), 'fee_mismatch', input.psp);
    },
  },
  {
    invariant: 'I10',
    name: 'the PSP settles a payment that nobody was credited for, and nobody asks',
    says: /was settled with .*, the ledger says .*, and no case was opened/,
    play(world, input) {
      pending(world, input, 'failed');
      world.books(input.t + 200, input.psp, att(input), 'captured', input.amountMinor, input.currency);
      settles(world, input, [lineOf(input)]);
    },
  },
  {
    invariant: 'I14',
    name: 'both of two imports at once are carried out',
    says: /was taken in by 2 requests/,
    play(world, input) {
      earned(world, input);
      const closed = closes(world, input, [lineOf(input)]);
      brings(world, closed, { id: 'rec_1' });
      brings(world, closed, { id: 'rec_2' }, { afterMs: 1_001 });
      takesIn(world, closed);
    },
  },
  {
    invariant: 'I14',
    name: 'a settlement is paid out twice in the ledger',
    says: /The ledger booked .* on bank .*, and the settlements say/,
    play(world, input) {
      earned(world, input);
      const closed = settles(world, input, [lineOf(input)]);
      books(world, closed, closed.transferMinor);
    },
  },
  {
    invariant: 'I14',
    name: 'a settlement is there twice',
    says: /The target lists 2 settlements of \w+ in [A-Z]{3}, and 1 were closed/,
    play(world, input) {
      earned(world, input);
      const closed = settles(world, input, [lineOf(input)]);
      world.settlements.push({ ...closed, lines: 1, transfer: null, settled_at: '', batch: `${closed.batch}-again` });
    },
  },
  {
    invariant: 'I5',
    name: 'a settlement is taken in, and its transfer is not booked',
    says: /The ledger says \w+ holds .* its books less what was settled .* say .*, and no case is open/,
    play(world, input) {
      earned(world, input);
      const closed = settles(world, input, [lineOf(input)]);
      books(world, closed, -closed.transferMinor);
    },
  },
  {
    invariant: 'I5',
    name: 'a case about a settlement file hides money that is missing',
    says: /The ledger says \w+ holds .* its books less what was settled/,
    play(world, input) {
      benign('a line stands there twice, and there is a case', world, input);
      world.books(input.t + 900, input.psp, `lost_${input.n}`, 'captured', input.amountMinor, input.currency);
    },
  },
];
