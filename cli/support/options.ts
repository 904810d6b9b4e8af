/** Readers for option values that several verbs share; each throws one sentence with the next step. */
import { nearestWord, UserError } from '../../kernel/index.ts';

const HIGHEST_PORT = 65_535;

/** A TCP port; 0 lets the system choose. */
export function readPort(what: string, value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= HIGHEST_PORT) return port;
  throw new UserError(`${what} "${value}" is not a port`, `Give a number from 0 (any free port) to ${HIGHEST_PORT}.`);
}

/** A positive number, such as a factor of speed. */
export function readFactor(what: string, value: string): number {
  const factor = Number(value);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new UserError(`${what} "${value}" is not a positive number`, 'Give a number such as 60.');
}

/** One of the allowed words. */
export function requireOneOf<T extends string>(what: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new UserError(`unknown ${what} "${value}"`, didYouMean(value, allowed));
}

/** The only argument of a verb that takes exactly one; commander has checked that it is there. */
export function oneArgument(args: readonly string[]): string {
  const [first, second] = args;
  if (first !== undefined && second === undefined) return first;
  throw new UserError(
    second === undefined ? 'an argument is missing' : `"${second}" is one argument too many`,
    'Give exactly one.',
  );
}

/** A sentence for the advice of a refusal: the nearest word, then all that is allowed. */
export function didYouMean(word: string, allowed: readonly string[]): string {
  const near = nearestWord(word, allowed);
  return `${near === undefined ? '' : `Did you mean ${near}? `}Allowed: ${allowed.join(', ')}.`;
}
