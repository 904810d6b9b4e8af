/**
 * "Did you mean": the allowed word nearest to a mistyped one, by edits. Silent when nothing is
 * near, because a wild guess is worse than the list of what is allowed.
 */

/** Most edits that still count as a slip of the fingers; beyond them a guess only confuses. */
const MOST_EDITS = 3;

/** The allowed word nearest to `word`, or undefined when more than half of it would have to change. */
export function nearestWord(word: string, allowed: readonly string[]): string | undefined {
  const limit = Math.min(MOST_EDITS, Math.ceil(word.length / 2));
  const ranked = allowed
    .map((candidate) => ({ candidate, distance: editDistance(normal(word), normal(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= limit ? best.candidate : undefined;
}

/** People mix up cases, underscores and hyphens before they mistype. */
function normal(word: string): string {
  return word.toLowerCase().replaceAll(/[_ ]/g, '-');
}

/** Number of insertions, deletions, replacements and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
