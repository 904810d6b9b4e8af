/**
 * Ids for repeatable runs: the n-th id of a prefix is a hash of (seed, prefix, n). They depend
 * on how many ids of that prefix came before, never on ids of other prefixes.
 */
import { base62 } from './base62.ts';
import { hashParts } from './hash.ts';
import { ID_LENGTH, type Ids } from './ids.ts';

export function createKeyedIds(seed: string): Ids {
  const counters = new Map<string, number>();

  function count(prefix: string): number {
    const n = (counters.get(prefix) ?? 0) + 1;
    counters.set(prefix, n);
    return n;
  }

  function next(prefix: string): string {
    const n = count(prefix);
    return `${prefix}_${base62(ID_LENGTH, (block) => hashParts([seed, 'id', prefix, n, block]))}`;
  }

  function uuid(): string {
    const bytes = hashParts([seed, 'uuid', count('\u0000uuid')]);
    // The version (4) and variant (binary 10) bits of RFC 9562.
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString('hex', 0, 16);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  return { next, uuid };
}
