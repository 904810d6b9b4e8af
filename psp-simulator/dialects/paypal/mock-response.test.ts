import assert from 'node:assert/strict';
import { PspProblem } from '../../core/problem.ts';
import type { Call } from '../dialect.ts';
import type { PaypalError } from './errors.ts';
import { refuseAsMocked } from './mock-response.ts';

function refusalFor(header?: string): PaypalError | null {
  try {
    refuseAsMocked({ request: { headers: header === undefined ? {} : { 'paypal-mock-response': header } } } as Call);
    return null;
  } catch (error) {
    assert.ok(error instanceof PspProblem);
    return error.details.extra?.['paypal'] as PaypalError;
  }
}

const mocked = (codes: unknown): string => JSON.stringify({ mock_application_codes: codes });

describe('PayPal-Mock-Response', () => {
  it('refuses with the issue that it names, under the status that goes with it', () => {
    const told = ['INSTRUMENT_DECLINED', 'RESOURCE_NOT_FOUND', 'INTERNAL_SERVER_ERROR', 'CONSTRUCTOR'].map((code) => {
      const { status, name, details } = refusalFor(mocked(code)) ?? {};
      return [status, name, details?.[0]?.issue];
    });
    assert.deepEqual(told, [
      [422, 'UNPROCESSABLE_ENTITY', 'INSTRUMENT_DECLINED'],
      [404, 'RESOURCE_NOT_FOUND', 'RESOURCE_NOT_FOUND'],
      [500, 'INTERNAL_SERVER_ERROR', 'INTERNAL_SERVER_ERROR'],
      [422, 'UNPROCESSABLE_ENTITY', 'CONSTRUCTOR'],
    ]);
    assert.equal(refusalFor(mocked(['PAYER_CANNOT_PAY']))?.details[0]?.issue, 'PAYER_CANNOT_PAY');
  });

  it('says what is wrong with a header that names nothing', () => {
    for (const header of ['INSTRUMENT_DECLINED', '{}', mocked(7), 'null'])
      assert.equal(refusalFor(header)?.details[0]?.field, 'PayPal-Mock-Response', header);
  });

  it('does nothing where it is not sent', () => {
    assert.equal(refusalFor(), null);
    assert.equal(refusalFor(''), null);
  });
});
