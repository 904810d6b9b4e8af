/**
 * How Checkout.com says no. A request that it understands and does not accept is 422 with
 * `{request_id, error_type, error_codes[]}`; 401, 403 and 404 have an empty body; two requests
 * with one key at the same time are 409. The token endpoint speaks OAuth: 400 `{error}`.
 *
 * The same request id stands in the body and in the header `cko-request-id`.
 */
import { PspProblem, type ProblemCode } from '../../core/problem.ts';
import type { PspAnswer, PspContext, PspRequest } from '../dialect.ts';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** A 422 with one of Checkout.com's error codes. */
export function refusal(errorCode: string, field?: string): PspProblem {
  const extra = { errorCode };
  return new PspProblem('validation', errorCode, field === undefined ? { extra } : { field, extra });
}

/** 403: the payment's state does not allow it. Checkout.com says no more than that. */
export function notAllowed(message: string): PspProblem {
  return new PspProblem('invalid-state', message);
}

export function notFound(what: string): PspProblem {
  return new PspProblem('not-found', `No such ${what}`);
}

/** An error of the token endpoint. */
export function oauthRefusal(error: 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type'): PspProblem {
  return new PspProblem('validation', error, { extra: { oauth: error } });
}

export function jsonAnswer(status: number, value: unknown): PspAnswer {
  return { status, headers: JSON_TYPE, body: JSON.stringify(value) };
}

export function emptyAnswer(status: number): PspAnswer {
  return { status, headers: {}, body: '' };
}

interface Refused {
  status: number;
  /** Null: the body is empty. */
  errorType: string | null;
  errorCode?: string;
}

const BY_CODE: Readonly<Record<ProblemCode, Refused>> = {
  malformed: { status: 400, errorType: 'request_unprocessable', errorCode: 'request_body_malformed' },
  'too-large': { status: 413, errorType: 'request_invalid', errorCode: 'request_body_too_large' },
  unauthorized: { status: 401, errorType: null },
  'not-simulated': { status: 404, errorType: 'not_simulated' },
  'not-found': { status: 404, errorType: null },
  validation: { status: 422, errorType: 'request_invalid' },
  'invalid-state': { status: 403, errorType: null },
  'amount-too-large': { status: 422, errorType: 'request_invalid' },
  'idempotency-key-missing': { status: 422, errorType: 'request_invalid', errorCode: 'idempotency_key_required' },
  'idempotency-key-invalid': { status: 422, errorType: 'request_invalid', errorCode: 'idempotency_key_invalid' },
  'idempotency-other-body': { status: 422, errorType: 'request_invalid', errorCode: 'idempotency_key_reused' },
  'idempotency-in-flight': { status: 409, errorType: 'request_in_progress', errorCode: 'concurrent_request' },
  'rate-limited': { status: 429, errorType: 'too_many_requests', errorCode: 'rate_limit_exceeded' },
  internal: { status: 500, errorType: 'server_error', errorCode: 'internal_error' },
  unavailable: { status: 503, errorType: 'server_error', errorCode: 'service_unavailable' },
};

export function checkoutErrorAnswer(problem: PspProblem, request: PspRequest | null, psp: PspContext): PspAnswer {
  const oauth = problem.details.extra?.['oauth'];
  const { status, errorType, errorCode } = BY_CODE[problem.code];
  if (typeof oauth === 'string') return jsonAnswer(400, { error: oauth });
  const requestId = psp.ids.uuid();
  const answerStatus = problem.details.status ?? status;
  const headers = { 'cko-request-id': requestId };
  if (errorType === null) return { status: answerStatus, headers, body: '' };
  const code = ownCode(problem, request) ?? errorCode ?? 'request_invalid';
  const answer = jsonAnswer(answerStatus, { request_id: requestId, error_type: errorType, error_codes: [code] });
  return { ...answer, headers: { ...answer.headers, ...headers } };
}

function ownCode(problem: PspProblem, request: PspRequest | null): string | undefined {
  const given = problem.details.extra?.['errorCode'];
  if (typeof given === 'string') return given;
  if (problem.code === 'amount-too-large') {
    return request?.path.endsWith('/captures') === true
      ? 'capture_value_greater_than_remaining_authorized'
      : 'refund_amount_exceeds_balance';
  }
  if (problem.code === 'not-simulated')
    return `${request?.method ?? ''} ${request?.path ?? ''} is not simulated`.trim();
  return problem.code === 'validation' && problem.details.field === 'amount' ? 'amount_invalid' : undefined;
}
