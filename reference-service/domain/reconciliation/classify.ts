/**
 * What is wrong with the lines that did not fit at first sight. Pure: residue in, verdicts out.
 * Each movement and each line ends in at most one finding.
 *
 *   lines ─► by reference to a movement ─► one line: amount, currency, fee, lateness
 *     │                                └─► several: duplicate, split
 *     └─► to none ─► the only one that fits by amount and time (a suggestion) ─► else unknown to us
 *
 * What must hold: a line that is explained by one finding gives rise to no second one, and so
 * does the movement that the finding names.
 */
import { assign } from './assign.ts';
import { emptyVerdict, type Verdict } from './findings.ts';
import { judgeNamed } from './judge-named.ts';
import { judgeUnnamed } from './judge-unnamed.ts';
import type { Expectation, Item, KnownAttempt } from './records.ts';
import type { SettlementTerms } from './terms.ts';

export interface Residue {
  items: readonly Item[];
  /** By reference, and those that could be meant by amount. */
  expectations: readonly Expectation[];
  attempts: readonly KnownAttempt[];
}

export function classify(residue: Residue, terms: SettlementTerms): Verdict {
  const verdict = emptyVerdict();
  const expectations = [...new Map(residue.expectations.map((one) => [one.id, one])).values()];
  const { assigned, rest } = assign(residue.items, expectations);
  const excesses = [...assigned].flatMap(
    ([expectation, items]) => judgeNamed(verdict, expectation, items, terms) ?? [],
  );
  const open = expectations.filter((one) => one.state === 'open' && !assigned.has(one));
  const attempts = new Map(residue.attempts.map((attempt) => [attempt.reference, attempt]));
  judgeUnnamed(verdict, { rest, excesses, open, attempts }, terms);
  return verdict;
}
