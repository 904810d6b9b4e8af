/**
 * Ids for production: from the system's cryptographic source, not guessable, not repeatable.
 * Bytes are fetched in blocks: a call to the source costs more than an id.
 */
import { randomFillSync, randomUUID } from 'node:crypto';
import { base62 } from './base62.ts';
import { ID_LENGTH, type Ids } from './ids.ts';

const POOL_BYTES = 8_192;
/** 22 characters take 22.7 bytes on average (3 % are skipped); a rare id takes a second block. */
const BYTES_PER_ID = 24;

export function createRandomIds(): Ids {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  const bytes = (): Uint8Array => {
    if (used + BYTES_PER_ID > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += BYTES_PER_ID;
    return pool.subarray(used - BYTES_PER_ID, used);
  };
  return {
    next: (prefix) => `${prefix}_${base62(ID_LENGTH, bytes)}`,
    uuid: () => randomUUID(),
  };
}
