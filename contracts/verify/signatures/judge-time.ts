/** What all schemes need beside their cryptography: lists of keys, and the judgement of a signed time. */
import type { VectorVerdict } from '../../vectors/read-vectors.ts';
import type { Checking } from './check.ts';

export function keysOf(list: string | undefined): string[] {
  return (list ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '');
}

/** Times on the wire are whole seconds, so the last second of the tolerance counts as a whole. */
export function judgeTime(signedAtSeconds: number, { receivedAtMs, toleranceSeconds }: Checking): VectorVerdict {
  const age = Math.floor(receivedAtMs / 1000) - Math.floor(signedAtSeconds);
  if (age > toleranceSeconds) return 'stale';
  return age < -toleranceSeconds ? 'future' : 'valid';
}
