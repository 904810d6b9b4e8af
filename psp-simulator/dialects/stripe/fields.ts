/**
 * Reading and checking the parameters of a Stripe request. A parameter that Stripe does not
 * have is refused, as Stripe does: a typo in an integration must not pass here and fail there.
 * Each function throws the problem that Stripe would answer with.
 */
import { isCurrency, knownCurrencies } from '../../core/currency.ts';
import { PspProblem } from '../../core/problem.ts';
import type { Call } from '../dialect.ts';
import { invalid, missingParam, noSuch } from './errors.ts';
import { FormError, parseForm, text, textList, textMap, type FormFields } from './form.ts';

/** Stripe's own bound: eight digits of minor units. */
const MAX_AMOUNT_MINOR = 99_999_999;

const METADATA_MAX_KEYS = 50;
const METADATA_MAX_KEY_LENGTH = 40;
const METADATA_MAX_VALUE_LENGTH = 500;

/** The body of a POST, the query of anything else. */
export function fieldsOf(call: Call): FormFields {
  if (call.request.method === 'POST') return call.body as FormFields;
  return readForm(call.request.query.toString());
}

/** Decodes a form or throws the problem that says why it cannot be read. */
export function readForm(encoded: string): FormFields {
  try {
    return parseForm(encoded);
  } catch (error) {
    if (error instanceof FormError) throw new PspProblem('malformed', error.message);
    throw error;
  }
}

/** Refuses what is not in `known`; with `inside`, among the members of that hash. */
export function refuseUnknown(fields: FormFields, known: ReadonlySet<string>, ...inside: readonly string[]): void {
  let members: FormFields[string] | undefined = fields;
  for (const key of inside) {
    if (typeof members !== 'object' || Array.isArray(members)) return;
    members = members[key];
  }
  if (typeof members !== 'object' || Array.isArray(members)) return;
  const unknown = Object.keys(members).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const [head = unknown, ...rest] = [...inside, unknown];
  const param = head + rest.map((part) => `[${part}]`).join('');
  throw invalid(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
}

/** A positive amount of minor units, or undefined when the parameter is absent. */
export function amountIn(fields: FormFields, name: string): number | undefined {
  const value = fields[name];
  if (value === undefined || value === '') return undefined;
  return readAmount(typeof value === 'string' ? value : JSON.stringify(value), name);
}

/** A positive integer within Stripe's bound; `param` names it when it is none. */
export function readAmount(value: string | undefined, param: string): number {
  if (value === undefined) throw missingParam(param);
  if (!/^-?\d+$/.test(value)) throw invalid(`Invalid integer: ${value}`, { code: 'parameter_invalid_integer', param });
  const amount = Number(value);
  if (amount < 1)
    throw invalid('This value must be greater than or equal to 1.', { code: 'parameter_invalid_integer', param });
  if (amount > MAX_AMOUNT_MINOR)
    throw invalid('Amount must be no more than 999,999.99', { code: 'amount_too_large', param });
  return amount;
}

export function requiredAmount(fields: FormFields, name: string): number {
  const amount = amountIn(fields, name);
  if (amount === undefined) throw missingParam(name);
  return amount;
}

/** The ISO 4217 code in capitals. */
export function requiredCurrency(fields: FormFields): string {
  const currency = text(fields, 'currency');
  if (currency === undefined) throw missingParam('currency');
  return checkedCurrency(currency, 'currency');
}

/** The code in capitals; Stripe takes both cases. Throws the 400 for what is no currency, which has no code. */
export function checkedCurrency(code: string, param: string): string {
  const currency = code.toUpperCase();
  if (isCurrency(currency)) return currency;
  const known = knownCurrencies().join(', ').toLowerCase();
  throw invalid(`Invalid currency: ${code.toLowerCase()}. Stripe currently supports these currencies: ${known}`, {
    param,
  });
}

/** One of `allowed`, or `fallback` when the parameter is absent. */
export function choice<T extends string>(
  fields: FormFields,
  path: readonly string[],
  allowed: readonly T[],
  fallback: T,
): T {
  const value = text(fields, ...path);
  if (value === undefined) return fallback;
  const found = allowed.find((entry) => entry === value);
  if (found === undefined) {
    const [head = '', ...rest] = path;
    const param = head + rest.map((part) => `[${part}]`).join('');
    throw invalid(`Invalid ${param}: must be one of ${allowed.join(', ')}`, { param });
  }
  return found;
}

export function flag(fields: FormFields, name: string): boolean {
  return choice(fields, [name], ['true', 'false'], 'false') === 'true';
}

/** An absolute URL of any scheme (an app has its own), or null when the parameter is absent. */
export function urlIn(fields: FormFields, name: string): string | null {
  const value = text(fields, name);
  if (value === undefined) return null;
  if (!URL.canParse(value)) throw invalid('Not a valid URL', { code: 'url_invalid', param: name });
  return value;
}

export function metadataIn(fields: FormFields): Record<string, string> {
  const metadata = textMap(fields, 'metadata');
  const keys = Object.keys(metadata);
  if (keys.length > METADATA_MAX_KEYS)
    throw invalid(`Metadata can have at most ${METADATA_MAX_KEYS} keys.`, { param: 'metadata' });
  for (const key of keys) {
    if (key.length > METADATA_MAX_KEY_LENGTH)
      throw invalid(`Metadata keys can be at most ${METADATA_MAX_KEY_LENGTH} characters.`, { param: 'metadata' });
    if ((metadata[key] ?? '').length > METADATA_MAX_VALUE_LENGTH) {
      throw invalid(`Metadata values can be at most ${METADATA_MAX_VALUE_LENGTH} characters.`, {
        param: `metadata[${key}]`,
      });
    }
  }
  return metadata;
}

/** Metadata after an update: given keys replace old ones, an empty value removes its key, an empty `metadata` all of them. */
export function mergedMetadata(before: Readonly<Record<string, string>>, fields: FormFields): Record<string, string> {
  if (fields['metadata'] === '') return {};
  const merged = { ...before, ...metadataIn(fields) };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

/** The customer that the call names, checked to exist; null when it names none. */
export function customerIn(call: Call, fields: FormFields): string | null {
  const customer = text(fields, 'customer');
  if (customer === undefined) return null;
  if (call.psp.bank.findMethod(customer)?.type !== 'customer')
    throw noSuch('customer', customer, { param: 'customer' });
  return customer;
}

export function requiredCustomer(call: Call, fields: FormFields): string {
  const customer = customerIn(call, fields);
  if (customer === null) throw missingParam('customer');
  return customer;
}

/** The merchant's reference: Stripe has no field for it, so it travels in the metadata. */
export function referenceIn(metadata: Readonly<Record<string, string>>): string | null {
  return metadata['reference'] ?? metadata['order'] ?? null;
}

/** What `expand` asks for; in lists each path begins with `data.`, which is cut off. */
export function expandIn(fields: FormFields): ReadonlySet<string> {
  return new Set(textList(fields, 'expand').map((path) => path.replace(/^data\./, '')));
}
