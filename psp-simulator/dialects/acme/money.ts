/**
 * acme speaks major units: "50.00" EUR, "50" JPY, "50.000" KWD. The number of decimals is the
 * currency's ISO 4217 exponent, and acme insists on exactly that many or fewer.
 */
import { exponentOf } from '../../core/currency.ts';
import { PspProblem } from '../../core/problem.ts';

export { majorText as toMajor } from '../../core/currency.ts';

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
