/**
 * Problem details (RFC 9457) with the members that our clients read. Every error leaves
 * through here; what is not in the catalogue is our fault and says nothing of the inside.
 */
import type { Response } from 'express';
import { ERRORS, ServiceError } from '../domain/errors.ts';

export interface Problem {
  type: string;
  title: string;
  status: number;
  error: string;
  message: string;
  trace_id: string;
  details: Record<string, unknown>;
}

/** Seconds that a client should wait when the database is away. */
const UNAVAILABLE_RETRY_SECONDS = 2;

export function problemOf(error: ServiceError, traceId: string): Problem {
  const kind = ERRORS[error.code];
  return {
    type: `urn:assay:error:${error.code}`,
    title: kind.title,
    status: kind.status,
    error: error.code,
    message: error.message,
    trace_id: traceId,
    details: error.details,
  };
}

export function unavailable(): ServiceError {
  return new ServiceError(
    'unavailable',
    'The service cannot reach its database; nothing was changed by this request.',
    {
      retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS,
    },
  );
}

export function sendProblem(response: Response, error: ServiceError, traceId: string): void {
  if (error.retryAfterSeconds !== null) response.setHeader('Retry-After', String(error.retryAfterSeconds));
  // RFC 9110, 15.5.2: a 401 says how to identify oneself; a PSP does so by its signature.
  if (error.code === 'unauthorized') response.setHeader('WWW-Authenticate', 'Bearer');
  if (error.replayed) response.setHeader('Idempotent-Replayed', 'true');
  response.status(ERRORS[error.code].status).setHeader('Content-Type', 'application/problem+json; charset=utf-8');
  response.end(JSON.stringify(problemOf(error, traceId)));
}
