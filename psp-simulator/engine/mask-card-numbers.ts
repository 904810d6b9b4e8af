/**
 * Hides card numbers in text that is logged: bodies, paths, keys. A number of 13 to 19 digits
 * that passes the Luhn check is taken for a card number, however it is grouped; its first six
 * and last four digits stay, as on a receipt. One in ten other numbers of that length passes
 * the check as well and is hidden too: a log may say less than the truth, never a card number.
 */

/** Lengths of card numbers by ISO/IEC 7812. */
const SHORTEST = 13;
const LONGEST = 19;

/** Digits that stay readable, by PCI DSS 3.4. */
const SHOWN_FIRST = 6;
const SHOWN_LAST = 4;

/**
 * An escape (`%20`, `\\u0020`), which must not lend its digits to a number, or digits with at most
 * one separator between two of them, as people and form encoding write card numbers.
 */
const CANDIDATE = /%(?!20|2[dD])[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|(?:%20|%2[dD])|[0-9](?:(?:%20|%2[dD]|[ +-])?[0-9])*/g;

/** How much of a cut-off number may lie beyond the cut: nineteen digits with three characters between two. */
const OVERHANG = LONGEST * 4;

/** The text with every card number masked: `424242******4242`. */
export function maskCardNumbers(text: string): string {
  if (!mayHoldNumber(text)) return text;
  return text.replace(CANDIDATE, maskOne);
}

/** The first `length` characters, masked; a number that the cut goes through is masked as well. */
export function maskedStart(text: string, length: number): string {
  return maskCardNumbers(text.slice(0, length + OVERHANG)).slice(0, length);
}

/**
 * Every exchange asks, and most texts have no thirteen digits with at most one separator between
 * two of them. Such a number is at least thirteen characters that all are digits or belong to a
 * separator, so it is enough to look at every thirteenth, and closer only where it is one of
 * them. May say yes where there is none, never no where there is one.
 */
function mayHoldNumber(text: string): boolean {
  let place = SHORTEST - 1;
  while (place < text.length) {
    if (!belongs(text.charCodeAt(place))) {
      place += SHORTEST;
      continue;
    }
    let start = place;
    while (start > 0 && belongs(text.charCodeAt(start - 1))) start -= 1;
    let digits = 0;
    let end = start;
    for (; end < text.length; end += 1) {
      const code = text.charCodeAt(end);
      if (isDigit(code)) digits += 1;
      else if (!isSeparator(code)) break;
    }
    if (digits >= SHORTEST) return true;
    place = end + SHORTEST;
  }
  return false;
}

function belongs(code: number): boolean {
  return isDigit(code) || isSeparator(code);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Space, `+`, `-`, and the letters of `%20` and `%2D`, whose digits count as well: too many is safe. */
function isSeparator(code: number): boolean {
  return code === 32 || code === 43 || code === 45 || code === 37 || code === 68 || code === 100;
}

function maskOne(found: string): string {
  if (!/^[0-9]/.test(found)) return found;
  const digits = found.replace(/%20|%2[dD]|[ +-]/g, '');
  if (digits.length < SHORTEST || digits.length > LONGEST || !passesLuhn(digits)) return found;
  const hidden = '*'.repeat(digits.length - SHOWN_FIRST - SHOWN_LAST);
  return `${digits.slice(0, SHOWN_FIRST)}${hidden}${digits.slice(-SHOWN_LAST)}`;
}

/** The check digit of ISO/IEC 7812: every second digit from the right counts double. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
