/**
 * Mollie's amounts ↔ minor units of ISO 4217, in which the books are kept. An amount is an
 * object with a decimal text that has exactly the currency's decimals ("10.00" EUR, "10" JPY);
 * settlements and invoices write four decimals.
 */
import { exponentOf, majorText } from '../../core/currency.ts';
import { unprocessable } from './errors.ts';

export interface Amount {
  currency: string;
  value: string;
}

/** Currencies in which Mollie takes payments (docs.mollie.com, multicurrency). */
export const CURRENCIES: ReadonlySet<string> = new Set(
  'AED AUD BGN BRL CAD CHF CZK DKK EUR GBP HKD HUF ILS ISK JPY MXN MYR NOK NZD PHP PLN RON SEK SGD THB TWD USD ZAR'.split(
    ' ',
  ),
);

/** More would not be a safe number of minor units after a settlement multiplied it. */
const MOST_DIGITS = 10;

/** Minor units that a request's amount object stands for; throws Mollie's 422 for anything else. */
export function minorFromAmount(value: unknown, field: string): { amountMinor: number; currency: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unprocessable(`The ${field} should be an object with a currency and a value`, field);
  const { currency, value: text } = value as Record<string, unknown>;
  if (typeof currency !== 'string' || !CURRENCIES.has(currency))
    throw unprocessable('The amount contains a currency that is not supported', `${field}.currency`);
  const exponent = exponentOf(currency);
  const match = typeof text === 'string' ? /^(\d+)(?:\.(\d+))?$/.exec(text) : null;
  const [, whole = '', decimals = ''] = match ?? [];
  if (match === null || decimals.length !== exponent || whole.length > MOST_DIGITS) {
    const example = majorText(10 * 10 ** exponent, currency);
    throw unprocessable(
      `The amount contains an invalid value, in ${currency} it looks like "${example}"`,
      `${field}.value`,
    );
  }
  return { amountMinor: Number(`${whole}${decimals}`), currency };
}

/** `{ currency, value: "10.00" }`. */
export function amountOf(minor: number, currency: string): Amount {
  return { currency, value: majorText(minor, currency) };
}

/** The same with the four decimals of settlements: `"10.0000"`. */
export function amountOfFour(minor: number, currency: string): Amount {
  const text = majorText(minor, currency);
  const decimals = exponentOf(currency);
  return { currency, value: `${text}${decimals === 0 ? '.' : ''}${'0'.repeat(4 - decimals)}` };
}
