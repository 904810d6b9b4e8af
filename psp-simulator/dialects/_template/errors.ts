/** How this PSP says no: `{error: {code, message, field}}` and a status. */
import type { ProblemCode, PspProblem } from '../../core/problem.ts';
import type { PspAnswer } from '../dialect.ts';
import { json } from './wire.ts';

const STATUS: Readonly<Record<ProblemCode, number>> = {
  malformed: 400,
  'too-large': 413,
  unauthorized: 401,
  'not-simulated': 404,
  'not-found': 404,
  validation: 422,
  'invalid-state': 409,
  'amount-too-large': 422,
  'idempotency-key-missing': 400,
  'idempotency-key-invalid': 400,
  'idempotency-other-body': 422,
  'idempotency-in-flight': 409,
  'rate-limited': 429,
  internal: 500,
  unavailable: 503,
};

export function exampleBankError(problem: PspProblem): PspAnswer {
  const { code, message, details } = problem;
  const error = { code: code.replaceAll('-', '_'), message, field: details.field ?? null };
  return json(details.status ?? STATUS[code], { error });
}
