/**
 * Parameters: reads the `with` of a planned fault by name, with bounds and defaults, and
 * complains in one sentence about what is wrong or unknown. What a kind asks for is noted on
 * the way, so that the catalogue of faults lists exactly what is read.
 */
import { messageOf } from '../../kernel/index.ts';
import type { Distribution } from '../../kernel/index.ts';
import { readDistribution } from './read-distribution.ts';

/** Longest delay that a fault may ask for: a month, the longest retry plan of a real PSP. */
export const LONGEST_DELAY_MS = 31 * 24 * 3_600_000;

/** A list of more entries is a mistake of a generator. */
const LONGEST_LIST = 100;

/** A plan that cannot be taken; the message names the fault and the field. */
export class FaultInputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultInputError';
  }
}

/** One parameter, for the catalogue. */
export interface ParameterNote {
  readonly name: string;
  readonly means: string;
  /** Undefined: it has none and must be given. Durations are milliseconds. */
  readonly fallback: unknown;
  readonly isDuration: boolean;
}

interface NumberOptions {
  min: number;
  max: number;
  fallback?: number;
  whole?: boolean;
}

export class Parameters {
  readonly #fault: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #notes = new Map<string, ParameterNote>();
  readonly #describing: boolean;

  constructor(fault: string, values: Readonly<Record<string, unknown>>, options: { describing?: boolean } = {}) {
    this.#fault = fault;
    this.#values = values;
    this.#describing = options.describing ?? false;
  }

  /** What `parse` asks for, without values: nothing is missing then. */
  static notesOf(kind: { name: string; parse(parameters: Parameters): unknown }): ParameterNote[] {
    const parameters = new Parameters(kind.name, {}, { describing: true });
    kind.parse(parameters);
    return [...parameters.#notes.values()];
  }

  /** A number between `min` and `max`, both included. */
  number(name: string, options: NumberOptions): number {
    const { min, max, whole = false, fallback } = options;
    const value = this.#take(name, `${whole ? 'a whole number' : 'a number'} from ${min} to ${max}`, fallback);
    if (value === undefined) return this.#missing(name, min);
    const fits = typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value));
    if (!fits)
      throw this.#error(
        name,
        `must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}, not ${JSON.stringify(value)}`,
      );
    return value;
  }

  /** A delay in milliseconds. */
  delayMs(name: string, fallback?: number): number {
    const value = this.#take(name, 'a duration', fallback);
    if (value === undefined) return this.#missing(name, 0);
    if (typeof value !== 'number' || !(value >= 0 && value <= LONGEST_DELAY_MS))
      throw this.#error(name, `must be a number from 0 to ${LONGEST_DELAY_MS}, not ${JSON.stringify(value)}`);
    return value;
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#take(name, 'true or false', fallback);
    if (typeof value !== 'boolean') throw this.#error(name, `must be true or false, not ${JSON.stringify(value)}`);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.#take(name, `one of ${allowed.join(', ')}`, fallback);
    const match = allowed.find((candidate) => candidate === value);
    if (match === undefined)
      throw this.#error(name, `must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
    return match;
  }

  text(name: string, pattern: RegExp, fallback: string): string {
    const value = this.#take(name, `text like ${pattern.source}`, fallback);
    if (typeof value !== 'string' || !pattern.test(value))
      throw this.#error(name, `must match ${pattern.source}, not ${JSON.stringify(value)}`);
    return value;
  }

  /** A list of whole numbers within bounds; an entry that is repeated weighs more when one is drawn. */
  wholeNumbers(name: string, options: { min: number; max: number; fallback: readonly number[] }): readonly number[] {
    const { min, max, fallback } = options;
    const value = this.#take(name, `a list of whole numbers from ${min} to ${max}; repeated ones weigh more`, fallback);
    const fits =
      Array.isArray(value) &&
      value.length > 0 &&
      value.length <= LONGEST_LIST &&
      value.every((one) => Number.isInteger(one) && one >= min && one <= max);
    if (!fits)
      throw this.#error(name, `must be a list of whole numbers from ${min} to ${max}, not ${JSON.stringify(value)}`);
    return value as number[];
  }

  /** `distribution`, or a fixed number under `fixedName`. */
  distribution(name: string, fixedName: string, fallback?: Distribution): Distribution {
    const fixed = this.#take(fixedName, 'a duration, always the same', undefined);
    const given = this.#take(name, 'a distribution', fallback);
    if (fixed !== undefined && this.#values[name] !== undefined)
      throw this.#error(name, `and ${fixedName} exclude each other`);
    if (fixed !== undefined) return { kind: 'fixed', ms: this.delayMs(fixedName) };
    if (given === undefined) {
      if (this.#describing) return { kind: 'fixed', ms: 0 };
      throw this.#error(name, `or ${fixedName} is needed`);
    }
    try {
      return readDistribution(given);
    } catch (error) {
      throw this.#error(name, messageOf(error));
    }
  }

  /** To be called last: refuses names that nobody asked for. */
  finish(): void {
    const unknown = Object.keys(this.#values).filter((name) => !this.#notes.has(name));
    if (unknown.length === 0) return;
    const known = [...this.#notes.keys()];
    throw this.#error(
      unknown.join(', '),
      known.length === 0 ? 'is unknown: this fault has no parameters' : `is unknown: there are ${known.join(', ')}`,
    );
  }

  #take(name: string, means: string, fallback: unknown): unknown {
    if (!this.#notes.has(name))
      this.#notes.set(name, { name, means, fallback, isDuration: means.startsWith('a duration') });
    return this.#values[name] ?? fallback;
  }

  #missing(name: string, neutral: number): number {
    if (this.#describing) return neutral;
    throw this.#error(name, 'is missing');
  }

  #error(name: string, problem: string): FaultInputError {
    return new FaultInputError(`fault ${this.#fault}: with.${name} ${problem}`);
  }
}
