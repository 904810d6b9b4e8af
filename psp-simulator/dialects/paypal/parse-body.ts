/**
 * What PayPal takes as a request body: JSON (an array becomes `{ patch }`), the token route's
 * form, and the multipart form by which evidence for a dispute comes, of which only the part
 * `input` is read.
 */
import { PspProblem } from '../../core/problem.ts';
import type { PspRequest } from '../dialect.ts';

export function parseBody(request: PspRequest): Record<string, unknown> {
  if (request.rawBody.length === 0) return {};
  const text = request.rawBody.toString('utf8');
  const type = request.headers['content-type'] ?? '';
  if (type.includes('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  if (type.includes('multipart/form-data')) return json(inputPart(text, type));
  return json(text);
}

function json(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PspProblem('malformed', 'The request JSON is not well formed.');
  }
  if (typeof value !== 'object' || value === null)
    throw new PspProblem('malformed', 'The request JSON must be an object.');
  return Array.isArray(value) ? { patch: value } : (value as Record<string, unknown>);
}

/** The text of the part named `input`; `{}` when there is none. */
function inputPart(text: string, type: string): string {
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary === undefined) throw new PspProblem('malformed', 'The multipart form names no boundary.');
  for (const part of text.split(`--${boundary}`)) {
    const cut = part.indexOf('\r\n\r\n');
    if (cut >= 0 && /name="?input"?/i.test(part.slice(0, cut))) return part.slice(cut + 4).replace(/\r\n$/, '');
  }
  return '{}';
}
