/**
 * What each matcher of a Pact says of one value. A matcher that is not known here is never taken
 * for a yes: it throws, and the check is unknown.
 */
import type { Matcher } from './rules.ts';

export class UnknownMatcherError extends Error {}

const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** Words of a type, as they stand in a finding. */
export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

/** Undefined when the value is accepted, otherwise what was expected instead. */
export function judgeValue(matcher: Matcher, expected: unknown, actual: unknown): string | undefined {
  const isLength = Array.isArray(actual) ? outsideOf(matcher, actual.length) : undefined;
  switch (matcher.match) {
    case 'type':
      if (typeOf(expected) !== typeOf(actual)) return `a ${typeOf(expected)} such as ${show(expected)}`;
      return isLength;
    case 'equality':
      return show(expected) === show(actual) ? undefined : show(expected);
    case 'regex':
      return isScalar(actual) && new RegExp(matcher.regex ?? '').test(String(actual))
        ? undefined
        : `a text like /${matcher.regex}/, such as ${show(expected)}`;
    case 'integer':
      return Number.isInteger(actual) ? undefined : `a whole number such as ${show(expected)}`;
    case 'number':
      return typeof actual === 'number' ? undefined : `a number such as ${show(expected)}`;
    case 'decimal':
      return typeof actual === 'number' && !Number.isInteger(actual)
        ? undefined
        : `a decimal number such as ${show(expected)}`;
    case 'boolean':
      return typeof actual === 'boolean' ? undefined : 'true or false';
    case 'null':
      return actual === null ? undefined : 'null';
    case 'include':
      return typeof actual === 'string' && actual.includes(String(matcher.value))
        ? undefined
        : `a text with ${show(matcher.value)} in it`;
    case 'notEmpty':
      return isEmpty(actual) || typeOf(expected) !== typeOf(actual) ? 'something that is not empty' : undefined;
    default:
      throw new UnknownMatcherError(`this tool does not know the matcher "${matcher.match}"`);
  }
}

function outsideOf({ min, max }: Matcher, length: number): string | undefined {
  if (min !== undefined && length < min) return `a list of at least ${min}`;
  return max !== undefined && length > max ? `a list of at most ${max}` : undefined;
}

function isScalar(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'object';
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
