/** Ids for production: from the system's cryptographic source, not guessable, not repeatable. */
import { randomBytes, randomUUID } from 'node:crypto';
import { base62 } from './base62.ts';
import { ID_LENGTH, type Ids } from './ids.ts';

export function createRandomIds(): Ids {
  return {
    next: (prefix) => `${prefix}_${base62(ID_LENGTH, () => randomBytes(32))}`,
    uuid: () => randomUUID(),
  };
}
