/**
 * Mollie's error object in `application/hal+json`: `{ status, title, detail, field?, _links }`.
 * `status` equals the HTTP status and `title` is its reason phrase. Details are Mollie's own
 * sentences where they are known from its public documentation and issue trackers.
 */
import { PspProblem } from '../../core/problem.ts';
import type { ProblemCode } from '../../core/problem.ts';
import type { PspAnswer } from '../dialect.ts';

const HAL = 'application/hal+json';
const DOCUMENTATION = { href: 'https://docs.mollie.com/overview/handling-errors', type: 'text/html' };

export function halAnswer(status: number, value: unknown): PspAnswer {
  return { status, headers: { 'content-type': HAL }, body: JSON.stringify(value) };
}

/** 204 and 202 of Mollie have no body. */
export function emptyAnswer(status: number): PspAnswer {
  return { status, headers: {}, body: '' };
}

/** A field that Mollie does not accept: 422. */
export function unprocessable(detail: string, field?: string): PspProblem {
  return new PspProblem('validation', detail, field === undefined ? {} : { field });
}

/** A query that Mollie does not accept: 400. */
export function badRequest(detail: string, field?: string): PspProblem {
  return new PspProblem('validation', detail, { status: 400, ...(field === undefined ? {} : { field }) });
}

/** `what` as in "No payment exists with token tr_…". */
export function noSuch(what: string, id: string): PspProblem {
  return new PspProblem('not-found', `No ${what} exists with token ${id}.`);
}

export function conflict(detail: string): PspProblem {
  return new PspProblem('invalid-state', detail, { status: 409 });
}

const STATUS: Readonly<Record<ProblemCode, number>> = {
  malformed: 400,
  'too-large': 413,
  unauthorized: 401,
  'not-simulated': 404,
  'not-found': 404,
  validation: 422,
  'invalid-state': 422,
  'amount-too-large': 422,
  'idempotency-key-missing': 400,
  'idempotency-key-invalid': 400,
  'idempotency-other-body': 400,
  'idempotency-in-flight': 409,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
};

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized Request',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  413: 'Payload Too Large',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** What Mollie says where the neutral message would be in the simulator's words. */
const DETAILS: Partial<Readonly<Record<ProblemCode, string>>> = {
  'rate-limited': 'Too many requests, please try again later',
  'idempotency-other-body':
    'The idempotency key was already used for a request to another endpoint or with other parameters',
  'idempotency-in-flight': 'A request with the same idempotency key is still being processed',
};

export function mollieErrorAnswer(problem: PspProblem): PspAnswer {
  const status = problem.details.status ?? STATUS[problem.code];
  const { field } = problem.details;
  return halAnswer(status, {
    status,
    title: TITLES[status] ?? 'Error',
    detail: DETAILS[problem.code] ?? problem.message,
    ...(field === undefined ? {} : { field }),
    _links: { documentation: DOCUMENTATION },
  });
}
