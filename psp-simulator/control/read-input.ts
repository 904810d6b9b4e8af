/** Reads what a control request says, and refuses what it does not understand in one sentence. */
import type { Request } from 'express';
import { ControlProblem } from './problem.ts';

/** The JSON body as an object with no field outside `known`. */
export function bodyOf(request: Request, known: readonly string[]): Record<string, unknown> {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ControlProblem('bad_request', 'The body must be a JSON object with Content-Type application/json');
  }
  const unknown = Object.keys(body).filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new ControlProblem('invalid', `${unknown.join(', ')} is unknown: there are ${known.join(', ')}`);
  return body as Record<string, unknown>;
}

export function oneOf<T extends string>(value: unknown, name: string, allowed: readonly T[]): T {
  const match = allowed.find((candidate) => candidate === value);
  if (match === undefined)
    throw new ControlProblem('invalid', `${name} must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
  return match;
}

/** A whole number of the query or the body within bounds. */
export function wholeNumber(value: unknown, name: string, bounds: { min: number; max: number }): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= bounds.min && number <= bounds.max)
    return number;
  throw new ControlProblem(
    'invalid',
    `${name} must be a whole number from ${bounds.min} to ${bounds.max}, not ${JSON.stringify(value)}`,
  );
}

export function pathParam(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}
