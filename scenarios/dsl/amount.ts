/**
 * Amounts of scenario files: decimal text in major units to integer minor units and back,
 * with the number of decimals that ISO 4217 gives the currency. Written here once more on
 * purpose: the harness must not share a money mistake with what it judges.
 */
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');

/** Decimals of a currency by ISO 4217; 2 for those that are in neither list. */
export function currencyDecimals(currency: string): number {
  if (NO_DECIMALS.includes(currency)) return 0;
  if (THREE_DECIMALS.includes(currency)) return 3;
  return 2;
}

/**
 * Minor units of `text` (major units, an optional minus). Decimals beyond the currency's must
 * be zeros: `5.00` is 5 yen, `5.50` yen throws a RangeError.
 */
export function minorUnits(text: string, currency: string): number {
  const match = /^(-?)([0-9]{1,12})(?:\.([0-9]{1,4}))?$/.exec(text);
  if (match === null) throw new RangeError(`${text} is not an amount`);
  const decimals = currencyDecimals(currency);
  const fraction = match[3] ?? '';
  if (/[1-9]/.test(fraction.slice(decimals))) {
    throw new RangeError(`${text} has more decimals than ${currency} knows (${decimals})`);
  }
  const minor = Number(`${match[2] ?? ''}${fraction.slice(0, decimals).padEnd(decimals, '0')}`);
  return match[1] === '-' && minor !== 0 ? -minor : minor;
}

/** Major units as text with exactly the currency's decimals: 5000 EUR is `50.00`. */
export function majorText(amountMinor: number, currency: string): string {
  const decimals = currencyDecimals(currency);
  const digits = String(Math.abs(amountMinor)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const sign = amountMinor < 0 ? '-' : '';
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-decimals)}`;
}
