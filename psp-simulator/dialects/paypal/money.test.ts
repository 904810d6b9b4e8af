import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PspProblem } from '../../core/problem.ts';
import { CURRENCIES, minorFromPaypal, paypalValue } from './money.ts';

const currency = fc.constantFrom(...CURRENCIES);

function issueOf(value: string, code: string): string {
  try {
    minorFromPaypal(value, code, '/amount');
    return 'none';
  } catch (error) {
    assert.ok(error instanceof PspProblem);
    return (error.details.extra?.['paypal'] as { details: { issue: string }[] }).details[0]?.issue ?? '';
  }
}

describe("PayPal's amounts", () => {
  it('are the same money in both directions', () => {
    fc.assert(
      fc.property(currency, fc.integer({ min: 1, max: 1_000_000_000 }), (code, whole) => {
        // Whole units: every currency can say those.
        const minor = minorFromPaypal(String(whole), code, '/amount');
        assert.equal(minorFromPaypal(paypalValue(minor, code), code, '/amount'), minor);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000 }), (minor) => {
        assert.equal(minorFromPaypal(paypalValue(minor, 'EUR'), 'EUR', '/amount'), minor);
      }),
    );
  });

  it('have two decimals, or none in yen, forint and Taiwan dollars', () => {
    assert.equal(minorFromPaypal('10', 'EUR', ''), 1_000);
    assert.equal(minorFromPaypal('10.5', 'EUR', ''), 1_050);
    assert.deepEqual([minorFromPaypal('10', 'JPY', ''), paypalValue(10, 'JPY')], [10, '10']);
    assert.deepEqual([minorFromPaypal('10', 'HUF', ''), paypalValue(1_000, 'HUF')], [1_000, '10']);
    assert.equal(paypalValue(-1_250, 'USD'), '-12.50');
    assert.equal(paypalValue(5, 'GBP'), '0.05');
  });

  it('are refused in the words of the API', () => {
    assert.equal(issueOf('10', 'XAU'), 'CURRENCY_NOT_SUPPORTED');
    assert.equal(issueOf('10.001', 'EUR'), 'DECIMAL_PRECISION');
    assert.equal(issueOf('10.5', 'HUF'), 'DECIMALS_NOT_SUPPORTED');
    assert.equal(issueOf('0.00', 'EUR'), 'CANNOT_BE_ZERO_OR_NEGATIVE');
    assert.equal(issueOf('-1.00', 'EUR'), 'CANNOT_BE_ZERO_OR_NEGATIVE');
    assert.equal(issueOf('99999999999999999.99', 'EUR'), 'MAX_VALUE_EXCEEDED');
    for (const text of ['', '1e3', '1,00', ' 1', 'ten', '1'.repeat(33)])
      assert.equal(issueOf(text, 'EUR'), 'INVALID_PARAMETER_SYNTAX', text);
  });

  it('never throw when they are written, whatever the currency', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom('EUR', 'HUF', 'KWD', 'JPY', 'ZZZ'), (minor, code) => {
        assert.match(paypalValue(minor, code), /^-?\d+(\.\d+)?$/);
      }),
    );
  });
});
