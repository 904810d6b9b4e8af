/**
 * Request bodies: JSON as the SDKs send it, or a form as in Mollie's own curl examples
 * (`amount[currency]=EUR`). Both come out as one nested object.
 */
import { PspProblem } from '../../core/problem.ts';
import type { PspRequest } from '../dialect.ts';

type Fields = Record<string, unknown>;

/** Deeper nesting is nonsense, and a way to make a parser recurse. */
const MOST_DEPTH = 6;

export function parseMollieBody(request: PspRequest): Fields {
  const text = request.rawBody.toString('utf8');
  if (text.trim() === '') return {};
  const type = request.headers['content-type'] ?? '';
  return type.startsWith('application/x-www-form-urlencoded') ? fromForm(text) : fromJson(text);
}

function fromJson(text: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new PspProblem('malformed', 'The request body is not valid JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new PspProblem('malformed', 'The request body must be a JSON object');
  return parsed as Fields;
}

function fromForm(text: string): Fields {
  const fields: Fields = Object.create(null) as Fields;
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split(/\[|\]\[|\]/).filter((part, index) => index === 0 || part !== '');
    if (path.length > MOST_DEPTH) throw new PspProblem('malformed', 'The request body is nested too deeply');
    put(fields, path, value);
  }
  return fields;
}

function put(fields: Fields, path: readonly string[], value: string): void {
  let target = fields;
  for (const part of path.slice(0, -1)) {
    const known = target[part];
    const next: Fields =
      typeof known === 'object' && known !== null ? (known as Fields) : (Object.create(null) as Fields);
    target[part] = next;
    target = next;
  }
  target[path.at(-1) ?? ''] = value;
}
