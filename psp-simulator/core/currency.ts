/**
 * Which currencies there are and how many decimals they have (ISO 4217), for everything that is
 * neutral. A PSP that deviates, or takes fewer of them, says so in its dialect.
 */

const EXPONENTS: Readonly<Record<string, number>> = {
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

/** Those in use that have two decimals. Codes without a country behind them (gold, test codes) are no money. */
const TWO_DECIMALS: ReadonlySet<string> = new Set(
  (
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
    'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR ' +
    'JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD ' +
    'NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN ' +
    'SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG'
  ).split(' '),
);

/** Whether ISO 4217 has this code, in capital letters, for money that is in use. */
export function isCurrency(code: string): boolean {
  return TWO_DECIMALS.has(code) || Object.hasOwn(EXPONENTS, code);
}

/** Every code that `isCurrency` knows, sorted. */
export function knownCurrencies(): string[] {
  return [...TWO_DECIMALS, ...Object.keys(EXPONENTS)].sort();
}

export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** 1250 EUR → `12.50`, -5 JPY → `-5`. */
export function majorText(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  if (exponent === 2 && minor >= 0) return hundredths(minor);
  const sign = minor < 0 ? '-' : '';
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  if (exponent === 0) return `${sign}${digits}`;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Nearly every amount is one, and every answer has several: arithmetic is faster than cutting text. */
function hundredths(minor: number): string {
  const rest = minor % 100;
  return `${(minor - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`;
}
