import assert from 'node:assert/strict';
import { adyenSignature } from './signature.ts';

describe('adyen webhook signature', () => {
  it('gives the published signature for the published item', () => {
    const signature = adyenSignature(
      {
        pspReference: '7914073381342284',
        merchantAccountCode: 'TestMerchant',
        merchantReference: 'TestPayment-1407325143704',
        amount: { value: 1130, currency: 'EUR' },
        eventCode: 'AUTHORISATION',
        success: 'true',
      },
      '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
    );
    assert.equal(signature, 'coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=');
  });
});
