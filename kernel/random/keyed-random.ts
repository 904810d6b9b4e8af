/**
 * Keyed random: each draw is SHA-256 of (seed, label, keys), so it does not depend on what was
 * drawn before. Two draws with the same label and keys are the same draw: include whatever
 * makes them different (payment id, attempt) in the keys.
 */
import { hashParts } from './hash.ts';
import type { Random, RandomKey } from './random.ts';

const TWO_TO_26 = 2 ** 26;
const TWO_TO_53 = 2 ** 53;

/** The first 53 bits of a digest as a number in [0, 1). */
function unitFromDigest(digest: Buffer): number {
  const high27 = digest.readUInt32BE(0) >>> 5;
  const low26 = digest.readUInt32BE(4) >>> 6;
  return (high27 * TWO_TO_26 + low26) / TWO_TO_53;
}

/** All draws of one seed. */
export function createKeyedRandom(seed: string): Random {
  const unit = (label: string, ...keys: RandomKey[]): number =>
    unitFromDigest(hashParts([seed, 'draw', label, ...keys]));

  function integer(range: { min: number; max: number }, label: string, ...keys: RandomKey[]): number {
    const { min, max } = range;
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || min > max) {
      throw new RangeError(`random "${label}": [${min}, ${max}] is not a range of integers`);
    }
    return Math.min(max, min + Math.floor(unit(label, ...keys) * (max - min + 1)));
  }

  function pick<T>(items: readonly T[], label: string, ...keys: RandomKey[]): T {
    if (items.length === 0) throw new RangeError(`random "${label}": cannot pick from an empty list`);
    return items[integer({ min: 0, max: items.length - 1 }, label, ...keys)] as T;
  }

  function hex(length: number, label: string, ...keys: RandomKey[]): string {
    let text = '';
    for (let block = 0; text.length < length * 2; block += 1) {
      text += hashParts([seed, 'hex', block, label, ...keys]).toString('hex');
    }
    return text.slice(0, length * 2);
  }

  return {
    seed,
    unit,
    integer,
    chance: (probability, label, ...keys) => unit(label, ...keys) < probability,
    pick,
    fork: (label, ...keys) => createKeyedRandom(hashParts([seed, 'fork', label, ...keys]).toString('hex')),
    hex,
  };
}
