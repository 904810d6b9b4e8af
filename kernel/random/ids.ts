/**
 * Ids: where identifiers come from. `RandomIds` (cryptographic, for production),
 * `KeyedIds` (a counter per prefix hashed with the seed, for repeatable runs).
 */
export interface Ids {
  /** A new id such as `pay_3fK9…`: the prefix, an underscore, 22 characters of base 62. */
  next(prefix: string): string;
  /** A UUID in the usual text form (version 4 layout). */
  uuid(): string;
}

/** 22 characters of base 62 hold 131 bits: two ids of a prefix never meet by chance. */
export const ID_LENGTH = 22;
