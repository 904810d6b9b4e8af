/**
 * Money as the harness reads it: decimal text of an API into integer minor units, and back
 * into words for a sentence. Written here on its own: the harness must not share arithmetic
 * with the service or the simulator that it judges.
 */

/** Active currencies of ISO 4217 whose exponent is not 2. */
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

/** Decimals of a currency: 2 where ISO 4217 says nothing else. */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/**
 * Minor units of a signed decimal text such as `50.00`, `-0.5` or `50`. Decimals beyond the
 * currency's exponent must be zeros. Returns null when the text is not such an amount: a
 * target that answers nonsense is reported by whoever reads it, never guessed at.
 */
export function minorUnits(text: string, currency: string): number | null {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return null;
  const exponent = exponentOf(currency);
  const decimals = (match[3] ?? '').padEnd(exponent, '0');
  if (/[1-9]/.test(decimals.slice(exponent))) return null;
  const minor = Number(`${match[2]}${decimals.slice(0, exponent)}`);
  if (!Number.isSafeInteger(minor)) return null;
  return match[1] === '-' && minor !== 0 ? -minor : minor;
}

/** `5000, EUR` as `50.00 EUR`; negative amounts keep their sign. */
export function money(amountMinor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0');
  const whole = exponent === 0 ? digits : digits.slice(0, -exponent);
  const decimals = exponent === 0 ? '' : `.${digits.slice(-exponent)}`;
  return `${sign}${whole}${decimals} ${currency}`;
}
