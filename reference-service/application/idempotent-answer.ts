/**
 * Idempotency of requests that create something: one key per intent of the client.
 *
 * The claim lies in the same statement or transaction as the thing created, so there is no
 * moment at which one exists without the other. What is stored is the status of the first
 * answer and a pointer to the payment; the body is rebuilt, so that a replay shows the same
 * ids and the same or a later status.
 */
import { hash } from 'node:crypto';
import { canonicalJson } from '../../kernel/index.ts';
import { ServiceError } from '../domain/errors.ts';
import type { KeyClaim, StoredKey } from '../ports/stores.ts';
import type { ServiceContext } from './context.ts';

export interface IdempotentRequest {
  /** Which API key and endpoint; the same key elsewhere is another key. */
  scope: string;
  key: string;
  fingerprint: string;
}

/** SHA-256 over method, route and the canonical body: order of members and spaces do not matter. */
export function fingerprintOf(method: string, route: string, body: unknown): string {
  return hash('sha256', `${method} ${route}\n${canonicalJson(body)}`);
}

export function claimOf(context: ServiceContext, request: IdempotentRequest): KeyClaim {
  const nowMs = context.clock.now();
  return {
    ...request,
    nowMs,
    lockedUntilMs: nowMs + context.timings.idempotencyLeaseMs,
    expiresAtMs: nowMs + context.timings.idempotencyKeyLifeMs,
  };
}

/**
 * What an earlier request under this key left, when it may be answered again.
 * @throws ServiceError idempotency_key_reused (other content) or idempotency_in_flight (not answered yet)
 */
export async function earlierAnswer(context: ServiceContext, request: IdempotentRequest): Promise<StoredKey> {
  const { database, stores, clock } = context;
  const stored = await stores.keys.find(database.autocommit, request.scope, request.key);
  if (stored === null) throw inFlight();
  if (stored.fingerprint !== request.fingerprint) {
    throw new ServiceError(
      'idempotency_key_reused',
      'This Idempotency-Key was used with another request; use a new key for a new intent.',
    );
  }
  if (stored.responseStatus === null && stored.lockedUntilMs > clock.now()) throw inFlight();
  return stored;
}

function inFlight(): ServiceError {
  return new ServiceError(
    'idempotency_in_flight',
    'The same request is still being worked on; send it again in a second.',
    { retryAfterSeconds: 1 },
  );
}
