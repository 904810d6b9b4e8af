import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasCardNumber, withoutCardNumbers } from './card-number.ts';

/** Numbers that the networks publish for tests, one or two of each. */
const TEST_NUMBERS = [
  '4111111111111111',
  '4222222222222',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '30569309025904',
  '3566002020360505',
  '6011111111111117',
  '6759649826438453',
];

describe('card numbers in text', () => {
  it('are found in any grouping and between any other text', () => {
    const text = fc.string({ maxLength: 20 }).filter((value) => !/\d/.test(value));
    const separator = fc.constantFrom('', ' ', '-', '.', ' - ');
    fc.assert(
      fc.property(fc.constantFrom(...TEST_NUMBERS), text, text, separator, (pan, before, after, between) => {
        const grouped = (pan.match(/.{1,4}/g) ?? []).join(between.slice(0, 2));
        const whole = `${before}${grouped}${after}`;
        assert.ok(hasCardNumber(whole), whole);
        assert.ok(!withoutCardNumbers(whole).includes(grouped));
        assert.ok(!hasCardNumber(withoutCardNumbers(whole)));
      }),
    );
  });

  it('are found behind two letters that make the check digits of an IBAN come out right', () => {
    assert.ok(hasCardNumber('US5555555555554444'));
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const pairs = letters.flatMap((first) => letters.map((second) => first + second));
    for (const pan of TEST_NUMBERS)
      assert.deepEqual(
        pairs.filter((pair) => !hasCardNumber(pair + pan)),
        [],
        pan,
      );
  });

  it('are found beside a date, an expiry and a second number', () => {
    assert.equal(
      withoutCardNumbers('2026-01-05 4111 1111 1111 1111 12/28, 5555-5555-5555-4444'),
      '2026-01-05 [card number] 12/28, [card number]',
    );
  });

  it('are not seen in what machines make', () => {
    const digits = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length });
    fc.assert(
      fc.property(fc.uuid(), (uuid) => assert.ok(!hasCardNumber(uuid) || !/[a-f]/.test(uuid), uuid)),
      { numRuns: 5_000 },
    );
    // Milliseconds since 1970 of this half of the century, and times written in digits only.
    fc.assert(
      fc.property(fc.integer({ min: 1_500_000_000_000, max: 1_999_999_999_999 }), (ms) => !hasCardNumber(String(ms))),
    );
    fc.assert(fc.property(digits(10), (rest) => !hasCardNumber(`202601${rest}`)));
    assert.ok(!hasCardNumber('AT611904300234573201 GB29NWBK60161331926819 DE89 3704 0044 0532 0130 00'));
    assert.ok(!hasCardNumber('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'));
  });

  it('with one wrong digit are none', () => {
    assert.ok(!hasCardNumber('4111111111111112'));
    assert.ok(!hasCardNumber('411111111111'));
    assert.ok(!hasCardNumber('9999999999999995'));
  });
});
