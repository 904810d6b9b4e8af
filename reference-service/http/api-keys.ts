/**
 * API keys: who calls, and what that key may do. A name may have several keys, so that one can
 * be replaced while the other still works. Only digests are kept, and every comparison takes
 * the same time whether or not a key fits.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../domain/errors.ts';
import { contract, type Operation } from './contract.ts';

/** Everything that any operation needs. */
export const ALL_SCOPES = '*';

/** The name of a caller who has the one key of a service without a list of keys. */
export const PLATFORM = 'platform';

export interface ApiKeyConfig {
  /** Whose key it is: lower-case letters, digits and hyphens; idempotency keys and limits are per name. */
  name: string;
  /** SHA-256 of the key, 64 hexadecimal digits. */
  sha256: string;
  /** Scopes of the API document, or `*`. */
  scopes: readonly string[];
  /** Requests per minute of this name; default: the limit of every key. */
  perMinute?: number;
}

/** Who sent the request. */
export interface Caller {
  name: string;
  scopes: readonly string[];
  perMinute: number | null;
}

export function digestOfKey(key: string): string {
  return hash('sha256', key);
}

/** Every scope that an operation of the API document names. */
export function scopesOfContract(): ReadonlySet<string> {
  return new Set([...contract().values()].flatMap(({ scope }) => (scope === null ? [] : [scope])));
}

export class ApiKeys {
  readonly #keys: readonly { digest: Buffer; caller: Caller }[];

  constructor(keys: readonly ApiKeyConfig[]) {
    this.#keys = keys.map(({ name, sha256, scopes, perMinute }) => ({
      digest: Buffer.from(sha256, 'hex'),
      caller: { name, scopes, perMinute: perMinute ?? null },
    }));
  }

  /**
   * The caller whose key this `Authorization` header holds, if it may do the operation.
   * @throws ServiceError unauthorized, forbidden
   */
  callerOf(authorization: string | undefined, operation: Operation): Caller {
    const given = hash('sha256', /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '', 'buffer');
    let caller: Caller | undefined;
    for (const key of this.#keys) if (timingSafeEqual(key.digest, given)) caller ??= key.caller;
    if (caller === undefined)
      throw new ServiceError('unauthorized', 'Send the API key of the platform as "Authorization: Bearer <key>".');
    const needed = operation.scope ?? ALL_SCOPES;
    if (caller.scopes.includes(ALL_SCOPES) || caller.scopes.includes(needed)) return caller;
    throw new ServiceError('forbidden', `This API key lacks the scope ${needed}.`, {
      details: { scope: needed },
    });
  }
}
