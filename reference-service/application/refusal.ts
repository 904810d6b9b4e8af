/**
 * Refusals: a request that our own rules did not let through. The refusal is the definitive
 * answer of its key, so a repetition is told the same, whatever has changed meanwhile.
 */
import { ERRORS, ServiceError, type ErrorCode } from '../domain/errors.ts';
import type { StoredKey } from '../ports/stores.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';
import type { IdempotentRequest } from './idempotent-answer.ts';

export interface Refused {
  code: ErrorCode;
  message: string;
  details: Record<string, unknown>;
}

/** Stores the refusal as the answer of a key that was claimed in the same transaction. */
export async function storeRefusal(
  context: ServiceContext,
  unit: Unit,
  request: IdempotentRequest,
  refused: Refused,
): Promise<void> {
  const { code, message, details } = refused;
  const body = { refused: { code, message, details } };
  await context.stores.keys.complete(unit, request.scope, request.key, { status: ERRORS[code].status, body });
}

export function refusalError({ code, message, details }: Refused, replayed = false): ServiceError {
  return new ServiceError(code, message, { details, replayed });
}

/** @throws ServiceError the refusal that the key was answered with, if it was one */
export function throwStoredRefusal(stored: StoredKey): void {
  const body = stored.responseBody as { refused?: Refused } | null;
  if (body?.refused !== undefined) throw refusalError(body.refused, true);
}
