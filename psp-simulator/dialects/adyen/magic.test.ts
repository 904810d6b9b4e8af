import assert from 'node:assert/strict';
import fc from 'fast-check';
import { passesLuhn } from '../../engine/mask-card-numbers.ts';
import { cardBrand, cardDigits, cardName, outcomeOf, payoutMarkedIn, TEST_CARDS, wantedRefusal } from './magic.ts';
import { neutralReason, refusalByCode, refusalFor } from './refusals.ts';

const nothing = { holderName: undefined, responseCode: undefined };
const plain = { name: 'plain', brand: 'visa', holderName: undefined, refusal: null };
const NO_WISH = { authenticate: false, exemption: null, merchantInitiated: false };
const AUTHENTICATE = { ...NO_WISH, authenticate: true };

describe('adyen test values', () => {
  it('approves a card that asks for nothing', () => {
    assert.equal(wantedRefusal(nothing), null);
    assert.equal(wantedRefusal({ ...nothing, holderName: 'APPROVED' }), null);
    assert.equal(wantedRefusal({ ...nothing, holderName: 'Ada Lovelace' }), null);
    assert.equal(wantedRefusal({ ...nothing, responseCode: '1' }), null);
    assert.deepEqual(outcomeOf(plain, NO_WISH).issuer, { kind: 'approve' });
  });

  it('refuses by holder name, with or without a tail', () => {
    assert.equal(wantedRefusal({ ...nothing, holderName: 'DECLINED' })?.refusalReasonCode, '2');
    assert.equal(
      wantedRefusal({ ...nothing, holderName: 'NOT_ENOUGH_BALANCE : 51' })?.refusalReason,
      'Not enough balance',
    );
    assert.equal(wantedRefusal({ ...nothing, holderName: 'ERROR' })?.resultCode, 'Error');
  });

  it('lets the response code win over the name', () => {
    assert.equal(wantedRefusal({ holderName: 'DECLINED', responseCode: '6' })?.refusalReason, 'Expired Card');
  });

  it('tells a neutral reason in words that mean the same reason', () => {
    const reasons = Array.from({ length: 50 }, (_, code) => refusalByCode(String(code)))
      .filter((refusal) => refusal !== null)
      .map(neutralReason);
    assert.ok(reasons.length > 20);
    for (const reason of reasons) {
      const again = neutralReason(refusalFor(reason));
      assert.equal(reason === 'generic' ? 'generic' : again, reason);
    }
  });

  it('reads plain and test-encrypted numbers', () => {
    assert.equal(cardDigits('test_5454545454545454'), '5454545454545454');
    assert.equal(cardDigits('4111 1111 4555 1142'), '4111111145551142');
    assert.equal(cardDigits('adyenjs_0_1_25$…'), undefined);
    assert.equal(cardBrand('5454545454545454'), 'mc');
    assert.equal(cardBrand('371449635398431'), 'amex');
  });

  it('challenges an enrolled card only when authentication is wanted and the shopper is there', () => {
    const card = { ...plain, name: cardName('5454545454545454'), brand: 'mc' };
    assert.equal(outcomeOf(card, AUTHENTICATE).threeDs, 'challenge');
    assert.equal(outcomeOf(card, NO_WISH).threeDs, 'none');
    assert.equal(outcomeOf(card, { ...AUTHENTICATE, merchantInitiated: true }).threeDs, 'none');
    assert.deepEqual(outcomeOf(plain, AUTHENTICATE).frictionlessResult, 'attempted');
  });

  it('declines softly until the shopper is authenticated', () => {
    const card = { ...plain, name: 'soft_decline' };
    assert.deepEqual(outcomeOf(card, NO_WISH).issuer, { kind: 'decline', reason: 'authentication_required' });
    assert.deepEqual(outcomeOf(card, AUTHENTICATE).issuer, { kind: 'approve' });
    assert.deepEqual(outcomeOf(card, { ...NO_WISH, merchantInitiated: true }).issuer, { kind: 'approve' });
  });

  it("reads the holder names of Adyen's chargeback tests", () => {
    const disputeOf = (holderName: string) => outcomeOf({ ...plain, holderName }, NO_WISH).fate?.dispute;
    assert.deepEqual(disputeOf('Chargeback:10.4'), { reason: 'fraudulent', ends: null });
    assert.deepEqual(disputeOf('chargeback:13.1'), { reason: 'product_not_received', ends: null });
    assert.deepEqual(disputeOf('Chargeback'), { reason: 'general', ends: null });
    assert.equal(disputeOf('Chargeback Reversed')?.ends, 'won');
    assert.equal(disputeOf('Second Chargeback')?.ends, 'lost');
    assert.equal(disputeOf('Charge Back'), undefined);
  });

  it('never lets an unknown text decide a fate', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const card = { ...plain, name: cardName(text), holderName: `x${text}` };
        assert.deepEqual(outcomeOf(card, NO_WISH), {
          scheme: 'visa',
          fate: {},
          threeDs: 'none',
          issuer: { kind: 'approve' },
        });
        assert.equal(payoutMarkedIn([text]), 'paid');
      }),
    );
  });

  it('has only numbers that a form would take', () => {
    for (const [name, { number }] of Object.entries(TEST_CARDS)) assert.ok(passesLuhn(number), name);
  });
});
