/**
 * What judging the residue of a settlement file ends in: findings, and what becomes of movements
 * and lines. The words of a finding are written here, so that one thing is always called the same.
 */
import type { BreakKind } from './break-kinds.ts';
import type { Expectation, ExpectationState, Item } from './records.ts';

export interface Finding {
  kind: BreakKind;
  /** Our payment or payout where one is known, else the line's place. */
  subjectId: string;
  items: Item[];
  expectation: Expectation | null;
  /** What the PSP gave too little (negative: too much), in `currency`; zero where only words differ. */
  openMinor: number;
  currency: string;
  summary: string;
}

export interface Verdict {
  findings: Finding[];
  /** What becomes of movements; `batch` is the settlement that they came with. */
  movements: { id: number; state: ExpectationState; batch: string }[];
  /** Which line stands for which movement. */
  matches: { itemId: number; expectationId: number }[];
  /** Movements whose `missing` case has come to nothing: the line is there now. */
  found: Expectation[];
}

export function emptyVerdict(): Verdict {
  return { findings: [], movements: [], matches: [], found: [] };
}

/** These lines stand for this movement. */
export function settle(verdict: Verdict, expectation: Expectation, items: readonly Item[]): void {
  verdict.movements.push({ id: expectation.id, state: 'settled', batch: items[0]?.batch ?? '' });
  match(verdict, expectation, items);
}

export function match(verdict: Verdict, expectation: Expectation, items: readonly Item[]): void {
  for (const item of items) verdict.matches.push({ itemId: item.id, expectationId: expectation.id });
}

export function find(
  verdict: Verdict,
  kind: BreakKind,
  expectation: Expectation,
  items: Item[],
  { openMinor, currency, what }: { openMinor: number; currency?: string; what: string },
): void {
  verdict.findings.push({
    kind,
    subjectId: expectation.subjectId,
    items,
    expectation,
    openMinor,
    currency: currency ?? expectation.currency,
    summary: sentence(what),
  });
}

export function grossOf(items: readonly Item[]): number {
  return items.reduce((sum, { grossMinor }) => sum + grossMinor, 0);
}

/** Names a line for as long as its settlement is known: the subject of a case where nothing of ours is. */
export function lineId(item: Pick<Item, 'batch' | 'line'>): string {
  return `${item.batch}:${item.line}`;
}

export function placeOf({ batch, line }: Item): string {
  return `in line ${line} of ${batch}`;
}

export function placesOf(items: readonly Item[]): string {
  return items.map(placeOf).join(', ');
}

export function described({ kind, subjectId, amountMinor, currency }: Expectation): string {
  return `the ${kind.replaceAll('_', ' ')} of ${subjectId} (${amountMinor} ${currency})`;
}

export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

export function groupOf<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const name = key(value);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return groups;
}
