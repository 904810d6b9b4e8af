/**
 * PayPal's error object: `{ name, message, debug_id, details: [{ field, location, issue,
 * description }], links }`. `name` and status say what kind of error it is, `details[0].issue`
 * says which one; clients switch on the issue. OAuth speaks its own form (`error`,
 * `error_description`), and so does a bearer token that is not known.
 */
import { PspProblem, type ProblemCode } from '../../core/problem.ts';
import type { PspAnswer, PspContext } from '../dialect.ts';
import { debugIdOf } from './ids.ts';

export interface ErrorDetail {
  field?: string;
  value?: string;
  location?: 'body' | 'path' | 'query' | 'header';
  issue: string;
  description: string;
}

export interface PaypalError {
  status: number;
  name: string;
  message: string;
  details: readonly ErrorDetail[];
  links?: readonly { href: string; rel: string; method: string }[];
}

interface OAuthError {
  status: number;
  error: string;
  description: string;
}

const BAD_REQUEST = 'Request is not well-formed, syntactically incorrect, or violates schema.';
const NOT_PROCESSED =
  'The requested action could not be performed, semantically incorrect, or failed business validation.';
const NO_SUCH_RESOURCE = 'The specified resource does not exist.';

/** 400 with one issue. */
export function invalidRequest(detail: ErrorDetail): PspProblem {
  return problem('validation', { status: 400, name: 'INVALID_REQUEST', message: BAD_REQUEST, details: [detail] });
}

export function missing(field: string): PspProblem {
  return invalidRequest({
    field,
    location: 'body',
    issue: 'MISSING_REQUIRED_PARAMETER',
    description: 'A required field / parameter is missing.',
  });
}

export function wrongSyntax(field: string, value: string, location: 'body' | 'query' = 'body'): PspProblem {
  return invalidRequest({
    field,
    value,
    location,
    issue: 'INVALID_PARAMETER_SYNTAX',
    description: 'The value of a field does not conform to the expected format.',
  });
}

export function wrongValue(field: string, value: string, location: 'body' | 'query' = 'body'): PspProblem {
  return invalidRequest({
    field,
    value,
    location,
    issue: 'INVALID_PARAMETER_VALUE',
    description: 'The value of a field is invalid.',
  });
}

/** 422 with one issue. */
export function unprocessable(
  issue: string,
  description: string,
  field?: string,
  links?: PaypalError['links'],
): PspProblem {
  const detail: ErrorDetail = { ...(field === undefined ? {} : { field, location: 'body' }), issue, description };
  return problem('invalid-state', {
    status: 422,
    name: 'UNPROCESSABLE_ENTITY',
    message: NOT_PROCESSED,
    details: [detail],
    ...(links === undefined ? {} : { links }),
  });
}

/** 404: no such order, authorization, capture, refund, … */
export function unknownResource(): PspProblem {
  return problem('not-found', {
    status: 404,
    name: 'RESOURCE_NOT_FOUND',
    message: NO_SUCH_RESOURCE,
    details: [
      {
        issue: 'INVALID_RESOURCE_ID',
        description: 'Specified resource ID does not exist. Please check the resource ID and try again.',
      },
    ],
  });
}

/** A part of a route that this dialect leaves out; the text says which. */
export function notSimulated(what: string): PspProblem {
  return new PspProblem('not-simulated', `${what} is not simulated`);
}

/** Payouts v1 has a form of its own for what the business rules refuse. */
export function userBusinessError(detail: ErrorDetail, links: NonNullable<PaypalError['links']>): PspProblem {
  return problem('validation', {
    status: 400,
    name: 'USER_BUSINESS_ERROR',
    message: 'User business error.',
    details: [detail],
    links,
  });
}

export function oauthProblem(status: number, error: string, description: string): PspProblem {
  const code = status === 401 ? 'unauthorized' : 'validation';
  return new PspProblem(code, description, { extra: { oauth: { status, error, description } satisfies OAuthError } });
}

export function problem(code: ProblemCode, paypal: PaypalError): PspProblem {
  return new PspProblem(code, paypal.details[0]?.description ?? paypal.message, { extra: { paypal } });
}

export function jsonAnswer(status: number, value: unknown): PspAnswer {
  return { status, headers: { 'content-type': 'application/json;charset=UTF-8' }, body: JSON.stringify(value) };
}

export const NO_CONTENT: PspAnswer = { status: 204, headers: {}, body: '' };

function plain(status: number, name: string, message: string, details: readonly ErrorDetail[] = []): PaypalError {
  return { status, name, message, details };
}

