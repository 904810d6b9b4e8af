/** Finds what looks like a card number: for the check that none is ever kept. */

/** Runs of 13 to 19 digits that pass the Luhn check and begin like a card. */
export function cardNumbersIn(text: string): string[] {
  return (text.match(/(?<![\d.])[3-6]\d{12,18}(?!\d)/g) ?? []).filter(isLuhn);
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
