/** Reading and checking PayPal's JSON requests. Each function throws the problem that PayPal would answer with. */
import type { Call } from '../dialect.ts';
import { invalidRequest, missing, wrongSyntax, wrongValue } from './errors.ts';
import { minorFromPaypal } from './money.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The longest text of most fields that the merchant may choose freely. */
const MAX_TEXT_LENGTH = 255;

/** `path` is how PayPal names the field: `/purchase_units/0/amount`. */
export function objectAt(object: JsonObject | undefined, name: string, path = ''): JsonObject | undefined {
  const value = object?.[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw wrongSyntax(`${path}/${name}`, String(value));
  return value as JsonObject;
}

export function textAt(object: JsonObject | undefined, name: string, path = ''): string | undefined {
  const value = object?.[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw wrongSyntax(`${path}/${name}`, String(value));
  if (value.length > MAX_TEXT_LENGTH) {
    const description = 'The value of a field is too long.';
    throw invalidRequest({
      field: `${path}/${name}`,
      location: 'body',
      issue: 'INVALID_STRING_MAX_LENGTH',
      description,
    });
  }
  return value;
}

export function flagAt(object: JsonObject | undefined, name: string, path = ''): boolean | undefined {
  const value = object?.[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw wrongSyntax(`${path}/${name}`, String(value));
  return value;
}

export function arrayAt(object: JsonObject | undefined, name: string, path = ''): readonly JsonObject[] | undefined {
  const value = object?.[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongSyntax(`${path}/${name}`, String(value));
  return value.map((entry: unknown, index) => {
    if (typeof entry !== 'object' || entry === null) throw wrongSyntax(`${path}/${name}/${index}`, String(entry));
    return entry as JsonObject;
  });
}

/** One of `choices`; undefined when absent. */
export function choiceAt<Choice extends string>(
  object: JsonObject | undefined,
  name: string,
  { choices, path = '' }: { choices: readonly Choice[]; path?: string },
): Choice | undefined {
  const value = textAt(object, name, path);
  if (value === undefined) return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw wrongValue(`${path}/${name}`, value);
  return found;
}

/** An amount as minor units and ISO currency; undefined when absent. `codeName`: Payouts says `currency`. */
export function moneyAt(
  object: JsonObject | undefined,
  name: string,
  { path = '', codeName = 'currency_code' }: { path?: string; codeName?: string } = {},
): { amountMinor: number; currency: string } | undefined {
  const amount = objectAt(object, name, path);
  if (amount === undefined) return undefined;
  const field = `${path}/${name}`;
  const currency = textAt(amount, codeName, field);
  if (currency === undefined) throw missing(`${field}/${codeName}`);
  if (!/^[A-Z]{3}$/.test(currency)) throw wrongSyntax(`${field}/${codeName}`, currency);
  const value = textAt(amount, 'value', field);
  if (value === undefined) throw missing(`${field}/value`);
  return { amountMinor: minorFromPaypal(value, currency, field), currency };
}

/** `Prefer: return=representation`; without it PayPal answers with the least. */
export function wantsRepresentation({ request }: Call): boolean {
  return request.headers['prefer']?.includes('return=representation') ?? false;
}

/** A query parameter that counts, within bounds. */
export function countIn(
  { request }: Call,
  name: string,
  { least, most, fallback }: { least: number; most: number; fallback: number },
): number {
  const text = request.query.get(name);
  if (text === null || text === '') return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw wrongValue(name, text, 'query');
  return value;
}

/** A point in time of the query, in milliseconds since the epoch. */
export function timeIn({ request }: Call, name: string): number | undefined {
  const text = request.query.get(name);
  if (text === null || text === '') return undefined;
  // A plus sign that nobody encoded arrives as a space.
  const epochMs = Date.parse(text.replace(/ (\d\d:?\d\d)$/, '+$1').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  if (Number.isNaN(epochMs)) throw wrongSyntax(name, text, 'query');
  return epochMs;
}

/** ISO 8601 in seconds, as PayPal writes it. */
export function isoSeconds(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z');
}
