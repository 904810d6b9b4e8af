/** How many decimals a currency has (ISO 4217), for everything that is neutral. A PSP that deviates says so in its dialect. */

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
