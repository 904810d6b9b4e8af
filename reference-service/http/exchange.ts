/**
 * One request on its way through: admitted, checked against the contract, with its body as
 * bytes and as JSON. Routes see only this.
 */
import type { Request } from 'express';
import { hasCardNumber } from '../domain/card-number.ts';
import { ServiceError } from '../domain/errors.ts';
import { parseAmount } from '../domain/money.ts';
import type { IdempotentRequest } from '../application/idempotent-answer.ts';
import { fingerprintOf } from '../application/idempotent-answer.ts';
import { PLATFORM, type Caller } from './api-keys.ts';
import { checkContentType, parseJson, readBody } from './body.ts';
import type { Operation } from './contract.ts';

export interface Exchange {
  request: Request;
  /** Path and query parameters, checked and coerced, defaults filled in. */
  parameters: Record<string, unknown>;
  /** W3C trace id of the request: the caller's, or a new one. 32 hexadecimal digits. */
  traceId: string;
  /** Whose key came with it; null where none is asked for. */
  caller: Caller | null;
  /** The exact bytes. */
  rawBody: Buffer;
  /** The checked JSON body; undefined where the operation has none. */
  body: unknown;
}

/** @throws ServiceError bad_request, payload_too_large, unsupported_media_type, card_number_refused, validation_failed */
export async function readExchange(
  operation: Operation,
  request: Request,
  { caller, traceId }: { caller: Caller | null; traceId: string },
): Promise<Exchange> {
  checkContentType(request, operation.contentTypes);
  const rawBody = operation.hasBody ? await readBody(request) : Buffer.alloc(0);
  const parameters = operation.checkParameters({
    path: request.params as Record<string, string>,
    query: { ...request.query },
  });
  const exchange = { request, parameters, traceId, caller, rawBody };
  if (operation.hasBody) refuseCardNumbers(rawBody.toString('utf8'));
  if (!operation.hasBody || !operation.secured) return { ...exchange, body: undefined };
  const body = parseJson(rawBody);
  // What an escape hides in the bytes shows in the values.
  if (rawBody.includes('\\')) refuseCardNumbers(JSON.stringify(body));
  operation.checkBody(body);
  return { ...exchange, body };
}

/**
 * A card number brings whoever stores it under PCI DSS, so it is refused before anything is done
 * with the request; the answer and the log never repeat it.
 * @throws ServiceError card_number_refused
 */
export function refuseCardNumbers(text: string): void {
  if (!hasCardNumber(text)) return;
  throw new ServiceError(
    'card_number_refused',
    'The request holds a card number, which this service never takes; send the token of your PSP instead.',
  );
}

/** @throws ServiceError missing_idempotency_key, bad_request */
export function idempotencyOf(exchange: Exchange, operation: Operation): IdempotentRequest {
  const key = exchange.request.headers['idempotency-key'];
  if (typeof key !== 'string' || key === '')
    throw new ServiceError('missing_idempotency_key', 'Send an Idempotency-Key header.');
  if (key.length > 255) throw new ServiceError('bad_request', 'An Idempotency-Key has at most 255 characters.');
  return {
    // The same key of another caller is another key.
    scope: `${exchange.caller?.name ?? PLATFORM}:${operation.operationId}`,
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
