/**
 * Reading and checking Checkout.com's JSON requests. Explicit nulls count as absent, and whole
 * numbers may come as strings: merchants send both. Fields that are not known are ignored, as
 * Checkout.com does. Each function throws the refusal that Checkout.com would answer with.
 */
import { isCurrency } from '../../core/currency.ts';
import { minorFromCheckout } from './money.ts';
import { refusal } from './errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The longest reference that Checkout.com takes. */
const MAX_REFERENCE_LENGTH = 80;

export function objectAt(object: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = object?.[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw refusal(`${name}_invalid`, name);
  return value as JsonObject;
}

export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw refusal(`${name}_invalid`, name);
}

/** A whole number, also in a string; throws `<name>_invalid`. */
export function wholeAt(object: JsonObject | undefined, name: string): number | undefined {
  const text = textAt(object, name);
  if (text === undefined) return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw refusal(`${name}_invalid`, name);
  return Number(text);
}

export function flagAt(object: JsonObject | undefined, name: string): boolean | undefined {
  const value = object?.[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw refusal(`${name}_invalid`, name);
}

/** Metadata as given: a flat object of texts, numbers and flags; anything else in it is left out. */
export function metadataAt(object: JsonObject): Record<string, unknown> {
  const given = objectAt(object, 'metadata') ?? {};
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  );
}

export function requiredCurrency(body: JsonObject): string {
  const currency = textAt(body, 'currency');
  if (currency === undefined) throw refusal('currency_required', 'currency');
  if (!isCurrency(currency)) throw refusal('currency_invalid', 'currency');
  return currency;
}

/** `amount` in minor units of the books. */
export function requiredAmount(body: JsonObject, currency: string): number {
  const amountMinor = optionalAmount(body, currency);
  if (amountMinor === undefined) throw refusal('amount_required', 'amount');
  return amountMinor;
}

export function optionalAmount(body: JsonObject, currency: string): number | undefined {
  const amount = wholeAt(body, 'amount');
  return amount === undefined ? undefined : minorFromCheckout(amount, currency);
}

export function optionalReference(body: JsonObject): string | null {
  const reference = textAt(body, 'reference');
  if (reference === undefined) return null;
  if (reference.length > MAX_REFERENCE_LENGTH) throw refusal('reference_invalid', 'reference');
  return reference;
}

/** An absolute http(s) URL, or null when the field is absent. */
export function urlAt(body: JsonObject, name: string): string | null {
  const url = textAt(body, name);
  if (url === undefined) return null;
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:') throw refusal(`${name}_invalid`, name);
  return url;
}
