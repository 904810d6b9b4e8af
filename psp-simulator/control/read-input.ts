/** Reads what a control request says, and refuses what it does not understand in one sentence. */
import type { Request } from 'express';
import { ControlProblem } from './problem.ts';

type Fields = Record<string, unknown>;

/** Entries of one page at most; a list without a limit answers everything that is kept. */
const MOST_PER_PAGE = 10_000;

/** The JSON body as an object with no field outside `known`. */
export function bodyOf(request: Request, known: readonly string[]): Fields {
  const body: unknown = request.body;
  if (!isObject(body))
    throw new ControlProblem('bad_request', 'The body must be a JSON object with Content-Type application/json');
  return onlyKnown(body, known, '');
}

/** The same for requests that need no body. */
export function optionalBodyOf(request: Request, known: readonly string[]): Fields {
  return request.body === undefined ? {} : bodyOf(request, known);
}

/** An object inside the body with no field outside `known`. */
export function fieldsOf(value: unknown, name: string, known: readonly string[]): Fields {
  return onlyKnown(objectOf(value, name), known, `${name}.`);
}

export function objectOf(value: unknown, name: string): Fields {
  if (!isObject(value)) throw new ControlProblem('invalid', `${name} must be an object`);
  return value;
}

export function oneOf<T extends string>(value: unknown, name: string, allowed: readonly T[]): T {
  const match = allowed.find((candidate) => candidate === value);
  if (match === undefined)
    throw new ControlProblem('invalid', `${name} must be one of ${allowed.join(', ')}, not ${JSON.stringify(value)}`);
  return match;
}

/** A text that is not empty, or undefined when nothing was said. */
export function optionalText(value: unknown, name: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  throw new ControlProblem('invalid', `${name} must be a text that is not empty`);
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

/** Minor units from the body, or undefined when nothing was said. */
export function optionalAmount(value: unknown, name: string): number | undefined {
  return value === undefined ? undefined : wholeNumber(value, name, { min: 1, max: Number.MAX_SAFE_INTEGER });
}

/** `?after=` and `?limit=` of a list that is paged by `seq`. */
export function pageOf({ query }: Request): { after: number; limit?: number } {
  const after = wholeNumber(query['after'] ?? 0, 'after', { min: 0, max: Number.MAX_SAFE_INTEGER });
  const { limit } = query;
  return limit === undefined
    ? { after }
    : { after, limit: wholeNumber(limit, 'limit', { min: 1, max: MOST_PER_PAGE }) };
}

/** A filter of the query, or undefined when it is absent or empty. */
export function filterOf({ query }: Request, name: string): string | undefined {
  const value = query[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function pathParam(request: Request, name: string): string {
  const value = request.params[name];
  return typeof value === 'string' ? value : '';
}

function onlyKnown(fields: Fields, known: readonly string[], prefix: string): Fields {
  const unknown = Object.keys(fields).filter((name) => !known.includes(name));
  if (unknown.length === 0) return fields;
  const named = unknown.map((name) => `${prefix}${name}`).join(', ');
  throw new ControlProblem('invalid', `${named} is unknown: there are ${known.join(', ')}`);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
