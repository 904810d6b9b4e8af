/**
 * What is wrong with the lines that did not fit at first sight. Pure: residue in, verdicts out.
 * Each movement and each line ends in at most one finding.
 *
 *   lines ─► by reference to a movement ─► one line: amount, currency, fee, lateness
 *     │                                └─► several: duplicate, split
 *     └─► to none ─► one that fits by amount and time (a suggestion) ─► else unknown to us
 *
 * What must hold: a line that is explained by one finding gives rise to no second one, and so
 * does the movement that the finding names.
 */
import type { BreakKind } from './break-kinds.ts';
import type { Expectation, ExpectationState, Item, KnownAttempt } from './records.ts';
import { agreedFee, isFeeRight, type SettlementTerms } from './terms.ts';

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

export interface Residue {
  items: readonly Item[];
  /** By reference, and those that could be meant by amount. */
  expectations: readonly Expectation[];
  attempts: readonly KnownAttempt[];
}

export function classify(residue: Residue, terms: SettlementTerms): Verdict {
  return new Classifier(residue, terms).run();
}

type Suggestion = { item: Item; expectation: Expectation; apartMs: number };

class Classifier {
  readonly #terms: SettlementTerms;
  readonly #items: readonly Item[];
  readonly #expectations: readonly Expectation[];
  readonly #attempts: ReadonlyMap<string, KnownAttempt>;
  readonly #verdict: Verdict = { findings: [], movements: [], matches: [], found: [] };
  /** Movements that a line stands for by now. */
  readonly #taken = new Set<number>();

  constructor({ items, expectations, attempts }: Residue, terms: SettlementTerms) {
    this.#terms = terms;
    this.#items = items;
    this.#expectations = [...new Map(expectations.map((one) => [one.id, one])).values()];
    this.#attempts = new Map(attempts.map((attempt) => [attempt.reference, attempt]));
  }

  run(): Verdict {
    const { assigned, rest } = this.#assign();
    for (const expectation of assigned.keys()) this.#taken.add(expectation.id);
    for (const [expectation, items] of assigned) this.#judge(expectation, items);
    this.#judgeRest(rest);
    return this.#verdict;
  }

  /** Each line to the movement that its references name. */
  #assign(): { assigned: Map<Expectation, Item[]>; rest: Item[] } {
    const byReference = groupOf(this.#expectations, (one) => `${one.kind} ${one.reference}`);
    const byPspReference = groupOf(this.#expectations, (one) => `${one.kind} ${one.pspReference ?? ''}`);
    const byPart = groupOf(this.#expectations, (one) => `${one.kind} ${one.partReference ?? ''}`);
    const assigned = new Map<Expectation, Item[]>();
    const rest: Item[] = [];
    for (const item of this.#items) {
      const named = [
        ...(item.reference === null ? [] : (byReference.get(`${item.kind} ${item.reference}`) ?? [])),
        ...(item.pspReference === null ? [] : (byPspReference.get(`${item.kind} ${item.pspReference}`) ?? [])),
        ...(item.partReference === null ? [] : (byPart.get(`${item.kind} ${item.partReference}`) ?? [])),
      ];
      const expectation = best(named, item, assigned);
      if (expectation === null) rest.push(item);
      else assigned.set(expectation, [...(assigned.get(expectation) ?? []), item]);
    }
    return { assigned, rest };
  }

  #judge(expectation: Expectation, items: Item[]): void {
    const [first] = items;
    if (first === undefined) return;
    if (expectation.state === 'settled') return this.#settledBefore(expectation, items);
    this.#settle(expectation, items);
    if (items.length > 1) return this.#judgeSeveral(expectation, items);
    this.#judgeOne(expectation, first);
  }

  #settledBefore(expectation: Expectation, items: Item[]): void {
    this.#matches(expectation, items);
    const what = `${described(expectation)} was settled with ${expectation.batch ?? 'an earlier settlement'} and again ${placesOf(items)}`;
    this.#find('duplicate_line', expectation, items, { openMinor: -grossOf(items), what });
  }

