/**
 * Money: integer minor units with a currency beside them, and the decimal text of the API.
 *
 * The exponents are those of ISO 4217. A PSP may count a currency differently on its wire;
 * that is its adapter's business, never this module's. Nothing here rounds: a text with the
 * wrong number of decimals is refused.
 */
export interface Money {
  amountMinor: number;
  currency: string;
}

/** Active currencies whose exponent is not 2 (ISO 4217 table A.1). */
const EXPONENT_EXCEPTIONS: Readonly<Record<string, number>> = {
  BIF: 0,
  CLP: 0,
  DJF: 0,
  GNF: 0,
  ISK: 0,
  JPY: 0,
  KMF: 0,
  KRW: 0,
  PYG: 0,
  RWF: 0,
  UGX: 0,
  UYI: 0,
  VND: 0,
  VUV: 0,
  XAF: 0,
  XOF: 0,
  XPF: 0,
  BHD: 3,
  IQD: 3,
  JOD: 3,
  KWD: 3,
  LYD: 3,
  OMR: 3,
  TND: 3,
  CLF: 4,
  UYW: 4,
};

/** Active currencies with two decimals. A code in neither table is refused: a guessed exponent loses money. */
const TWO_DECIMALS: ReadonlySet<string> = new Set(
  (
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
    'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD ' +
    'NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN ' +
    'SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG'
  ).split(' '),
);

/** Largest amount of one movement: 12 digits before the point and 4 behind stay below 2^53. */
export const MAX_AMOUNT_MINOR = Number.MAX_SAFE_INTEGER;

/** Number of decimals of a currency, or null for a code that ISO 4217 does not list as active. */
export function currencyExponent(currency: string): number | null {
  const exception = EXPONENT_EXCEPTIONS[currency];
  if (exception !== undefined) return exception;
  return TWO_DECIMALS.has(currency) ? 2 : null;
}

/** Every currency code that `currencyExponent` knows, sorted. */
export function knownCurrencies(): string[] {
  return [...Object.keys(EXPONENT_EXCEPTIONS), ...TWO_DECIMALS].sort();
}

export type ParsedAmount = { ok: true; amountMinor: number } | { ok: false; reason: string };

/**
 * Reads a decimal text in major units, such as `50.00` EUR, `50` JPY or `50.000` KWD, into
 * minor units. Refuses unknown currencies, a wrong number of decimals, signs, and amounts
 * beyond `MAX_AMOUNT_MINOR`.
 */
export function parseAmount(text: string, currency: string): ParsedAmount {
  const exponent = currencyExponent(currency);
  if (exponent === null) return { ok: false, reason: `${currency} is not a currency of ISO 4217` };
  const match = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text);
  if (match === null) return { ok: false, reason: `${text} is not a decimal amount` };
  const decimals = match[2] ?? '';
  if (decimals.length !== exponent) {
    return { ok: false, reason: `an amount in ${currency} has exactly ${exponent} decimals` };
  }
  const amountMinor = Number(`${match[1]}${decimals}`);
  if (amountMinor > MAX_AMOUNT_MINOR) return { ok: false, reason: 'the amount is too large' };
  return { ok: true, amountMinor };
}

/** Decimal text in major units, with exactly the decimals of the currency; negative amounts keep their sign. */
export function formatAmount(amountMinor: number, currency: string): string {
  const exponent = currencyExponent(currency);
  if (exponent === null) throw new Error(`bug: formatting an amount in unknown currency ${currency}`);
  const sign = amountMinor < 0 ? '-' : '';
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  if (exponent === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
