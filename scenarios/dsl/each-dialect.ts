/**
 * A small matrix that stands for the whole one: each dialect once, each with another scenario, in
 * turn by a seed. Whoever runs it with ever new seeds comes around to every pair.
 */
import { createKeyedRandom } from '../../kernel/index.ts';
import { DIALECTS } from './dialects.ts';
import { onDialect } from './on-dialect.ts';
import type { Dialect, Scenario } from './scenario.ts';

export interface Telling<T> {
  /** What was given, of which `scenario` is the version for the dialect. */
  from: T;
  scenario: Scenario;
  dialect: Dialect;
  without: string | null;
}

/** Fewer than seven where the scenarios do not suffice; none is told twice. */
export function eachDialectOnce<T extends { scenario: Scenario }>(given: readonly T[], seed: string): Telling<T>[] {
  const random = createKeyedRandom(seed).fork('each-dialect');
  const taken = new Set<string>();
  const tellings: Telling<T>[] = [];
  // Whoever can tell fewest stories chooses first.
  const options = DIALECTS.map((dialect) => ({ dialect, able: given.flatMap((from) => telling(from, dialect)) }));
  for (const { dialect, able } of options.sort((a, b) => a.able.length - b.able.length)) {
    const left = able.filter(({ scenario }) => !taken.has(scenario.name));
    if (left.length === 0) continue;
    const picked = random.pick(left, 'scenario', dialect);
    taken.add(picked.scenario.name);
    tellings.push(picked);
  }
  return tellings.sort((a, b) => DIALECTS.indexOf(a.dialect) - DIALECTS.indexOf(b.dialect));
}

function telling<T extends { scenario: Scenario }>(from: T, dialect: Dialect): Telling<T>[] {
  const on = onDialect(from.scenario, dialect);
  return on.kind === 'applicable' ? [{ from, dialect, scenario: on.scenario, without: on.without }] : [];
}