  #judgeSeveral(expectation: Expectation, items: Item[]): void {
    const { amountMinor, currency } = expectation;
    const same = items.filter((item) => item.grossMinor === amountMinor && item.currency === currency);
    const [first] = same;
    if (first !== undefined) {
      const others = items.filter((item) => item !== first);
      const what = `${described(expectation)} is settled ${items.length} times: ${placesOf(items)}`;
      this.#find('duplicate_line', expectation, others, { openMinor: -grossOf(others), what });
    } else if (grossOf(items) === amountMinor && items.every((item) => item.currency === currency)) {
      const what = `${described(expectation)} comes as ${items.length} lines that add up to it: ${placesOf(items)}`;
      this.#find('split_line', expectation, items, { openMinor: 0, what });
    } else {
      const what = `${described(expectation)} comes as ${items.length} lines over ${grossOf(items)}: ${placesOf(items)}`;
      this.#find('amount_mismatch', expectation, items, { openMinor: amountMinor - grossOf(items), what });
    }
  }

  #judgeOne(expectation: Expectation, item: Item): void {
    const said = `${placeOf(item)} says ${item.grossMinor} ${item.currency}`;
    if (item.currency !== expectation.currency) {
      const what = `${described(expectation)}; ${said}`;
      this.#find('currency_mismatch', expectation, [item], { openMinor: expectation.amountMinor, what });
    } else if (item.grossMinor !== expectation.amountMinor) {
      this.#judgeAmount(expectation, item, said);
    } else if (contradicts(expectation, item)) {
      const what = `${described(expectation)}; ${placeOf(item)} names it and ${item.reference ?? 'nothing'} with ${item.pspReference ?? 'nothing'}`;
      this.#find('wrong_reference', expectation, [item], { openMinor: 0, what });
    } else if (!item.isConverted && !isFeeRight(this.#terms, item)) {
      const agreed = agreedFee(this.#terms, item.kind, item.netMinor + item.feeMinor, item.settlementCurrency) ?? 0;
      const what = `${described(expectation)} cost ${item.feeMinor} ${item.settlementCurrency} ${placeOf(item)}; ${agreed} was agreed`;
      const openMinor = item.feeMinor - agreed;
      this.#find('fee_mismatch', expectation, [item], { openMinor, currency: item.settlementCurrency, what });
    } else if (expectation.state === 'missing') {
      this.#verdict.found.push(expectation);
      // What we owe the PSP may come later: it waits where there was nothing to take it from.
    } else if (item.settledAt > expectation.lateAt && expectation.amountMinor > 0) {
      const days = Math.ceil((item.settledAt - expectation.dueAt) / 86_400_000);
      const what = `${described(expectation)} was due ${days} day${days === 1 ? '' : 's'} before ${item.batch}, with which it came`;
      this.#find('late_settlement', expectation, [item], { openMinor: 0, what });
    }
  }

  /** Too much may be the amount of another movement that should have come with the same settlement and did not. */
  #judgeAmount(expectation: Expectation, item: Item, said: string): void {
    const moreMinor = item.grossMinor - expectation.amountMinor;
    const other = this.#expectations
      .filter((one) => one.amountMinor === moreMinor && this.#couldBe(one, item) && one.dueAt === expectation.dueAt)
      .sort((a, b) => apart(a, expectation.occurredAt) - apart(b, expectation.occurredAt) || a.id - b.id)[0];
    if (other === undefined) {
      const what = `${described(expectation)}; ${said}`;
      this.#find('amount_mismatch', expectation, [item], { openMinor: -moreMinor, what });
      return;
    }
    this.#taken.add(other.id);
    this.#verdict.movements.push({ id: other.id, state: 'settled', batch: item.batch });
    const what = `${described(expectation)} and ${described(other)} come as one line: ${said}`;
    this.#find('merged_line', expectation, [item], { openMinor: 0, what });
  }

  /** Open, of the same kind and currency, and due by the line's settlement. */
  #couldBe(expectation: Expectation, item: Item): boolean {
    return (
      expectation.state === 'open' &&
      !this.#taken.has(expectation.id) &&
      expectation.kind === item.kind &&
      expectation.currency === item.currency &&
      expectation.dueAt <= item.settledAt
    );
  }

  #judgeRest(rest: readonly Item[]): void {
    const explained = new Set<Item>();
    for (const { item, expectation } of this.#suggestions(rest)) {
      if (explained.has(item) || this.#taken.has(expectation.id)) continue;
      explained.add(item);
      this.#taken.add(expectation.id);
      this.#verdict.movements.push({ id: expectation.id, state: 'suggested', batch: item.batch });
      const what = `${placeOf(item)} names ${item.reference ?? 'nothing'} (${item.pspReference ?? 'no id'}), which nobody knows; by amount and time it may be ${described(expectation)}`;
      this.#find('wrong_reference', expectation, [item], { openMinor: 0, what });
    }
    // Several lines of the same unknown thing are one discrepancy.
    const unknown = groupOf(
      rest.filter((item) => !explained.has(item)),
      (item) => `${item.kind} ${item.reference ?? item.pspReference ?? `${item.batch} ${item.line}`}`,
    );
    for (const items of unknown.values()) this.#judgeUnknown(items);
  }

  /** Nearest first. */
  #suggestions(rest: readonly Item[]): Suggestion[] {
    const byAmount = groupOf(this.#expectations, (one) => `${one.kind} ${one.currency} ${one.amountMinor}`);
    const withinMs = this.#terms.suggestWithinSeconds * 1_000;
    const suggestions: Suggestion[] = [];
    for (const item of rest) {
      const { occurredAt } = item;
      if (occurredAt === null || this.#attemptOf(item) !== undefined) continue;
      for (const expectation of byAmount.get(`${item.kind} ${item.currency} ${item.grossMinor}`) ?? []) {
        const apartMs = apart(expectation, occurredAt);
        if (this.#couldBe(expectation, item) && apartMs <= withinMs) suggestions.push({ item, expectation, apartMs });
      }
    }
    return suggestions.sort(
      (a, b) => a.apartMs - b.apartMs || a.item.id - b.item.id || a.expectation.id - b.expectation.id,
    );
  }

  #attemptOf(item: Item): KnownAttempt | undefined {
    return item.reference === null ? undefined : this.#attempts.get(item.reference);
  }

  #judgeUnknown(items: Item[]): void {
    const [item] = items;
    if (item === undefined) return;
    const attempt = this.#attemptOf(item);
    const subjectId = attempt?.subjectId ?? lineId(item);
    const money = { openMinor: -grossOf(items), currency: item.currency };
    const said = `${placesOf(items)} tells a ${item.kind} of ${grossOf(items)} ${item.currency} (${item.pspReference ?? 'no id'})`;
    const found = (kind: BreakKind, what: string): void =>
      void this.#verdict.findings.push({
        kind,
        subjectId,
        items,
        expectation: null,
        ...money,
        summary: `${sentence(what)}.`,
      });
    if (item.kind === 'chargeback') {
      found(
        'unannounced_chargeback',
        `${said} of ${attempt?.subjectId ?? item.reference ?? 'nobody'}; no dispute was told`,
      );
    } else if (attempt === undefined) {
      found('missing_in_ledger', `${said} under ${item.reference ?? 'no reference'}, of which we know nothing`);
    } else {
      found('status_mismatch', `${said}; ${attempt.subjectKind} ${attempt.subjectId} is ${attempt.status} here`);
    }
  }

  #settle(expectation: Expectation, items: Item[]): void {
    this.#verdict.movements.push({ id: expectation.id, state: 'settled', batch: items[0]?.batch ?? '' });
    this.#matches(expectation, items);
  }

  #matches(expectation: Expectation, items: Item[]): void {
    for (const item of items) this.#verdict.matches.push({ itemId: item.id, expectationId: expectation.id });
  }

  #find(
    kind: BreakKind,
    expectation: Expectation,
    items: Item[],
    { openMinor, currency, what }: { openMinor: number; currency?: string; what: string },
  ): void {
    this.#verdict.findings.push({
      kind,
      subjectId: expectation.subjectId,
      items,
      expectation,
      openMinor,
      currency: currency ?? expectation.currency,
      summary: `${sentence(what)}.`,
    });
  }
}

