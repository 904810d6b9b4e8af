/**
 * Values on their way into statements and out of rows.
 */

/** What a statement may be given. */
export type SqlValue = string | number | boolean | null | Buffer;

/** bigint columns arrive as text; ours stay below 2^53. */
export function integer(value: string | number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`Bug: ${value} is not a safe integer`);
  return number;
}

export function integerOrNull(value: string | number | null): number | null {
  return value === null ? null : integer(value);
}
