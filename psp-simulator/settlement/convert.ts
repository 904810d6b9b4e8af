/**
 * Exact arithmetic of settlement: exchange rates and basis points over integers of minor
 * units. Rates are decimal texts, so that no binary fraction ever touches money.
 */
import { exponentOf } from '../core/currency.ts';

const BASIS_POINTS = 10_000;

/** `amountMinor` of `from` in minor units of `to`, rounded half away from zero. Throws on a rate that is no positive decimal. */
export function convertMinor(amountMinor: number, money: { from: string; to: string; rate: string }): number {
  if (money.from === money.to && money.rate === '1') return amountMinor;
  const { digits, decimals } = readRate(money.rate);
  const shift = exponentOf(money.to) - exponentOf(money.from) - decimals;
  const product = BigInt(Math.abs(amountMinor)) * digits;
  const converted = shift >= 0 ? product * 10n ** BigInt(shift) : divideHalfUp(product, 10n ** BigInt(-shift));
  return Number(converted) * Math.sign(amountMinor);
}

/** A part of an amount in basis points (100 = 1 %), 0 or positive, rounded half up. */
export function basisPointsOf(amountMinor: number, basisPoints: number): number {
  const amount = Math.abs(amountMinor);
  const product = amount * basisPoints;
  if (Number.isSafeInteger(product)) return Math.floor((product + BASIS_POINTS / 2) / BASIS_POINTS);
  return Number(divideHalfUp(BigInt(amount) * BigInt(basisPoints), BigInt(BASIS_POINTS)));
}

/** Is this a rate that can be used? */
export function isRate(text: string): boolean {
  return /^\d{1,9}(\.\d{1,12})?$/.test(text) && Number(text) > 0;
}

function readRate(rate: string): { digits: bigint; decimals: number } {
  if (!isRate(rate)) throw new Error(`an exchange rate must be a positive decimal such as "1.17", not "${rate}"`);
  const [whole = '0', fraction = ''] = rate.split('.');
  return { digits: BigInt(`${whole}${fraction}`), decimals: fraction.length };
}

function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend * 2n + divisor) / (divisor * 2n);
}
