import assert from 'node:assert/strict';
import { cardBrand, cardDigits, isChallenged, refusalFor } from './magic.ts';

const card = { holderName: undefined, requestedResponseCode: undefined };

describe('adyen test values', () => {
  it('approves a card that asks for nothing', () => {
    assert.equal(refusalFor(card), null);
    assert.equal(refusalFor({ ...card, holderName: 'APPROVED' }), null);
    assert.equal(refusalFor({ ...card, holderName: 'Ada Lovelace' }), null);
    assert.equal(refusalFor({ ...card, requestedResponseCode: '1' }), null);
  });

  it('refuses by holder name, with or without a tail', () => {
    assert.equal(refusalFor({ ...card, holderName: 'DECLINED' })?.refusalReasonCode, '2');
    assert.equal(refusalFor({ ...card, holderName: 'NOT_ENOUGH_BALANCE : 51' })?.refusalReason, 'Not enough balance');
    assert.equal(refusalFor({ ...card, holderName: 'ERROR' })?.resultCode, 'Error');
  });

  it('lets the response code win over the name', () => {
    assert.equal(
      refusalFor({ ...card, holderName: 'DECLINED', requestedResponseCode: '6' })?.refusalReason,
      'Expired Card',
    );
  });

  it('reads plain and test-encrypted numbers', () => {
    assert.equal(cardDigits('test_5454545454545454'), '5454545454545454');
    assert.equal(cardDigits('4111 1111 4555 1142'), '4111111145551142');
    assert.equal(cardDigits('adyenjs_0_1_25$…'), undefined);
    assert.equal(cardBrand('5454545454545454'), 'mc');
    assert.equal(cardBrand('371449635398431'), 'amex');
  });

  it('challenges an enrolled card only when authentication is wanted', () => {
    assert.equal(isChallenged('5454545454545454', true), true);
    assert.equal(isChallenged('5454545454545454', false), false);
    assert.equal(isChallenged('4111111145551142', true), false);
  });
});
