import assert from 'node:assert/strict';
import fc from 'fast-check';
import { outcomeOf, type ChargeWish } from './card-outcome.ts';
import { findTestCard, testPaymentMethods, type TestCard } from './magic.ts';

const PLAIN: ChargeWish = {
  requestThreeDs: 'automatic',
  offSession: false,
  setUp: false,
  lowRisk: false,
  metadata: {},
};

function card(id: string): TestCard {
  const found = findTestCard(id);
  assert.ok(found, id);
  return found;
}

const anyWish: fc.Arbitrary<ChargeWish> = fc.record({
  requestThreeDs: fc.constantFrom('automatic', 'any', 'challenge'),
  offSession: fc.boolean(),
  setUp: fc.boolean(),
  lowRisk: fc.boolean(),
  metadata: fc.constantFrom({}, { assay_dispute: 'lost' }, { assay_refund: 'fail' }),
});

describe('the outcome of a stripe test card', () => {
  const flow = (id: string, wish: Partial<ChargeWish> = {}): string => {
    const { threeDs, frictionlessResult } = outcomeOf(card(id), { ...PLAIN, ...wish });
    return frictionlessResult ?? threeDs;
  };
  const reason = (id: string, wish: Partial<ChargeWish> = {}): string => {
    const { issuer } = outcomeOf(card(id), { ...PLAIN, ...wish });
    return issuer.kind === 'decline' ? issuer.reason : 'approve';
  };

  it('is a challenge for required cards always and for optional ones only when asked', () => {
    assert.equal(flow('pm_card_threeDSecure2Required'), 'challenge');
    assert.equal(flow('pm_card_threeDSecureOptional'), 'none');
    assert.equal(flow('pm_card_threeDSecureOptional', { requestThreeDs: 'any' }), 'challenge');
    assert.equal(flow('4000000032200000', { requestThreeDs: 'any' }), 'frictionless');
  });

  it('is an attempt for a card that is not enrolled, and nothing where 3DS does not exist', () => {
    assert.equal(flow('pm_card_visa'), 'none');
    assert.equal(flow('pm_card_visa', { requestThreeDs: 'any' }), 'attempted');
    assert.equal(flow('pm_card_amex_threeDSecureNotSupported', { requestThreeDs: 'any' }), 'none');
  });

  it('is a decline where authentication breaks', () => {
    assert.equal(reason('pm_card_threeDSecureRequiredProcessingError'), 'authentication_error');
    assert.equal(
      reason('pm_card_threeDSecureOptionalProcessingError', { requestThreeDs: 'any' }),
      'authentication_error',
    );
    assert.equal(reason('pm_card_threeDSecureOptionalProcessingError'), 'approve');
    assert.equal(reason('pm_card_threeDSecureRequiredChargeDeclined'), 'generic');
  });

  it('is a soft decline off session, unless the card was set up for it', () => {
    const away = { offSession: true };
    assert.equal(reason('pm_card_authenticationRequired', away), 'authentication_required');
    assert.equal(reason('pm_card_authenticationRequired', { ...away, setUp: true }), 'authentication_required');
    assert.equal(reason('pm_card_authenticationRequiredOnSetup', away), 'authentication_required');
    assert.equal(reason('pm_card_authenticationRequiredOnSetup', { ...away, setUp: true }), 'approve');
    assert.equal(reason('pm_card_authenticationRequiredSetupForOffSession', away), 'approve');
    assert.equal(flow('pm_card_authenticationRequiredSetupForOffSession'), 'challenge');
  });

  it('says why no authentication was needed', () => {
    assert.equal(outcomeOf(card('pm_card_visa'), { ...PLAIN, lowRisk: true }).exemption, 'transaction_risk_analysis');
    assert.equal(outcomeOf(card('pm_card_visa'), { ...PLAIN, offSession: true }).exemption, 'merchant_initiated');
    assert.equal(outcomeOf(card('pm_card_visa'), PLAIN).exemption, undefined);
  });

  it('decides about disputes and refunds by the card or by this simulator’s own metadata', () => {
    const fate = (id: string, metadata: Record<string, string> = {}) =>
      outcomeOf(card(id), { ...PLAIN, metadata }).fate;
    assert.deepEqual(fate('pm_card_visa'), {});
    assert.deepEqual(fate('pm_card_createDispute'), { dispute: { reason: 'fraudulent', ends: null } });
    assert.deepEqual(fate('pm_card_createDisputeProductNotReceived', { assay_dispute: 'won' }), {
      dispute: { reason: 'product_not_received', ends: 'won' },
    });
    assert.deepEqual(fate('pm_card_refundFail'), { refunds: 'fails-late' });
    assert.deepEqual(fate('pm_card_visa', { assay_refund: 'fail' }), { refunds: 'failed' });
  });

  it('never challenges a cardholder who is away, whatever the card', () => {
    fc.assert(
      fc.property(fc.constantFrom(...testPaymentMethods()), anyWish, (id, wish) => {
        const outcome = outcomeOf(card(id), wish);
        assert.ok(!(wish.offSession && outcome.threeDs === 'challenge'), id);
        assert.ok(outcome.frictionlessResult === undefined || outcome.threeDs === 'frictionless');
        assert.ok(outcome.exemption === undefined || outcome.threeDs === 'none');
      }),
    );
  });
});
