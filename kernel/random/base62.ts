/**
 * Base 62 text from bytes, without bias: bytes of 248 and more are skipped, because
 * 248 = 4 × 62 is the largest multiple that a byte can hold.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FIRST_SKIPPED_BYTE = 248;

const LETTERS = Buffer.from(ALPHABET, 'latin1');

/** Characters are collected here and become a text at once: a text that grows by letters costs several times more. */
let collected = Buffer.alloc(64);

/** `length` characters; `block(n)` delivers the n-th block of bytes and must not make a text here itself. */
export function base62(length: number, block: (index: number) => Uint8Array): string {
  if (collected.length < length) collected = Buffer.alloc(length);
  let count = 0;
  for (let index = 0; count < length; index += 1) {
    const bytes = block(index);
    for (let place = 0; place < bytes.length && count < length; place += 1) {
      const byte = bytes[place] as number;
      if (byte >= FIRST_SKIPPED_BYTE) continue;
      collected[count] = LETTERS[byte % 62] as number;
      count += 1;
    }
  }
  return collected.toString('latin1', 0, length);
}
