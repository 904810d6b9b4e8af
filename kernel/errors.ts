/**
 * Errors that the whole project shares. A `UserError` is something the person at the keyboard
 * can put right; everything else is a defect and keeps its stack.
 */

/** Exit code of the command line for wrong usage or an invalid file. */
const EXIT_USAGE = 254;

/** One clear sentence and the next step; printed without a stack. */
export class UserError extends Error {
  /** What to do about it, as a sentence. */
  readonly advice: string;
  /** Exit code of the process; the default 254 means usage. */
  readonly exitCode: number;
  constructor(message: string, advice: string, exitCode: number = EXIT_USAGE) {
    super(message);
    this.name = 'UserError';
    this.advice = advice;
    this.exitCode = exitCode;
  }
}

/** Throws for a state that cannot be; never returns. */
export function bug(message: string): never {
  throw new Error(`Bug: ${message}`);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
