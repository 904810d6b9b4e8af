import assert from 'node:assert/strict';
import { findTestCard, OWN_MAGIC, ownMagic, testPaymentMethods } from './magic.ts';

describe('stripe test cards', () => {
  it('resolves every listed payment method, its token and its number to the same card', () => {
    for (const id of testPaymentMethods()) {
      const card = findTestCard(id);
      assert.ok(card, id);
      assert.deepEqual(findTestCard(id.replace('pm_card_', 'tok_')), card);
      assert.equal(findTestCard(card.number)?.threeDs, card.threeDs);
      assert.equal(findTestCard(card.number)?.decline, card.decline);
    }
  });

  it('knows the documented declines', () => {
    assert.equal(findTestCard('pm_card_visa_chargeDeclined')?.decline, 'generic');
    assert.equal(findTestCard('pm_card_visa_chargeDeclinedInsufficientFunds')?.decline, 'insufficient_funds');
    assert.equal(findTestCard('pm_card_chargeDeclinedExpiredCard')?.decline, 'expired_card');
    assert.equal(findTestCard('4000 0000 0000 0127')?.decline, 'incorrect_cvc');
  });

  it('has no answer for an id that Stripe does not know', () => {
    for (const id of ['pm_card_nonsense', 'pm_1AbC', '4111111111111111', 'pm_card_constructor', '']) {
      assert.equal(findTestCard(id), undefined, id);
    }
  });

  it('keeps its own test values apart from all other metadata', () => {
    assert.equal(ownMagic({ assay_dispute: 'won' }, 'dispute'), 'won');
    assert.equal(ownMagic({ assay_dispute: 'WON', reference: 'won' }, 'dispute'), undefined);
    for (const { key } of Object.values(OWN_MAGIC)) assert.match(key, /^assay_/);
  });
});
