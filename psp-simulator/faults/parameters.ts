/**
 * Parameters: reads the `with` of a planned fault by name, with bounds and defaults, and
 * complains in one sentence about what is wrong or unknown.
 */
import { messageOf } from '../../kernel/index.ts';
import type { Distribution } from '../../kernel/index.ts';
import { readDistribution } from './read-distribution.ts';

/** Longest delay that a fault may ask for: a month, the longest retry plan of a real PSP. */
export const LONGEST_DELAY_MS = 31 * 24 * 3_600_000;

/** A plan that cannot be taken; the message names the fault and the field. */
export class FaultInputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultInputError';
  }
}

export class Parameters {
  readonly #fault: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();

  constructor(fault: string, values: Readonly<Record<string, unknown>>) {
    this.#fault = fault;
    this.#values = values;
  }

  /** A number between `min` and `max`, both included. */
  number(name: string, options: { min: number; max: number; fallback?: number; whole?: boolean }): number {
    const value = this.#take(name) ?? options.fallback;
    if (value === undefined) throw this.#error(name, 'is missing');
    const { min, max, whole = false } = options;
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
    return this.number(name, { min: 0, max: LONGEST_DELAY_MS, ...(fallback === undefined ? {} : { fallback }) });
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.#take(name) ?? fallback;
    if (typeof value !== 'boolean') throw this.#error(name, `must be true or false, not ${JSON.stringify(value)}`);
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const value = this.#take(name) ?? fallback;
    const match = allowed.find((candidate) => candidate === value);
    if (match === undefined)
      throw this.#error(name, `must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
    return match;
  }

  text(name: string, pattern: RegExp, fallback: string): string {
    const value = this.#take(name) ?? fallback;
    if (typeof value !== 'string' || !pattern.test(value))
      throw this.#error(name, `must match ${pattern.source}, not ${JSON.stringify(value)}`);
    return value;
  }

  /** `distribution`, or a fixed number under `fixedName`. */
  distribution(name: string, fixedName: string, fallback?: Distribution): Distribution {
    const fixed = this.#take(fixedName);
    const given = this.#take(name);
    if (fixed !== undefined && given !== undefined) throw this.#error(name, `and ${fixedName} exclude each other`);
    if (fixed !== undefined) return { kind: 'fixed', ms: this.delayMs(fixedName) };
    if (given === undefined && fallback === undefined) throw this.#error(name, `or ${fixedName} is needed`);
    try {
      return readDistribution(given ?? fallback);
    } catch (error) {
      throw this.#error(name, messageOf(error));
    }
  }

  /** To be called last: refuses names that nobody asked for. */
  finish(): void {
    const unknown = Object.keys(this.#values).filter((name) => !this.#known.has(name));
    if (unknown.length === 0) return;
    const known = [...this.#known];
    throw this.#error(
      unknown.join(', '),
      known.length === 0 ? 'is unknown: this fault has no parameters' : `is unknown: there are ${known.join(', ')}`,
    );
  }

  #take(name: string): unknown {
    this.#known.add(name);
    return this.#values[name];
  }

  #error(name: string, problem: string): FaultInputError {
    return new FaultInputError(`fault ${this.#fault}: with.${name} ${problem}`);
  }
}
