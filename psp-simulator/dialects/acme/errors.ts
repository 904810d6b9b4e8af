/** How acme says no: `{code, message}` and a status. */
import type { ProblemCode, PspProblem } from '../../core/problem.ts';
import type { PspAnswer } from '../dialect.ts';

const ERRORS: Readonly<Record<ProblemCode, { status: number; code: string }>> = {
  malformed: { status: 400, code: 'bad_request' },
  'too-large': { status: 413, code: 'bad_request' },
  unauthorized: { status: 401, code: 'unauthorized' },
  'not-simulated': { status: 404, code: 'not_found' },
  'not-found': { status: 404, code: 'not_found' },
  validation: { status: 422, code: 'validation_failed' },
  'invalid-state': { status: 409, code: 'invalid_state' },
  'amount-too-large': { status: 422, code: 'validation_failed' },
  'idempotency-key-missing': { status: 400, code: 'bad_request' },
  'idempotency-key-invalid': { status: 400, code: 'bad_request' },
  'idempotency-other-body': { status: 422, code: 'idempotency_mismatch' },
  'idempotency-in-flight': { status: 409, code: 'in_flight' },
  'rate-limited': { status: 429, code: 'rate_limited' },
  internal: { status: 500, code: 'internal' },
  unavailable: { status: 503, code: 'unavailable' },
};

export function acmeError(problem: PspProblem): PspAnswer {
  const { status, code } = ERRORS[problem.code];
  return {
    status: problem.details.status ?? status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code, message: problem.message }),
  };
}
