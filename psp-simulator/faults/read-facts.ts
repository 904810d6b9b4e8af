/**
 * Facts of a request or a record for the filters of faults: payment method, amount and
 * customer, as far as the merchant told the PSP. Wire formats differ, so it looks under the
 * names that PSPs use.
 */
import { exponentOf } from '../core/currency.ts';
import type { BookRecord } from '../core/records.ts';
import type { Facts } from './filters.ts';

const CUSTOMER_NAMES: ReadonlySet<string> = new Set(
  'customer customer_id customerid player player_id playerid shopperreference payer_id merchant_customer_id user user_id'.split(
    ' ',
  ),
);
/** Objects that are a customer: their id, email or reference is meant. */
const CUSTOMER_FIELDS: ReadonlySet<string> = new Set(['id', 'email', 'email_address', 'reference', 'customer_id']);
const CARD_WORDS: ReadonlySet<string> = new Set(['card', 'scheme', 'creditcard', 'credit_card', 'token']);

/** Bodies are shallow; deeper ones are nonsense. */
const DEEPEST = 8;

export function factsOfRecord(record: BookRecord): Facts {
  const { amountMinor, currency, details } = record;
  return {
    methods: record.kind === 'payment' ? methodWords(record.method) : [],
    amountMinor,
    currency,
    players: playersIn(details),
  };
}

export function factsOfBody(body: Readonly<Record<string, unknown>>): Facts {
  const { amountMinor, currency } = amountIn(body, 0) ?? { amountMinor: null, currency: null };
  return { methods: methodsIn(body), amountMinor, currency, players: playersIn(body) };
}

function methodWords(word: string): string[] {
  const small = word.toLowerCase();
  return CARD_WORDS.has(small) ? [...new Set([word, small, 'card'])] : [...new Set([word, small])];
}

function methodsIn(body: Readonly<Record<string, unknown>>): string[] {
  const named = [body['method'], body['payment_method_type'], firstOf(body['payment_method_types'])];
  const typed = ['paymentMethod', 'payment_method_data', 'source', 'payment_method'].map((name) =>
    isObject(body[name]) ? body[name]['type'] : undefined,
  );
  const sources = isObject(body['payment_source']) ? Object.keys(body['payment_source']) : [];
  const words = [...named, ...typed, ...sources].filter((word): word is string => typeof word === 'string');
  // Most PSPs mean a card when no other word is said.
  return (words.length === 0 ? ['card'] : words).flatMap(methodWords);
}

interface Money {
  amountMinor: number;
  currency: string | null;
}

/** The first amount in the body: whole numbers are minor units, decimal text is major units. */
function amountIn(body: Readonly<Record<string, unknown>>, depth: number): Money | undefined {
  const { amount } = body;
  const direct = isObject(amount) ? moneyOf(amount) : moneyOf({ ...body, value: amount });
  if (direct !== undefined) return direct;
  if (depth >= DEEPEST) return undefined;
  for (const value of Object.values(body)) {
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
      const found = isObject(one) ? (moneyOf(one) ?? amountIn(one, depth + 1)) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function moneyOf(object: Readonly<Record<string, unknown>>): Money | undefined {
  const code = object['currency'] ?? object['currency_code'];
  const currency = typeof code === 'string' ? code.toUpperCase() : null;
  const minor = object['amount_in_minor'];
  if (typeof minor === 'number') return { amountMinor: minor, currency };
  const value = object['value'];
  if (currency === null) return undefined;
  if (typeof value === 'number') return { amountMinor: value, currency };
  if (typeof value !== 'string' || !/^[0-9]+(\.[0-9]+)?$/.test(value)) return undefined;
  return { amountMinor: Math.round(Number(value) * 10 ** exponentOf(currency)), currency };
}

function playersIn(value: unknown, depth = 0): string[] {
  if (!isObject(value) || depth > DEEPEST) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const isCustomer = CUSTOMER_NAMES.has(name.toLowerCase()) || name.toLowerCase() === 'payer';
    if (typeof inner === 'string' || typeof inner === 'number') return isCustomer ? [String(inner)] : [];
    if (!isCustomer || !isObject(inner)) return playersIn(inner, depth + 1);
    const own = Object.entries(inner)
      .filter(([field, text]) => CUSTOMER_FIELDS.has(field) && typeof text === 'string')
      .map(([, text]) => String(text));
    return [...own, ...playersIn(inner, depth + 1)];
  });
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
