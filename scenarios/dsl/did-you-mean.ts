/**
 * "Did you mean": the allowed word nearest to a mistyped one, or nothing when none is near.
 */

/** Longest edit distance that still counts as a slip of the fingers; beyond it a guess only confuses. */
const NEAR_ENOUGH = 3;

/** The nearest of `allowed` by edit distance, or undefined. */
export function didYouMean(word: string, allowed: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.min(NEAR_ENOUGH, Math.ceil(word.length / 2)) + 1;
  for (const candidate of allowed) {
    const distance = editDistance(normal(word), normal(candidate));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function normal(word: string): string {
  return word.toLowerCase().replaceAll('_', '-').replaceAll(' ', '-');
}

function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
