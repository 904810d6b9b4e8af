import assert from 'node:assert/strict';
import { findTestCard, outcomeOf, testPaymentMethods, type TestCard } from './magic.ts';

function card(id: string): TestCard {
  const found = findTestCard(id);
  assert.ok(found, id);
  return found;
}

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

  it('challenges required cards always and optional ones only when asked', () => {
    const flow = (id: string, asked: 'automatic' | 'any'): string => outcomeOf(card(id), asked).threeDs;
    assert.equal(flow('pm_card_visa', 'any'), 'none');
    assert.equal(flow('pm_card_threeDSecure2Required', 'automatic'), 'challenge');
    assert.equal(flow('pm_card_threeDSecureOptional', 'automatic'), 'none');
    assert.equal(flow('pm_card_threeDSecureOptional', 'any'), 'challenge');
    assert.equal(flow('4000000032200000', 'any'), 'frictionless');
  });

  it('lets a broken authentication end in a decline', () => {
    const reason = (id: string, asked: 'automatic' | 'any'): string => {
      const { issuer } = outcomeOf(card(id), asked);
      return issuer.kind === 'decline' ? issuer.reason : 'approve';
    };
    assert.equal(reason('pm_card_threeDSecureRequiredProcessingError', 'automatic'), 'authentication_error');
    assert.equal(reason('pm_card_threeDSecureOptionalProcessingError', 'any'), 'authentication_error');
    assert.equal(reason('pm_card_threeDSecureOptionalProcessingError', 'automatic'), 'approve');
    assert.equal(reason('pm_card_threeDSecureRequiredChargeDeclined', 'automatic'), 'generic');
  });

  it('has no answer for an id that Stripe does not know', () => {
    for (const id of ['pm_card_nonsense', 'pm_1AbC', '4111111111111111', 'pm_card_constructor', '']) {
      assert.equal(findTestCard(id), undefined, id);
    }
  });
});
