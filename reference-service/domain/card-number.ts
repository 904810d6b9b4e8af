/**
 * Card numbers (PANs) in text: found wherever they stand, so that no request brings one in and
 * no log line carries one out. Whoever stores, processes or sends on a PAN is inside PCI DSS;
 * this service is not, and stays so by looking.
 *
 * A card number is 13 to 19 digits, perhaps grouped by spaces, hyphens, dots or slashes, that
 * begin as those of a card network do (ISO/IEC 7812 and the networks' published ranges), have a
 * length of that network, and pass the Luhn check. Without the ranges one time stamp in
 * milliseconds out of ten would be "a card number".
 */

/** Beginnings of the networks' numbers, and the lengths that they issue. */
const NETWORKS: readonly { begins: RegExp; lengths: readonly number[] }[] = [
  // Visa
  { begins: /^4/, lengths: [13, 16, 19] },
  // Mastercard
  { begins: /^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  // American Express
  { begins: /^3[47]/, lengths: [15] },
  // Diners Club
  { begins: /^(30[0-5]|309|3[689])/, lengths: [14, 15, 16, 17, 18, 19] },
  // JCB
  { begins: /^35(2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  // Discover, UnionPay, RuPay
  { begins: /^(6011|64[4-9]|65|62|60|81|82|508)/, lengths: [16, 17, 18, 19] },
  // Maestro, Dankort
  { begins: /^(5018|5019|5020|5038|5893|6304|6390|67)/, lengths: [13, 14, 15, 16, 17, 18, 19] },
  // Mir, Elo, Hipercard, Troy
  { begins: /^(220[0-4]|506|509|636|637|9792)/, lengths: [16] },
];

/** Groups of digits with at most two separators between them, at least 13 digits in all. */
const RUNS = /\d(?:[ \t\u00a0.\-_/]{0,2}\d){12,}/g;

/** A UUID, or hexadecimal text of the length of a digest or a trace id: machine-made, not a card. */
const MACHINE_MADE =
  /(?<![0-9a-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128}))(?![0-9a-z])/gi;

/** Lengths of an IBAN, and the countries that have them (ISO 13616 registry). A word before a card number is none of them. */
const IBAN_COUNTRIES: Readonly<Record<number, string>> = {
  15: 'NO',
  16: 'BE',
  18: 'DK FI FK FO GL NL SD',
  19: 'MK SI',
  20: 'AT BA EE KZ LT LU MN XK',
  21: 'CH HR LI LV',
  22: 'BG BH CR DE GB GE IE ME RS VA',
  23: 'AE GI IL IQ OM SO TL',
  24: 'AD CZ ES MD PK RO SA SE SK TN VG',
  25: 'LY PT ST',
  26: 'IS TR',
  27: 'BI DJ FR GR IT MC MR SM',
  28: 'AL AZ BY CY DO GT HN HU LB NI PL SV',
  29: 'BR EG PS QA UA',
  30: 'JO KW MU YE',
  31: 'MT SC',
  32: 'LC',
  33: 'RU',
};

/** Two letters, two digits, and up to 30 more; what is one is decided by country, length and check digits. */
const IBAN = /(?<![0-9A-Za-z])[A-Z]{2}\d{2}(?: ?[0-9A-Z]){11,30}(?![0-9A-Za-z])/g;

interface Span {
  from: number;
  to: number;
}

/** Where card numbers stand in the text. */
function cardNumbersIn(text: string): Span[] {
  const found: Span[] = [];
  let exempt: Span[] | undefined;
  for (const match of text.matchAll(RUNS)) {
    for (const span of cardsInRun(match[0])) {
      const [from, to] = [match.index + span.from, match.index + span.to];
      exempt ??= exemptIn(text);
      if (!exempt.some((other) => other.from <= from && to <= other.to)) found.push({ from, to });
    }
  }
  return found;
}

/** Is there a card number anywhere in the text? */
export function hasCardNumber(text: string): boolean {
  return cardNumbersIn(text).length > 0;
}

/** The text with each card number replaced. */
export function withoutCardNumbers(text: string): string {
  const spans = cardNumbersIn(text);
  if (spans.length === 0) return text;
  let masked = '';
  let at = 0;
  for (const { from, to } of spans) {
    // Spans may overlap: two readings of one run of groups.
    if (to <= at) continue;
    if (from >= at) masked += `${text.slice(at, from)}[card number]`;
    at = to;
  }
  return masked + text.slice(at);
}

/** Every reading of a run that begins and ends with one of its groups. */
function cardsInRun(run: string): Span[] {
  const groups = [...run.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({ digits, from: index }));
  const found: Span[] = [];
  for (let first = 0; first < groups.length; first += 1) {
    let digits = '';
    for (const group of groups.slice(first)) {
      digits += group.digits;
      if (digits.length > 19) break;
      if (digits.length >= 13 && isCardNumber(digits))
        found.push({ from: groups[first]?.from ?? 0, to: group.from + group.digits.length });
    }
  }
  return found;
}

function isCardNumber(digits: string): boolean {
  const known = NETWORKS.some(({ begins, lengths }) => lengths.includes(digits.length) && begins.test(digits));
  return known && passesLuhn(digits);
}

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

function exemptIn(text: string): Span[] {
  const machineMade = [...text.matchAll(MACHINE_MADE)].filter(({ 0: token }) => /[a-f]/i.test(token));
  const ibans = [...text.matchAll(IBAN)].filter(({ 0: token }) => isIban(token.replaceAll(' ', '')));
  return [...machineMade, ...ibans].map((match) => ({ from: match.index, to: match.index + match[0].length }));
}

/** ISO 13616: rearranged and read as a number with A = 10 … Z = 35, it leaves 1 modulo 97. */
function isIban(text: string): boolean {
  if (IBAN_COUNTRIES[text.length]?.split(' ').includes(text.slice(0, 2)) !== true) return false;
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    for (const digit of String(parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}
