/** How this PSP says no: problem details (RFC 9457) with the type URIs that TrueLayer documents. */
import { createHash } from 'node:crypto';
import type { ProblemCode, PspProblem } from '../../core/problem.ts';
import type { PspAnswer, PspContext } from '../dialect.ts';

const TYPES = 'https://docs.truelayer.com/docs/error-types#';

interface ErrorKind {
  readonly status: number;
  readonly title: string;
  /** True: the same request may pass later. */
  readonly again?: boolean;
}

const INVALID: ErrorKind = { status: 400, title: 'Invalid Parameters' };

const KINDS: Readonly<Record<ProblemCode, ErrorKind>> = {
  malformed: INVALID,
  'too-large': { status: 413, title: 'Content Too Large' },
  unauthorized: { status: 401, title: 'Unauthenticated' },
  'not-simulated': { status: 404, title: 'Not Found' },
  'not-found': { status: 404, title: 'Not Found' },
  validation: INVALID,
  'invalid-state': { status: 400, title: 'Invalid State' },
  'amount-too-large': INVALID,
  'idempotency-key-missing': INVALID,
  'idempotency-key-invalid': INVALID,
  'idempotency-other-body': { status: 422, title: 'Idempotency-Key Reuse' },
  'idempotency-in-flight': { status: 409, title: 'Idempotency-Key Concurrency Conflict', again: true },
  'rate-limited': { status: 429, title: 'Rate Limit Exceeded', again: true },
  internal: { status: 500, title: 'Internal Server Error', again: true },
  unavailable: { status: 503, title: 'Server Unavailable', again: true },
};

/** Fields of problems that name none themselves. */
const FIELDS: Readonly<Partial<Record<ProblemCode, string>>> = {
  malformed: 'body',
  'amount-too-large': 'amount_in_minor',
  'idempotency-key-missing': 'Idempotency-Key',
  'idempotency-key-invalid': 'Idempotency-Key',
};

export function openBankingError(problem: PspProblem, psp: PspContext): PspAnswer {
  const kind = KINDS[problem.code];
  const detail = detailOf(problem, kind);
  const field =
    problem.code === 'amount-too-large' ? FIELDS[problem.code] : (problem.details.field ?? FIELDS[problem.code]);
  const status = problem.details.status ?? kind.status;
  return {
    status,
    headers: { 'content-type': 'application/problem+json', 'tl-should-retry': String(kind.again === true) },
    body: JSON.stringify({
      type: `${TYPES}${kind.title.toLowerCase().replaceAll(' ', '-')}`,
      title: kind.title,
      status,
      detail,
      trace_id: traceId(psp.ids.next('trace')),
      ...(kind === INVALID && field !== undefined ? { errors: { [field]: [problem.message] } } : {}),
    }),
  };
}

/** 32 hexadecimal digits, as in the `tl-trace-id` header. */
export function traceId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function detailOf(problem: PspProblem, kind: ErrorKind): string {
  if (kind === INVALID) return 'The request was invalid.';
  if (problem.code === 'idempotency-other-body')
    return 'The Idempotency-Key value has already been used for a different request.';
  return problem.message;
}