/** The movement that a line means, of those that its references name. */
function best(
  named: readonly Expectation[],
  item: Item,
  assigned: ReadonlyMap<Expectation, readonly Item[]>,
): Expectation | null {
  const candidates = [...new Set(named)].filter((one) => !isOther(one, item));
  const score = (one: Expectation): number =>
    (one.partReference !== null && one.partReference === item.partReference ? 16 : 0) +
    (one.pspReference !== null && one.pspReference === item.pspReference ? 8 : 0) +
    (one.amountMinor === item.grossMinor ? 4 : 0) +
    (one.state === 'settled' ? 0 : 2) +
    (assigned.has(one) ? 0 : 1);
  const [first] = candidates.sort((a, b) => score(b) - score(a) || a.id - b.id);
  return first ?? null;
}

/** Its references name another part, or another payment under the same reference. */
function isOther(expectation: Expectation, item: Item): boolean {
  const hasParts = item.kind !== 'payment' && item.kind !== 'payout' && item.kind !== 'payout_returned';
  if (hasParts && differ(expectation.partReference, item.partReference)) return true;
  return differ(expectation.pspReference, item.pspReference) && expectation.amountMinor !== item.grossMinor;
}

/** One reference fits, the other does not. */
function contradicts(expectation: Expectation, item: Item): boolean {
  return differ(expectation.pspReference, item.pspReference) || differ(expectation.reference, item.reference);
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}

function apart(expectation: Expectation, occurredAt: number): number {
  return Math.abs(expectation.occurredAt - occurredAt);
}

function grossOf(items: readonly Item[]): number {
  return items.reduce((sum, { grossMinor }) => sum + grossMinor, 0);
}

/** Names a line for as long as its settlement is known: the subject of a case where nothing of ours is. */
export function lineId(item: Pick<Item, 'batch' | 'line'>): string {
  return `${item.batch}:${item.line}`;
}

function placeOf({ batch, line }: Item): string {
  return `in line ${line} of ${batch}`;
}

function placesOf(items: readonly Item[]): string {
  return items.map(placeOf).join(', ');
}

function described({ kind, subjectId, amountMinor, currency }: Expectation): string {
  return `the ${kind.replaceAll('_', ' ')} of ${subjectId} (${amountMinor} ${currency})`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function groupOf<T>(values: readonly T[], key: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const name = key(value);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [value]);
    else group.push(value);
  }
  return groups;
}
