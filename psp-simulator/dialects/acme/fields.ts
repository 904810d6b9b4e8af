/** How acme reads request fields; each throws `PspProblem('validation')` with the field's name. Unknown fields are ignored. */
import { isCurrency } from '../../core/currency.ts';
import { PspProblem } from '../../core/problem.ts';
import type { Call } from '../dialect.ts';

export function textField(call: Call, name: string, options: { most: number }): string {
  const value = optionalText(call, name, options);
  if (value === undefined) throw new PspProblem('validation', `${name} is required`, { field: name });
  return value;
}

export function optionalText(call: Call, name: string, { most }: { most: number }): string | undefined {
  const value = call.body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value === '' || value.length > most) {
    throw new PspProblem('validation', `${name} must be a text of 1 to ${most} characters`, { field: name });
  }
  return value;
}

export function booleanField(call: Call, name: string, byDefault: boolean): boolean {
  const value = call.body[name] ?? byDefault;
  if (typeof value === 'boolean') return value;
  throw new PspProblem('validation', `${name} must be true or false`, { field: name });
}

export function choiceField<T extends string>(call: Call, name: string, choices: readonly T[]): T | undefined {
  const value = call.body[name];
  if (value === undefined || value === null) return undefined;
  const choice = choices.find((known) => known === value);
  if (choice !== undefined) return choice;
  throw new PspProblem('validation', `${name} must be one of ${choices.join(', ')}`, { field: name });
}

export function currencyField(call: Call): string {
  const currency = textField(call, 'currency', { most: 3 });
  if (isCurrency(currency)) return currency;
  throw new PspProblem('validation', 'currency must be a currency of ISO 4217 in capital letters', {
    field: 'currency',
  });
}

/** An absolute http(s) URL, or null when the field is absent. */
export function returnUrlField(call: Call): string | null {
  const url = optionalText(call, 'return_url', { most: 2_048 });
  if (url === undefined) return null;
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new PspProblem('validation', 'return_url must be an absolute http or https URL', { field: 'return_url' });
}