const IN_PROGRESS: ErrorDetail = {
  issue: 'PREVIOUS_REQUEST_IN_PROGRESS',
  description: 'A previous request on this resource is currently in progress. Please wait for some time and try again.',
};
const KEY_TOO_LONG: ErrorDetail = {
  field: 'PayPal-Request-Id',
  location: 'header',
  issue: 'INVALID_STRING_MAX_LENGTH',
  description: 'The value of a field is too long.',
};
const KEY_USED: ErrorDetail = {
  issue: 'PAYPAL_REQUEST_ID_PREVIOUSLY_USED',
  description:
    'PayPal-Request-Id was previously used with a different payload. Retry the request with a different PayPal-Request-Id header value.',
};

function errorFor({ code, message }: PspProblem): PaypalError {
  switch (code) {
    case 'malformed':
      return plain(400, 'INVALID_REQUEST', BAD_REQUEST, [
        { field: '/', location: 'body', issue: 'MALFORMED_REQUEST_JSON', description: message },
      ]);
    case 'too-large':
      return plain(413, 'INVALID_REQUEST', message);
    case 'unauthorized':
      return plain(
        401,
        'AUTHENTICATION_FAILURE',
        'Authentication failed due to invalid authentication credentials or a missing Authorization header.',
      );
    case 'not-simulated':
      return plain(404, 'RESOURCE_NOT_FOUND', message, [{ issue: 'NOT_SIMULATED', description: message }]);
    case 'not-found':
      return plain(404, 'RESOURCE_NOT_FOUND', NO_SUCH_RESOURCE, [
        { issue: 'INVALID_RESOURCE_ID', description: message },
      ]);
    case 'validation':
      return plain(400, 'INVALID_REQUEST', BAD_REQUEST, [{ issue: 'INVALID_PARAMETER_VALUE', description: message }]);
    case 'invalid-state':
      return plain(422, 'UNPROCESSABLE_ENTITY', NOT_PROCESSED, [{ issue: 'ACTION_NOT_ALLOWED', description: message }]);
    case 'amount-too-large':
      return plain(422, 'UNPROCESSABLE_ENTITY', NOT_PROCESSED, [
        { issue: 'AUTHORIZATION_AMOUNT_LIMIT_EXCEEDED', description: message },
      ]);
    case 'idempotency-key-missing':
    case 'idempotency-key-invalid':
      return plain(400, 'INVALID_REQUEST', BAD_REQUEST, [KEY_TOO_LONG]);
    case 'idempotency-other-body':
      return plain(422, 'UNPROCESSABLE_ENTITY', NOT_PROCESSED, [KEY_USED]);
    case 'idempotency-in-flight':
      return plain(409, 'RESOURCE_CONFLICT', 'The server has detected a conflict while processing this request.', [
        IN_PROGRESS,
      ]);
    case 'rate-limited':
      return plain(429, 'RATE_LIMIT_REACHED', 'Too many requests. Blocked due to rate limiting.');
    case 'internal':
      return plain(500, 'INTERNAL_SERVER_ERROR', 'An internal server error has occurred.', [
        { issue: 'INTERNAL_SERVICE_ERROR', description: message },
      ]);
    case 'unavailable':
      return plain(503, 'SERVICE_UNAVAILABLE', 'Service Unavailable.');
  }
}

/** The answer that says no; its `debug_id` is also the header by which PayPal's support finds it. */
export function paypalErrorAnswer(refusal: PspProblem, psp: PspContext): PspAnswer {
  const debugId = debugIdOf(psp.ids.next('paypal-debug'));
  const oauth = refusal.details.extra?.['oauth'] as OAuthError | undefined;
  const own = refusal.details.extra?.['paypal'] as PaypalError | undefined;
  const error = own ?? errorFor(refusal);
  const status = refusal.details.status ?? oauth?.status ?? error.status;
  const body =
    oauth === undefined
      ? { name: error.name, message: error.message, debug_id: debugId, ...detailsOf(error) }
      : { error: oauth.error, error_description: oauth.description };
  const answer = jsonAnswer(status, body);
  return { ...answer, headers: { ...answer.headers, 'paypal-debug-id': debugId } };
}

function detailsOf({ details, links, name }: PaypalError): Record<string, unknown> {
  const information = {
    href: `https://developer.paypal.com/api/rest/responses/#${details[0]?.issue ?? name}`,
    rel: 'information_link',
    method: 'GET',
  };
  return { ...(details.length === 0 ? {} : { details }), links: links ?? [information] };
}
