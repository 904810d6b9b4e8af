/**
 * Unambiguous hashing of a list of parts. Every part carries its kind and its length, so
 * ('ab', 'c') and ('a', 'bc'), or 1 and '1', can never collide by concatenation.
 */
import { hash } from 'node:crypto';
import type { RandomKey } from './random.ts';

/** SHA-256 over the parts: 32 bytes. */
export function hashParts(parts: readonly RandomKey[]): Buffer {
  let text = '';
  for (const part of parts) {
    const kind = typeof part === 'number' ? 'n' : 's';
    const shown = String(part);
    text += `${kind}${shown.length}:${shown}`;
  }
  return hash('sha256', text, 'buffer');
}
