/**
 * Stripe's error envelope: `{ "error": { type, code, message, param, … } }`. Every refusal goes
 * through here, because the official SDK takes a 5xx whose JSON has no `error` for a success.
 */
import { PspProblem, type ProblemCode } from '../../core/problem.ts';
import type { PspAnswer, PspRequest } from '../dialect.ts';
import type { StripeDecline } from './declines.ts';

const LOCKED =
  'This object cannot be accessed right now because another API request or Stripe process is currently accessing it. If you see this error intermittently, retry the request. If you see this error frequently and are making multiple concurrent requests to a single object, make your requests serially or at a lower rate.';

/** Fields of the envelope that a handler may set itself. */
export interface StripeErrorFields {
  type?: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  code?: string;
  declineCode?: string;
  param?: string;
  /** Further members as they appear on the wire (`payment_intent`, `charge`, …). */
  more?: Readonly<Record<string, unknown>>;
}

/** A 400 that names what is wrong with the request. */
export function invalid(message: string, fields: StripeErrorFields = {}): PspProblem {
  return new PspProblem('validation', message, { extra: { stripe: fields } });
}

export function missingParam(param: string): PspProblem {
  return invalid(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
}

/** 404 for an id in the path, 400 for an id in the body: Stripe makes that difference. */
export function noSuch(what: string, id: string, where: { param: string; inPath?: boolean }): PspProblem {
  const fields: StripeErrorFields = { code: 'resource_missing', param: where.param };
  return new PspProblem(where.inPath === true ? 'not-found' : 'validation', `No such ${what}: '${id}'`, {
    extra: { stripe: fields },
  });
}

/** The object's status does not allow the call. */
export function unexpectedState(
  message: string,
  code: string,
  more: Readonly<Record<string, unknown>> = {},
): PspProblem {
  return new PspProblem('invalid-state', message, { extra: { stripe: { code, more } satisfies StripeErrorFields } });
}

/** The issuer's no as a problem, for calls that have no payment to show beside it. */
export function declinedCard(decline: StripeDecline): PspProblem {
  const fields: StripeErrorFields = {
    type: 'card_error',
    code: decline.code,
    ...(decline.declineCode === undefined ? {} : { declineCode: decline.declineCode }),
  };
  return new PspProblem('invalid-state', decline.message, { status: 402, extra: { stripe: fields } });
}

/** Two calls wanted to change one object at the same time. */
export function lockTimeout(): PspProblem {
  return new PspProblem('rate-limited', LOCKED, { extra: { stripe: { code: 'lock_timeout' } } });
}

/** One for all answers: the store of idempotency keys holds many. */
const JSON_HEADERS = { 'content-type': 'application/json' };

export function jsonAnswer(status: number, value: unknown): PspAnswer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(value) };
}

/** The envelope with a status of its own, for answers that are no problem to the engine (a declined card). */
export function errorBody(status: number, message: string, fields: StripeErrorFields): PspAnswer {
  const { type = 'invalid_request_error', code, declineCode, param, more } = fields;
  return jsonAnswer(status, {
    error: {
      ...(code === undefined ? {} : { code }),
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
      ...(code === undefined ? {} : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }),
      message,
      ...(param === undefined ? {} : { param }),
      ...more,
      type,
    },
  });
}

const STATUS: Readonly<Record<ProblemCode, number>> = {
  malformed: 400,
  'too-large': 413,
  unauthorized: 401,
  'not-simulated': 404,
  'not-found': 404,
  validation: 400,
  'invalid-state': 400,
  'amount-too-large': 400,
  'idempotency-key-missing': 400,
  'idempotency-key-invalid': 400,
  'idempotency-other-body': 400,
  'idempotency-in-flight': 409,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
};

/** The answer to any problem; the message of a problem that Stripe words itself is replaced by Stripe's. */
export function stripeErrorAnswer(problem: PspProblem, request: PspRequest | null): PspAnswer {
  const status = problem.details.status ?? STATUS[problem.code];
  const key = request?.headers['idempotency-key'] ?? '';
  const own = problem.details.extra?.['stripe'] as StripeErrorFields | undefined;
  switch (problem.code) {
    case 'idempotency-other-body':
      return errorBody(
        status,
        `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
        { type: 'idempotency_error' },
      );
    case 'idempotency-in-flight':
      return errorBody(
        status,
        `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
        { type: 'idempotency_error', code: 'idempotency_key_in_use' },
      );
    case 'idempotency-key-invalid':
      return errorBody(status, 'Idempotency keys may be at most 255 characters long.', { type: 'idempotency_error' });
    case 'rate-limited':
      if (own?.code === 'lock_timeout') return errorBody(status, problem.message, own);
      return withHeaders(
        errorBody(
          status,
          'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
          { code: 'rate_limit' },
        ),
        { 'stripe-rate-limited-reason': 'global-rate' },
      );
    case 'internal':
    case 'unavailable':
      return errorBody(status, 'An unknown error occurred', { type: 'api_error' });
    default:
      return errorBody(status, problem.message, { ...fieldOf(problem), ...own });
  }
}

function fieldOf(problem: PspProblem): StripeErrorFields {
  const fields: StripeErrorFields = problem.code === 'invalid-state' ? { code: 'payment_intent_unexpected_state' } : {};
  return problem.details.field === undefined ? fields : { ...fields, param: problem.details.field };
}

function withHeaders(answer: PspAnswer, headers: Readonly<Record<string, string>>): PspAnswer {
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
