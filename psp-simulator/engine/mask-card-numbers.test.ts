/** Goal: no card number reaches a log. Method: numbers made to pass the check, written in every way that bodies carry them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { maskCardNumbers, maskedStart, passesLuhn } from './mask-card-numbers.ts';

/** A number of 13 to 19 digits with a true check digit, that does not begin with 0. */
const cardNumber = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 17 }))
  .map(([first, rest]) => {
    const body = [first, ...rest].join('');
    const check = Array.from({ length: 10 }, (_, digit) => `${body}${digit}`).find(passesLuhn);
    return check ?? '';
  });

const grouped = (number: string, separator: string): string => number.replace(/(.{4})(?=.)/g, `$1${separator}`);

describe('maskCardNumbers', () => {
  it('leaves the first six and last four digits', () => {
    assert.equal(maskCardNumbers('{"number":"4242424242424242"}'), '{"number":"424242******4242"}');
    assert.equal(maskCardNumbers('378282246310005'), '378282*****0005');
  });

  it('finds every number, alone or in the ways that bodies write it', () => {
    const ways = [
      (number: string) => number,
      (number: string) => `{"card":{"number":"${number}","cvc":"123"}}`,
      (number: string) => `card%5Bnumber%5D=${number}&card%5Bexp_year%5D=2030`,
      (number: string) => `name=%20${number}`,
      (number: string) => `note=\\u0020${number}`,
      (number: string) => `<number>${number}</number>`,
      (number: string) => `/v1/cards/${number}/charges`,
    ];
    fc.assert(
      fc.property(cardNumber, fc.constantFrom(...ways), (number, way) => {
        assert.ok(!maskCardNumbers(way(number)).includes(number), maskCardNumbers(way(number)));
      }),
    );
  });

  it('finds a number that is grouped', () => {
    fc.assert(
      fc.property(cardNumber, fc.constantFrom(' ', '-', '+', '%20', '%2D'), (number, separator) => {
        const text = `pan=${grouped(number, separator)};`;
        assert.ok(!maskCardNumbers(text).includes(number.slice(0, 4) + separator), maskCardNumbers(text));
      }),
    );
  });

  it('finds a number wherever it stands', () => {
    const around = fc.stringMatching(/^[a-ce-z"{}:_]{0,60}$/);
    const separator = fc.constantFrom('', ' ', '-', '%20');
    fc.assert(
      fc.property(cardNumber, separator, around, around, (number, between, before, after) => {
        const text = `${before}${grouped(number, between)}${after}`;
        assert.notEqual(maskCardNumbers(text), text);
      }),
    );
  });

  it('finds a number that a cut goes through', () => {
    fc.assert(
      fc.property(cardNumber, fc.integer({ min: 0, max: 40 }), (number, cut) => {
        const shown = maskedStart(`number=${number}`, cut);
        assert.ok(shown.length <= cut);
        assert.doesNotMatch(shown, /[0-9]{7}/);
      }),
    );
  });

  it('leaves text without such a number as it is', () => {
    for (const text of ['', '4242424242424241', '42424242424242424242424242', '2026-01-05T09:00:00.000Z', 'pi_3Q']) {
      assert.equal(maskCardNumbers(text), text);
    }
    fc.assert(fc.property(fc.stringMatching(/^[^0-9]*$/), (text) => assert.equal(maskCardNumbers(text), text)));
  });
});
