/**
 * Problem: why a PSP says no, in neutral words. The core throws it when a command does not
 * fit the books, a dialect's handler throws it for a bad request, the engine throws it for
 * everything before a handler runs. Only the dialect decides how it looks on the wire.
 */
export type ProblemCode =
  /** The body cannot be read at all. */
  | 'malformed'
  /** The body is larger than the simulator takes. */
  | 'too-large'
  | 'unauthorized'
  /** No such route in this dialect (or not simulated). */
  | 'not-simulated'
  | 'not-found'
  /** A field is missing or has a value the PSP refuses. */
  | 'validation'
  /** The record's state does not allow the command. */
  | 'invalid-state'
  /** More than was authorized or captured. */
  | 'amount-too-large'
  | 'idempotency-key-missing'
  | 'idempotency-key-invalid'
  | 'idempotency-other-body'
  | 'idempotency-in-flight'
  | 'rate-limited'
  | 'internal'
  | 'unavailable';

export interface ProblemDetails {
  /** The field at fault, in the dialect's spelling. */
  field?: string;
  /** The HTTP status that a fault asks for; a dialect uses it instead of its own. */
  status?: number;
  /** Free for the dialect between its own handler and its own `errorAnswer`. */
  extra?: Readonly<Record<string, unknown>>;
}

export class PspProblem extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;
  constructor(code: ProblemCode, message: string, details: ProblemDetails = {}) {
    super(message);
    this.name = 'PspProblem';
    this.code = code;
    this.details = details;
  }
}
