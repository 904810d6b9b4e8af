/**
 * What is wrong with a scenario file: one sentence with its place, what is wrong, and what is
 * allowed. Exit code 254, no stack: the person at the keyboard can put it right.
 */
import { nearestWord, UserError } from '../../kernel/index.ts';

export class InvalidScenarioError extends UserError {
  constructor(place: string, problem: string, advice: string) {
    super(`${place}: ${problem}`, advice);
    this.name = 'InvalidScenarioError';
  }
}

/** Longest list of allowed words that still helps in one sentence. */
const MOST_WORDS = 24;

/** Throws "<place>: <what> `word` …; did you mean `near`? Allowed: a, b, c." */
export function unknownWord(place: string, what: string, word: string, allowed: readonly string[]): never {
  const near = nearestWord(word, allowed);
  const guess = near === undefined ? '' : `; did you mean \`${near}\`?`;
  const list = allowed.length === 0 ? 'nothing' : allowed.slice(0, MOST_WORDS).join(', ');
  throw new InvalidScenarioError(place, `\`${word}\` is not ${what}${guess}`, `Allowed: ${list}.`);
}
