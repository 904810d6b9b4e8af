/** How request fields are read. Unknown fields are ignored; a bad one is refused with its name. */
import { PspProblem } from '../../core/problem.ts';
import type { Call } from '../dialect.ts';

/** Longest text that is taken in any field. */
const MOST_TEXT = 2_048;

export function optionalText({ body }: Call, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= MOST_TEXT) return value;
  throw new PspProblem('validation', `${name} must be a text of 1 to ${MOST_TEXT} characters`, { field: name });
}

export function textField(call: Call, name: string): string {
  const value = optionalText(call, name);
  if (value === undefined) throw new PspProblem('validation', `${name} is required`, { field: name });
  return value;
}

export function booleanField({ body }: Call, name: string, byDefault: boolean): boolean {
  const value = body[name] ?? byDefault;
  if (typeof value === 'boolean') return value;
  throw new PspProblem('validation', `${name} must be true or false`, { field: name });
}

/** An absolute http(s) URL, or null when the field is absent. */
export function urlField(call: Call, name: string): string | null {
  const url = optionalText(call, name);
  if (url === undefined) return null;
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new PspProblem('validation', `${name} must be an absolute http or https URL`, { field: name });
}
