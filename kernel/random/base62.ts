/**
 * Base 62 text from bytes, without bias: bytes of 248 and more are skipped, because
 * 248 = 4 × 62 is the largest multiple that a byte can hold.
 */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FIRST_SKIPPED_BYTE = 248;

/** `length` characters; `block(n)` delivers the n-th block of bytes. */
export function base62(length: number, block: (index: number) => Uint8Array): string {
  let text = '';
  for (let index = 0; text.length < length; index += 1) {
    for (const byte of block(index)) {
      if (byte >= FIRST_SKIPPED_BYTE) continue;
      text += ALPHABET[byte % 62];
      if (text.length === length) break;
    }
  }
  return text;
}
