/**
 * A log line without what must not be in a log: card numbers, and the secrets of the
 * configuration. Every line passes through here, whoever wrote it.
 */
import { withoutCardNumbers } from '../domain/card-number.ts';

/** Shorter than this it is a word of everyday text, and masking it would only garble the log. */
const SHORTEST_SECRET = 8;

/** Deeper than this nobody reads. */
const DEEPEST = 8;

export type Mask = (text: string) => string;

/** A mask for text: card numbers and these secrets become a word in brackets. */
export function maskOf(secrets: readonly string[]): Mask {
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return (text) => withoutCardNumbers(known.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text));
}

/** The same line with every string, name and number masked. */
export function maskedLine(line: Record<string, unknown>, mask: Mask): Record<string, unknown> {
  return masked(line, mask, 0) as Record<string, unknown>;
}

function masked(value: unknown, mask: Mask, depth: number): unknown {
  if (typeof value === 'string') return mask(value);
  if (typeof value === 'number' || typeof value === 'bigint') return maskedNumber(value, mask);
  if (value instanceof Error) return { name: value.name, message: mask(value.message) };
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => masked(item, mask, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [mask(name), masked(item, mask, depth + 1)]));
}

function maskedNumber(value: number | bigint, mask: Mask): unknown {
  const text = String(value);
  return text.length >= 13 && mask(text) !== text ? mask(text) : value;
}
