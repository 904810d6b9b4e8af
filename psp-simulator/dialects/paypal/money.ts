/**
 * PayPal's amounts ↔ minor units of ISO 4217, in which the books are kept. PayPal writes major
 * units as text (`"10.00"`), takes only the currencies of its own list, and no decimals in
 * three of them: HUF and TWD have two by ISO 4217, JPY has none
 * (developer.paypal.com/reference/currency-codes).
 */
import { exponentOf, majorText } from '../../core/currency.ts';
import { unprocessable, wrongSyntax } from './errors.ts';

/** The currencies that PayPal takes. */
export const CURRENCIES: ReadonlySet<string> = new Set(
  'AUD BRL CAD CNY CZK DKK EUR HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN GBP SEK SGD CHF THB TWD USD'.split(' '),
);

const WITHOUT_DECIMALS: ReadonlySet<string> = new Set(['HUF', 'JPY', 'TWD']);

/** Most digits that an amount may have, its decimals included. */
const MAX_VALUE_LENGTH = 32;

export interface PaypalMoney {
  currency_code: string;
  value: string;
}

/** Minor units that `value` stands for; throws the problem for a text or a currency that PayPal refuses. */
export function minorFromPaypal(value: string, currency: string, field: string): number {
  if (!CURRENCIES.has(currency))
    throw unprocessable(
      'CURRENCY_NOT_SUPPORTED',
      'Currency code is currently not supported.',
      `${field}/currency_code`,
    );
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value);
  if (match === null || value.length > MAX_VALUE_LENGTH) throw wrongSyntax(`${field}/value`, value);
  const [, sign, whole = '0', fraction = ''] = match;
  if (fraction !== '' && WITHOUT_DECIMALS.has(currency))
    throw unprocessable('DECIMALS_NOT_SUPPORTED', 'Currency does not support decimals.', `${field}/value`);
  const exponent = exponentOf(currency);
  if (fraction.length > exponent)
    throw unprocessable(
      'DECIMAL_PRECISION',
      'If the currency supports decimals, only two decimal place precision is supported.',
      `${field}/value`,
    );
  const minor = Number(`${whole}${fraction.padEnd(exponent, '0')}`);
  if (sign === '-' || minor === 0)
    throw unprocessable(
      'CANNOT_BE_ZERO_OR_NEGATIVE',
      'Must be greater than zero. If the currency supports decimals, only two decimal place precision is supported.',
      `${field}/value`,
    );
  if (!Number.isSafeInteger(minor))
    throw unprocessable('MAX_VALUE_EXCEEDED', 'Should be less than or equal to 999999999999999.99.', `${field}/value`);
  return minor;
}

/** `minor` units as PayPal writes them, `-12.50`; whole forints and Taiwan dollars without decimals. Never throws. */
export function paypalValue(minor: number, currency: string): string {
  const text = majorText(minor, currency);
  return WITHOUT_DECIMALS.has(currency) ? text.replace(/\.0+$/, '') : text;
}

export function paypalMoney(minor: number, currency: string): PaypalMoney {
  return { currency_code: currency, value: paypalValue(minor, currency) };
}
