/**
 * What all settlement files have in common below their columns: decimal amounts with a sign,
 * and times. An amount is read exactly or not at all: digits beyond the currency's decimals must
 * be zeros, because a fraction of a cent that is rounded here would be missing in the sums.
 */
import { currencyExponent } from '../../domain/money.ts';
import { MalformedSettlementError } from '../../ports/settlement.ts';
import type { SettlementFile } from '../../ports/settlement.ts';

/** Where in which file, for errors. */
export interface Place {
  file: SettlementFile;
  line: number;
}

export function malformed({ file, line }: Place, message: string): MalformedSettlementError {
  return new MalformedSettlementError({ fileName: file.fileName, line, message });
}

const EXPONENTS = new Map<string, number>();

/** A decimal of major units (`-12.50`, `7`, empty for nothing) in ISO 4217 minor units. @throws MalformedSettlementError */
export function minorOf(text: string, currency: string, place: Place): number {
  if (text === '') return 0;
  const exponent = exponentOf(currency, place);
  let minor = 0;
  let decimals = -1;
  const negative = text.charCodeAt(0) === MINUS;
  for (let at = negative ? 1 : 0; at < text.length; at += 1) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit === POINT && decimals < 0 && at > (negative ? 1 : 0)) decimals = 0;
    else if (digit < 0 || digit > 9) throw malformed(place, `"${text}" is not an amount`);
    else if (decimals >= exponent && digit !== 0)
      throw malformed(place, `"${text}" has more decimals than ${currency}`);
    else if (decimals < exponent) {
      minor = minor * 10 + digit;
      if (decimals >= 0) decimals += 1;
    }
  }
  for (let missing = exponent - Math.max(decimals, 0); missing > 0; missing -= 1) minor *= 10;
  if (text.length === (negative ? 1 : 0) || !Number.isSafeInteger(minor))
    throw malformed(place, `"${text}" is not an amount`);
  return negative && minor !== 0 ? -minor : minor;
}

const MINUS = 45;
const ZERO = 48;
const POINT = 46 - ZERO;

function exponentOf(currency: string, place: Place): number {
  const known = EXPONENTS.get(currency) ?? currencyExponent(currency);
  if (known === null) throw malformed(place, `"${currency}" is not a currency of ISO 4217`);
  EXPONENTS.set(currency, known);
  return known;
}

/**
 * `2026-01-05 09:00:00` or ISO 8601, in UTC unless it names an offset; null when it is empty.
 * @throws MalformedSettlementError
 */
export function timeOf(text: string, place: Place, offset = 'Z'): number | null {
  if (text === '') return null;
  const epochMs = Date.parse(text.length === 19 ? `${text.slice(0, 10)}T${text.slice(11)}${offset}` : text);
  if (Number.isNaN(epochMs)) throw malformed(place, `"${text}" is not a time`);
  return epochMs;
}
