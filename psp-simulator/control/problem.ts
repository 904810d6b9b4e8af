/** Errors of the control API: one class, one writer, `application/problem+json`. */
import type { ErrorRequestHandler, Response } from 'express';
import { messageOf, NetworkError, UserError } from '../../kernel/index.ts';
import type { Problem } from '../../openapi/generated/simulator-control.ts';
import { PspProblem } from '../core/problem.ts';
import { RunRefused } from '../engine/runs.ts';
import { FaultInputError } from '../faults/parameters.ts';

const CATALOGUE: Readonly<Record<Problem['error'], { status: number; title: string }>> = {
  unauthorized: { status: 401, title: 'The token is missing or wrong' },
  forbidden: { status: 403, title: 'Not from there' },
  bad_request: { status: 400, title: 'The request cannot be read' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'The path is not used in this way' },
  too_large: { status: 413, title: 'The body is too large' },
  invalid: { status: 422, title: 'The request is not valid' },
  conflict: { status: 409, title: 'The present state does not allow this' },
  internal: { status: 500, title: 'The simulator has a defect' },
};

export class ControlProblem extends Error {
  readonly error: Problem['error'];
  constructor(error: Problem['error'], message: string) {
    super(message);
    this.name = 'ControlProblem';
    this.error = error;
  }
}

export function writeProblem(response: Response, error: Problem['error'], message: string, traceId: string): void {
  const { status, title } = CATALOGUE[error];
  const problem: Problem = {
    type: `urn:assay:simulator:${error}`,
    title,
    status,
    error,
    message,
    trace_id: traceId,
    details: {},
  };
  response.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

/** Express's last handler: every error of a route ends here. */
export function problemHandler(traceId: () => string): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const { code, message } = classify(error);
    writeProblem(response, code, message, traceId());
  };
}

function classify(error: unknown): { code: Problem['error']; message: string } {
  if (error instanceof ControlProblem) return { code: error.error, message: error.message };
  if (error instanceof FaultInputError) return { code: 'invalid', message: error.message };
  if (error instanceof PspProblem)
    return { code: error.code === 'not-found' ? 'not_found' : 'conflict', message: error.message };
  if (error instanceof UserError) return { code: 'invalid', message: `${error.message}. ${error.advice}` };
  if (error instanceof RunRefused) return { code: 'conflict', message: error.message };
  if (error instanceof NetworkError && error.kind === 'port-taken') return { code: 'conflict', message: error.message };
  const type = (error as { type?: unknown } | null)?.type;
  if (type === 'entity.too.large') return { code: 'too_large', message: 'The body is larger than 2 MB' };
  if (typeof type === 'string' && type.startsWith('entity.'))
    return { code: 'bad_request', message: `The body is not JSON: ${messageOf(error)}` };
  return { code: 'internal', message: messageOf(error) };
}
