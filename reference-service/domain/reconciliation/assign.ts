/**
 * Which movement a line names: by our reference, the PSP's, or that of the part. A line may name
 * several, and then the one is taken that agrees with it in most; it never is one of which another
 * part is meant.
 */
import { groupOf } from './findings.ts';
import type { Expectation, Item } from './records.ts';

/** Each line to the movement that its references name, and the lines that name none. */
export function assign(
  items: readonly Item[],
  expectations: readonly Expectation[],
): { assigned: Map<Expectation, Item[]>; rest: Item[] } {
  const byReference = groupOf(expectations, (one) => `${one.kind} ${one.reference}`);
  const byPspReference = groupOf(expectations, (one) => `${one.kind} ${one.pspReference ?? ''}`);
  const byPart = groupOf(expectations, (one) => `${one.kind} ${one.partReference ?? ''}`);
  const assigned = new Map<Expectation, Item[]>();
  const rest: Item[] = [];
  for (const item of items) {
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
export function contradicts(expectation: Expectation, item: Item): boolean {
  return differ(expectation.pspReference, item.pspReference) || differ(expectation.reference, item.reference);
}

function differ(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && one !== other;
}
