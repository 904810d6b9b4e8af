/** IBANs: the check digits (ISO 7064, mod 97-10), and test accounts at a bank that does not exist. */

/** Is this a well-formed IBAN with right check digits? Spaces are not taken. */
export function isIban(text: string): boolean {
  return /^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text) && remainder(text) === 1n;
}

/**
 * A British IBAN of the bank `ASSA` with sort code 00-00-00. `accountNumber` has eight digits.
 * The digits begin with zeros, so that nothing takes them for a card number.
 */
export function testIban(accountNumber: string): string {
  const account = `ASSA000000${accountNumber}`;
  const check = 98n - remainder(`GB00${account}`);
  return `GB${String(check).padStart(2, '0')}${account}`;
}

function remainder(iban: string): bigint {
  const moved = `${iban.slice(4)}${iban.slice(0, 4)}`;
  const digits = moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n;
}
