/** Amounts are integers of minor units (`amount_in_minor`); how each currency moves between banks. */
import { refuse, requiredText } from './fields.ts';
import type { Fields } from './fields.ts';

/** Currencies in which there are merchant accounts: those of instant schemes in Europe. */
export const CURRENCIES: readonly string[] = ['EUR', 'GBP', 'PLN', 'NOK', 'SEK', 'DKK'];

export function currencyAt(body: Fields): string {
  const currency = requiredText(body, 'currency', 3);
  return CURRENCIES.includes(currency)
    ? currency
    : refuse('currency', `Value must be one of ${CURRENCIES.join(', ')}.`);
}

/** The scheme by which money of this currency moves. */
export function schemeOf(currency: string): string {
  if (currency === 'GBP') return 'faster_payments_service';
  return currency === 'EUR' ? 'sepa_credit_transfer_instant' : 'unknown';
}
