/**
 * Where words go. Standard output carries the result: text for a person, or exactly one JSON
 * object with `--json`. Everything else (progress, notes, errors) goes to standard error, so
 * that a pipe never has to filter.
 */
import pc from 'picocolors';
import type { UserError } from '../../kernel/index.ts';

export interface Streams {
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown; isTTY?: boolean };
}

export interface Output {
  readonly json: boolean;
  /** True when a person watches standard error, so a progress bar makes sense. */
  readonly live: boolean;
  /** Whether the result may carry colours: a terminal, unless NO_COLOR is set. */
  readonly color: boolean;
  /** A line of the result: standard output, or standard error with `--json`. */
  say(line: string): void;
  /** A line beside the result: always standard error. */
  note(line: string): void;
  /** The one JSON object, on one line; does nothing without `--json`. */
  result(value: object): void;
  /** A problem, with the next step. */
  problem(error: UserError): void;
}

export function createOutput(options: { json: boolean; streams?: Streams }): Output {
  const { json } = options;
  const { stdout, stderr } = options.streams ?? process;
  const note = (line: string): void => {
    stderr.write(`${line}\n`);
  };
  const result = (value: object): void => {
    if (json) stdout.write(`${JSON.stringify(value)}\n`);
  };
  return {
    json,
    live: stderr.isTTY === true,
    color: (json ? stderr : stdout).isTTY === true && pc.isColorSupported,
    say: (line) => (json ? note(line) : void stdout.write(`${line}\n`)),
    note,
    result,
    problem: (error) => {
      note(`assay: ${error.message}`);
      if (error.advice !== '') note(`  ${error.advice}`);
      result({ error: error.message, advice: error.advice, exitCode: error.exitCode });
    },
  };
}
