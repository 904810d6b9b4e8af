import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isIban, testIban } from './iban.ts';

describe('IBANs', () => {
  it('are known by their check digits (examples of the registry)', () => {
    for (const iban of [
      'GB82WEST12345698765432',
      'DE89370400440532013000',
      'NO9386011117947',
      'MT84MALT011000012345MTLCAST001S',
    ])
      assert.ok(isIban(iban), iban);
    for (const text of ['GB82WEST12345698765431', 'GB82 WEST 1234 5698 7654 32', 'gb82west12345698765432', '', 'GB82'])
      assert.ok(!isIban(text), text);
  });

  it('of test accounts are valid, and one changed digit is noticed', () => {
    const digits = fc.integer({ min: 0, max: 99_999_999 }).map((number) => String(number).padStart(8, '0'));
    fc.assert(
      fc.property(digits, fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 9 }), (number, at, step) => {
        const iban = testIban(number);
        assert.ok(isIban(iban), iban);
        const place = iban.length - 8 + at;
        const changed = String((Number(iban[place]) + step) % 10);
        assert.ok(!isIban(`${iban.slice(0, place)}${changed}${iban.slice(place + 1)}`));
      }),
    );
  });
});
