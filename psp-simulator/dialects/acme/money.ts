/**
 * acme speaks major units: "50.00" EUR, "50" JPY, "50.000" KWD. The number of decimals is the
 * currency's ISO 4217 exponent, and acme insists on exactly that many or fewer.
 */
import { PspProblem } from '../../core/problem.ts';

/** Currencies whose exponent is not 2 (ISO 4217). */
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
};

export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** `12.5` EUR → 1250. Throws `PspProblem('validation')` on anything that is not such an amount. */
export function toMinor(text: unknown, currency: string): number {
  const exponent = exponentOf(currency);
  const match = typeof text === 'string' ? /^(\d{1,12})(?:\.(\d+))?$/.exec(text) : null;
  const decimals = match?.[2] ?? '';
  if (match === null || decimals.length > exponent) {
    const example = (12.5).toFixed(exponent);
    throw new PspProblem('validation', `amount must be a decimal string in ${currency}, such as "${example}"`, {
      field: 'amount',
    });
  }
  const minor = Number(`${match[1]}${decimals.padEnd(exponent, '0')}`);
  if (minor === 0) throw new PspProblem('validation', 'amount must be more than zero', { field: 'amount' });
  return minor;
}

/** 1250 EUR → `12.50`, -5 EUR → `-0.05`. */
export function toMajor(minor: number, currency: string): string {
  const exponent = exponentOf(currency);
  if (exponent === 0) return String(minor);
  const digits = String(Math.abs(minor)).padStart(exponent + 1, '0');
  return `${minor < 0 ? '-' : ''}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}
