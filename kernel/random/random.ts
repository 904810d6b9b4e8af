/**
 * Keyed randomness: every draw is a pure function of (seed, label, keys), never of call
 * order. The fate of a payment stays the same when another payment is removed, when a
 * scenario shrinks, and when the wall clock drives the run.
 */
export type RandomKey = string | number;

export interface Random {
  readonly seed: string;
  /** A number in [0, 1). Same seed, label and keys: same number. */
  unit(label: string, ...keys: RandomKey[]): number;
  /** An integer in [min, max], both included. */
  integer(range: { min: number; max: number }, label: string, ...keys: RandomKey[]): number;
  /** True with the given probability (0 to 1). */
  chance(probability: number, label: string, ...keys: RandomKey[]): boolean;
  /** One of the items; throws on an empty list. */
  pick<T>(items: readonly T[], label: string, ...keys: RandomKey[]): T;
  /** A child whose draws are independent of this one's. */
  fork(label: string, ...keys: RandomKey[]): Random;
  /** `length` bytes as lower-case hexadecimal text (2 × length characters). */
  hex(length: number, label: string, ...keys: RandomKey[]): string;
}
