/**
 * Adyen's error object: `{ status, errorCode, message, errorType, pspReference }`. The official
 * SDK believes the `status` inside the body, so it always equals the HTTP status.
 *
 * Codes are Adyen's published ones where there is one for the case; `702` (unexpected input)
 * stands for the rest.
 */
import { PspProblem, type ProblemCode } from '../../core/problem.ts';
import type { PspAnswer } from '../dialect.ts';

type ErrorType = 'validation' | 'security' | 'configuration' | 'internal';

interface AdyenError {
  status: number;
  errorCode: string;
  errorType: ErrorType;
}

/** A request that Adyen understands and does not accept. */
export function unprocessable(errorCode: string, message: string, field?: string): PspProblem {
  const extra = { adyen: { status: 422, errorCode, errorType: 'validation' } satisfies AdyenError };
  return new PspProblem('validation', message, field === undefined ? { extra } : { field, extra });
}

/** A field of the wrong JSON type. */
export function unexpectedInput(message: string, field: string): PspProblem {
  const extra = { adyen: { status: 400, errorCode: '702', errorType: 'validation' } satisfies AdyenError };
  return new PspProblem('validation', message, { field, extra });
}

export function invalidMerchantAccount(): PspProblem {
  return new PspProblem('unauthorized', 'Invalid Merchant Account', {
    extra: { adyen: { status: 403, errorCode: '901', errorType: 'security' } satisfies AdyenError },
  });
}

/** A required field that is not there. */
export function missing(field: string): PspProblem {
  return unprocessable('702', `Required field '${field}' is not provided.`, field);
}

/** Something to read that is not there. */
export function notFound(message: string): PspProblem {
  return new PspProblem('not-found', message, {
    extra: { adyen: { status: 404, errorCode: '000', errorType: 'validation' } satisfies AdyenError },
  });
}

/** No payment behind a pspReference. */
export function unknownPayment(): PspProblem {
  return new PspProblem('not-found', 'Original pspReference required for this operation', {
    extra: { adyen: { status: 422, errorCode: '167', errorType: 'validation' } satisfies AdyenError },
  });
}

export function jsonAnswer(status: number, value: unknown): PspAnswer {
  return { status, headers: { 'content-type': 'application/json;charset=utf-8' }, body: JSON.stringify(value) };
}

const BY_CODE: Readonly<Record<ProblemCode, AdyenError>> = {
  malformed: { status: 400, errorCode: '702', errorType: 'validation' },
  'too-large': { status: 413, errorCode: '702', errorType: 'validation' },
  unauthorized: { status: 401, errorCode: '000', errorType: 'security' },
  'not-simulated': { status: 404, errorCode: '000', errorType: 'configuration' },
  'not-found': { status: 404, errorCode: '167', errorType: 'validation' },
  validation: { status: 422, errorCode: '702', errorType: 'validation' },
  'invalid-state': { status: 422, errorCode: '702', errorType: 'validation' },
  'amount-too-large': { status: 422, errorCode: '137', errorType: 'validation' },
  'idempotency-key-missing': { status: 400, errorCode: '702', errorType: 'validation' },
  'idempotency-key-invalid': { status: 422, errorCode: '702', errorType: 'validation' },
  'idempotency-other-body': { status: 422, errorCode: '702', errorType: 'validation' },
  'idempotency-in-flight': { status: 422, errorCode: '704', errorType: 'validation' },
  'rate-limited': { status: 429, errorCode: '000', errorType: 'security' },
  internal: { status: 500, errorCode: '905', errorType: 'internal' },
  unavailable: { status: 503, errorCode: '905', errorType: 'internal' },
};

/** Adyen's own words where it has them. */
const MESSAGES: Partial<Readonly<Record<ProblemCode, string>>> = {
  unauthorized: 'HTTP Status Response - Unauthorized',
  'idempotency-in-flight': 'request already processed or in progress',
  'rate-limited': 'Too many requests',
};

/** Problems after which the same request may be sent again: Adyen says so in a header. */
const TRANSIENT: ReadonlySet<ProblemCode> = new Set(['idempotency-in-flight', 'rate-limited', 'unavailable']);

export function adyenErrorAnswer(problem: PspProblem): PspAnswer {
  const own = problem.details.extra?.['adyen'] as AdyenError | undefined;
  const { errorCode, errorType, status } = own ?? BY_CODE[problem.code];
  const finalStatus = problem.details.status ?? status;
  const message = own === undefined ? (MESSAGES[problem.code] ?? problem.message) : problem.message;
  const answer = jsonAnswer(finalStatus, { status: finalStatus, errorCode, message, errorType });
  return TRANSIENT.has(problem.code)
    ? { ...answer, headers: { ...answer.headers, 'transient-error': 'true' } }
    : answer;
}
