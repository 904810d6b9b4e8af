/** Amounts on this wire: integers of minor units, with a currency in capital letters. */
import { isCurrency } from '../../core/currency.ts';
import { PspProblem } from '../../core/problem.ts';
import type { Call } from '../dialect.ts';
import { textField } from './fields.ts';

/** Minor units; undefined when the field is absent. */
export function optionalAmount({ body }: Call): number | undefined {
  const value = body['amount'];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
  throw new PspProblem('validation', 'amount must be a positive whole number of minor units', { field: 'amount' });
}

export function amountField(call: Call): number {
  const amountMinor = optionalAmount(call);
  if (amountMinor === undefined) throw new PspProblem('validation', 'amount is required', { field: 'amount' });
  return amountMinor;
}

export function currencyField(call: Call): string {
  const currency = textField(call, 'currency');
  if (isCurrency(currency)) return currency;
  throw new PspProblem('validation', 'currency must be a currency of ISO 4217 in capital letters', {
    field: 'currency',
  });
}
