/**
 * Reading request bodies as Mollie does: an unknown parameter is refused by name, an absent or
 * null one is as if it were not there. Errors are 422 with the field.
 */
import { PspProblem } from '../../core/problem.ts';
import type { Call } from '../dialect.ts';
import { unprocessable } from './errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Mollie keeps "approximately 1 kB" of metadata. */
const MOST_METADATA = 1_024;

/** Taken only with an access token, which is not bound to one profile and mode. */
const ACCOUNT_PARAMS = ['testmode', 'profileId'];

/** Refuses what Mollie does not have (`known` are names), and says of what is left out here that it is not simulated. */
export function refuseUnknown(call: Call, known: readonly string[], notSimulated: readonly string[] = []): void {
  const account = isAccessToken(call) ? ACCOUNT_PARAMS : [];
  for (const [name, value] of Object.entries(call.body)) {
    if (notSimulated.includes(name)) {
      if (value === null || value === undefined) continue;
      throw new PspProblem('not-simulated', `The parameter "${name}" is not simulated by this simulator`, {
        field: name,
        status: 422,
      });
    }
    if (known.includes(name) || account.includes(name)) continue;
    throw unprocessable(`Non-existent body parameter "${name}" for this API call.`, name);
  }
}

function isAccessToken(call: Call): boolean {
  return (call.request.headers['authorization'] ?? '').includes(' access_');
}

export function textField(fields: Fields, name: string, options: { most: number }): string {
  const value = optionalText(fields, name, options);
  if (value === null) throw unprocessable(`The ${name} is invalid`, name);
  return value;
}

export function optionalText(fields: Fields, name: string, { most }: { most: number }): string | null {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') throw unprocessable(`The ${name} should be a string`, name);
  if (value.length > most) throw unprocessable(`The ${name} is too long, at most ${most} characters are allowed`, name);
  return value;
}

/** An absolute http(s) URL, or null. */
export function optionalUrl(fields: Fields, name: string): string | null {
  const text = optionalText(fields, name, { most: 2_048 });
  if (text === null) return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return text;
  throw unprocessable(`The ${name} is invalid`, name);
}

/** Whatever JSON the merchant keeps with it; null when absent. */
export function metadataIn(fields: Fields): unknown {
  const value = fields['metadata'];
  if (value === undefined || value === null) return null;
  if (JSON.stringify(value).length > MOST_METADATA)
    throw unprocessable(`The metadata is too large, at most ${MOST_METADATA} bytes are kept`, 'metadata');
  return value;
}

export function choice<T extends string>(fields: Fields, name: string, allowed: readonly T[], fallback: T): T {
  const value = fields[name];
  if (value === undefined || value === null) return fallback;
  const found = allowed.find((entry) => entry === value);
  if (found === undefined) throw unprocessable(`The ${name} is invalid`, name);
  return found;
}
