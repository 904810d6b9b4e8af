/**
 * Chance that repeats: a number in [0, 1) that depends on a seed, a purpose and an id, and on
 * nothing else. The same payment is drawn the same way in every process and after a restart.
 *
 * Not for secrets: FNV-1a with the finalizer of MurmurHash3, because a decision draws a dozen
 * times and has ten microseconds.
 */
export type Draw = (purpose: string, id: string) => number;

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const TWO_TO_32 = 4_294_967_296;

/** Purposes are few (PSPs and rules); beyond this many the cache would be fed by a mistake. */
const MOST_PURPOSES = 10_000;

export function keyedDraw(seed: string): Draw {
  const states = new Map<string, number>();
  return (purpose, id) => {
    let state = states.get(purpose);
    if (state === undefined) {
      state = absorb(absorb(FNV_OFFSET, `${seed}|`), `${purpose}|`);
      if (states.size < MOST_PURPOSES) states.set(purpose, state);
    }
    return finish(absorb(state, id)) / TWO_TO_32;
  };
}

/** Steps of each half of a draw. */
const HALF = 65_536;

/**
 * A draw becomes one of the standard normal distribution (Box and Muller, from its two halves).
 * It reaches 4.7 standard deviations, which is far enough to try something new.
 */
export function normalOf(unit: number): number {
  const high = Math.floor(unit * HALF);
  const first = high / HALF;
  const second = unit * HALF - high;
  // 1 - first lies in (0, 1]: its logarithm is finite.
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}

function absorb(state: number, text: string): number {
  let hash = state;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), FNV_PRIME);
  return hash;
}

/** Spreads every bit of the state over the whole word: FNV alone leaves the high bits of short ids alike. */
function finish(state: number): number {
  let hash = state;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
