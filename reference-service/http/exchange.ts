/**
 * One request on its way through: checked against the contract, authenticated, with its body
 * as bytes and as JSON. Routes see only this.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { ServiceError } from '../domain/errors.ts';
import { parseAmount } from '../domain/money.ts';
import type { IdempotentRequest } from '../application/idempotent-answer.ts';
import { fingerprintOf } from '../application/idempotent-answer.ts';
import { parseJson, readBody } from './body.ts';
import type { Operation } from './contract.ts';

export interface Exchange {
  request: Request;
  /** Path and query parameters, checked and coerced, defaults filled in. */
  parameters: Record<string, unknown>;
  /** W3C trace id of the request: the caller's, or a new one. 32 hexadecimal digits. */
  traceId: string;
  /** The exact bytes. */
  rawBody: Buffer;
  /** The checked JSON body; undefined where the operation has none. */
  body: unknown;
}

/** @throws ServiceError unauthorized, bad_request, missing_idempotency_key, validation_failed */
export async function readExchange(
  operation: Operation,
  request: Request,
  { apiKey, traceId }: { apiKey: string; traceId: string },
): Promise<Exchange> {
  if (operation.secured) authenticate(request, apiKey);
  const rawBody = operation.hasBody ? await readBody(request) : Buffer.alloc(0);
  const parameters = operation.checkParameters({
    path: request.params as Record<string, string>,
    query: { ...request.query },
  });
  if (!operation.hasBody || !operation.secured) return { request, parameters, traceId, rawBody, body: undefined };
  const body = parseJson(rawBody);
  operation.checkBody(body);
  return { request, parameters, traceId, rawBody, body };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function authenticate(request: Request, apiKey: string): void {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(apiKey))) {
    throw new ServiceError('unauthorized', 'Send the API key of the platform as "Authorization: Bearer <key>".');
  }
}

/** @throws ServiceError missing_idempotency_key, bad_request */
export function idempotencyOf(exchange: Exchange, operation: Operation): IdempotentRequest {
  const key = exchange.request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '')
    throw new ServiceError('missing_idempotency_key', 'Send an Idempotency-Key header.');
  if (key.length > 255) throw new ServiceError('bad_request', 'An Idempotency-Key has at most 255 characters.');
  return {
    scope: `platform:${operation.operationId}`,
    key,
    // The path as it was asked for: the same key for another payment is another request.
    fingerprint: fingerprintOf(operation.method, exchange.request.path, exchange.body),
  };
}

/** @throws ServiceError validation_failed when the text does not fit the currency or is not above zero */
export function amountOf(body: { amount: string; currency: string }): number {
  const amountMinor = amountOrZeroOf(body);
  if (amountMinor > 0) return amountMinor;
  throw new ServiceError('validation_failed', 'The amount must be greater than zero.', {
    details: { errors: [{ field: 'amount', message: 'must be greater than zero' }] },
  });
}

/** @throws ServiceError validation_failed when the text does not fit the currency */
export function amountOrZeroOf(body: { amount: string; currency: string }): number {
  const parsed = parseAmount(body.amount, body.currency);
  if (!parsed.ok)
    throw new ServiceError('validation_failed', `The amount is not allowed: ${parsed.reason}.`, {
      details: { errors: [{ field: 'amount', message: parsed.reason }] },
    });
  return parsed.amountMinor;
}

/** Headers as one text per lower-case name. */
export function headersOf(request: Request): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
