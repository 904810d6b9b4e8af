/** Reading and checking Adyen's JSON requests. Each function throws the problem that Adyen would answer with. */
import { isCurrency } from '../../core/currency.ts';
import type { Call } from '../dialect.ts';
import { invalidMerchantAccount, unexpectedInput, unprocessable } from './errors.ts';
import { minorFromAdyen } from './money.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The longest merchant reference that Adyen takes. */
const MAX_REFERENCE_LENGTH = 80;

export function objectAt(object: JsonObject, name: string): JsonObject | undefined {
  const value = object[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value))
    throw unexpectedInput(`Structure of the request is invalid: ${name} must be an object`, name);
  return value as JsonObject;
}

export function textAt(object: JsonObject | undefined, name: string): string | undefined {
  const value = object?.[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw unexpectedInput(`Structure of the request is invalid: ${name} must be a string`, name);
}

/** The strings of a map; anything else in it is left out. */
export function textMapAt(object: JsonObject, name: string): Record<string, string> {
  const map = objectAt(object, name) ?? {};
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** `amount` of the request as minor units and ISO currency. */
export function requiredAmount(body: JsonObject): { amountMinor: number; currency: string } {
  const amount = objectAt(body, 'amount');
  if (amount === undefined) throw unprocessable('100', 'No amount specified', 'amount');
  const currency = textAt(amount, 'currency');
  const value = amount['value'];
  if (currency === undefined || !isCurrency(currency))
    throw unprocessable('138', 'Unsupported currency specified', 'amount.currency');
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0)
    throw unprocessable('137', 'Invalid amount specified', 'amount.value');
  return { amountMinor: minorFromAdyen(value, currency), currency };
}

export function requiredReference(body: JsonObject): string {
  const reference = textAt(body, 'reference');
  if (reference === undefined) throw unprocessable('130', 'Reference Missing', 'reference');
  return checkedReference(reference);
}

export function optionalReference(body: JsonObject): string | null {
  const reference = textAt(body, 'reference');
  return reference === undefined ? null : checkedReference(reference);
}

/**
 * Every call but /payments/details names the merchant account, in the body or (GET, DELETE) in the
 * query, and it must be this one. The Disputes API calls it `merchantAccountCode`.
 */
export function checkMerchantAccount(call: Call, name = 'merchantAccount'): string {
  const expected = call.psp.credentials['merchantAccount'] ?? '';
  const { method, query } = call.request;
  const hasBody = method === 'POST' || method === 'PATCH';
  const given = hasBody ? textAt(call.body, name) : query.get(name);
  if (given !== expected) throw invalidMerchantAccount();
  return expected;
}

function checkedReference(reference: string): string {
  if (reference.length > MAX_REFERENCE_LENGTH)
    throw unprocessable('702', `The reference is longer than ${MAX_REFERENCE_LENGTH} characters`, 'reference');
  return reference;
}
