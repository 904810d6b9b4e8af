/**
 * Lines that name a movement of ours: what of them is not as it should be. One movement gives at
 * most one finding. A line with too much may hold a second movement; whether it does is not said
 * here, because another line may mean that movement too.
 */
import { contradicts } from './assign.ts';
import { described, find, grossOf, match, placeOf, placesOf, settle, type Verdict } from './findings.ts';
import type { Expectation, Item } from './records.ts';
import { agreedFee, isFeeRight, type SettlementTerms } from './terms.ts';

/** A line over more than the movement that it names. */
export interface Excess {
  expectation: Expectation;
  item: Item;
  /** What is too much; what a second movement in it would amount to. */
  moreMinor: number;
}

const DAY_MS = 86_400_000;

/** @returns the line whose amount is another one; it is still to be told */
export function judgeNamed(
  verdict: Verdict,
  expectation: Expectation,
  items: Item[],
  terms: SettlementTerms,
): Excess | null {
  const [first] = items;
  if (first === undefined) return null;
  if (expectation.state === 'settled') {
    settledBefore(verdict, expectation, items);
    return null;
  }
  settle(verdict, expectation, items);
  // Whatever is wrong with what came: it is not missing any more.
  if (expectation.state === 'missing') verdict.found.push(expectation);
  if (items.length > 1) {
    judgeSeveral(verdict, expectation, items);
    return null;
  }
  return judgeOne(verdict, expectation, first, terms);
}

export function tellAmount(verdict: Verdict, { expectation, item, moreMinor }: Excess): void {
  const what = `${described(expectation)}; ${saidIn(item)}`;
  find(verdict, 'amount_mismatch', expectation, [item], { openMinor: -moreMinor, what });
}

export function tellMerged(verdict: Verdict, { expectation, item }: Excess, other: Expectation): void {
  verdict.movements.push({ id: other.id, state: 'settled', batch: item.batch });
  const what = `${described(expectation)} and ${described(other)} come as one line: ${saidIn(item)}`;
  find(verdict, 'merged_line', expectation, [item], { openMinor: 0, what });
}

function settledBefore(verdict: Verdict, expectation: Expectation, items: Item[]): void {
  match(verdict, expectation, items);
  const what = `${described(expectation)} was settled with ${expectation.batch ?? 'an earlier settlement'} and again ${placesOf(items)}`;
  find(verdict, 'duplicate_line', expectation, items, { openMinor: -grossOf(items), what });
}

function judgeSeveral(verdict: Verdict, expectation: Expectation, items: Item[]): void {
  const { amountMinor, currency } = expectation;
  const first = items.find((item) => item.grossMinor === amountMinor && item.currency === currency);
  if (first !== undefined) {
    const others = items.filter((item) => item !== first);
    const what = `${described(expectation)} is settled ${items.length} times: ${placesOf(items)}`;
    find(verdict, 'duplicate_line', expectation, others, { openMinor: -grossOf(others), what });
  } else if (grossOf(items) === amountMinor && items.every((item) => item.currency === currency)) {
    const what = `${described(expectation)} comes as ${items.length} lines that add up to it: ${placesOf(items)}`;
    find(verdict, 'split_line', expectation, items, { openMinor: 0, what });
  } else {
    const what = `${described(expectation)} comes as ${items.length} lines over ${grossOf(items)}: ${placesOf(items)}`;
    find(verdict, 'amount_mismatch', expectation, items, { openMinor: amountMinor - grossOf(items), what });
  }
}

function judgeOne(verdict: Verdict, expectation: Expectation, item: Item, terms: SettlementTerms): Excess | null {
  const tell = (...[kind, money]: [Parameters<typeof find>[1], Parameters<typeof find>[4]]): null => {
    find(verdict, kind, expectation, [item], money);
    return null;
  };
  if (item.currency !== expectation.currency) {
    const what = `${described(expectation)}; ${saidIn(item)}`;
    return tell('currency_mismatch', { openMinor: expectation.amountMinor, what });
  }
  if (item.grossMinor !== expectation.amountMinor)
    return { expectation, item, moreMinor: item.grossMinor - expectation.amountMinor };
  if (contradicts(expectation, item)) {
    const what = `${described(expectation)}; ${placeOf(item)} names it and ${item.reference ?? 'nothing'} with ${item.pspReference ?? 'nothing'}`;
    return tell('wrong_reference', { openMinor: 0, what });
  }
  if (!item.isConverted && !isFeeRight(terms, item)) {
    const agreed = agreedFee(terms, item.kind, item.netMinor + item.feeMinor, item.settlementCurrency) ?? 0;
    const what = `${described(expectation)} cost ${item.feeMinor} ${item.settlementCurrency} ${placeOf(item)}; ${agreed} was agreed`;
    return tell('fee_mismatch', { openMinor: item.feeMinor - agreed, currency: item.settlementCurrency, what });
  }
  if (expectation.state === 'missing') return null;
  // What we owe the PSP may come later: it waits where there was nothing to take it from.
  if (item.settledAt > expectation.lateAt && expectation.amountMinor > 0) {
    const days = Math.ceil((item.settledAt - expectation.dueAt) / DAY_MS);
    const what = `${described(expectation)} was due ${days} day${days === 1 ? '' : 's'} before ${item.batch}, with which it came`;
    return tell('late_settlement', { openMinor: 0, what });
  }
  return null;
}

function saidIn(item: Item): string {
  return `${placeOf(item)} says ${item.grossMinor} ${item.currency}`;
}
