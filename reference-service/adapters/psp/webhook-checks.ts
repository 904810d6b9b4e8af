/**
 * What all webhook signatures need, whatever the dialect: a list of secrets (two are valid
 * while one is being rotated), a comparison in constant time, and the judgement of a signed
 * time in BOTH directions against our own clock. A time from the future is refused because
 * it would let a captured delivery be replayed later.
 */
import { timingSafeEqual } from 'node:crypto';
import type { WebhookVerdict } from '../../ports/psp-adapter.ts';

/** The secrets of a comma-separated credential, in order, blanks dropped. */
export function listSecrets(credential: string | undefined): string[] {
  return (credential ?? '')
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
}

/** Equal bytes, without telling by time where they differ. The length is no secret. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Judges a signed time in unix seconds; exactly the tolerance is still accepted. */
export function judgeSignedTime(options: {
  signedAtSeconds: number;
  receivedAtMs: number;
  toleranceMs: number;
}): WebhookVerdict {
  const ageMs = options.receivedAtMs - options.signedAtSeconds * 1000;
  // Whole seconds on the wire: a time signed in this very second may lie up to 999 ms back.
  if (ageMs > options.toleranceMs + 999) return { kind: 'invalid_signature', reason: 'stale' };
  if (ageMs < -options.toleranceMs) return { kind: 'invalid_signature', reason: 'future' };
  return { kind: 'verified' };
}

/** Unix seconds in plain digits, or null: `parseInt` would read `12abc` as 12. */
export function unixSeconds(text: string | undefined): number | null {
  return text !== undefined && /^[0-9]{1,12}$/.test(text) ? Number(text) : null;
}
