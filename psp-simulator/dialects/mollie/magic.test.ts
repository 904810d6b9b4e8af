/** Test values lead where their names say, and everything they can say is a word of Mollie's. */
import assert from 'node:assert/strict';
import { failureReason, payoutScript, reasonByAmount, SCRIPTS, tokenOutcome } from './magic.ts';

/** `details.failureReason` by Mollie's documentation. */
const REASONS = [
  'authentication_abandoned',
  'authentication_failed',
  'authentication_required',
  'authentication_unavailable_acs',
  'card_declined',
  'card_expired',
  'inactive_card',
  'insufficient_funds',
  'invalid_card_holder_name',
  'invalid_card_number',
  'invalid_card_type',
  'invalid_cvv',
  'possible_fraud',
  'refused_by_issuer',
  'unknown_reason',
];

describe("mollie's test values", () => {
  it('fail for a reason that Mollie has', () => {
    for (const [name, { issuer }] of Object.entries(SCRIPTS))
      if (issuer.kind === 'decline') assert.ok(REASONS.includes(failureReason(issuer.reason)), name);
    assert.equal(failureReason('insufficient_funds'), 'insufficient_funds');
    assert.equal(failureReason('authentication_required'), 'authentication_required');
  });

  it('tell a reason by the amount of 1001 to 1011 euros, in euros only', () => {
    const told = Array.from({ length: 11 }, (_, index) => reasonByAmount((1_001 + index) * 100, 'EUR'));
    assert.equal(new Set(told).size, 11);
    for (const reason of told) assert.ok(reason !== undefined && REASONS.includes(reason), reason);
    assert.equal(reasonByAmount(100_700, 'EUR'), 'insufficient_funds');
    assert.equal(reasonByAmount(100_700, 'GBP'), undefined);
    assert.equal(reasonByAmount(101_200, 'EUR'), undefined);
  });

  it('know their own tokens, take any other for an approved card, and nothing else for a token', () => {
    assert.equal(tokenOutcome('tkn_assay_challenge')?.threeDs, 'challenge');
    assert.equal(tokenOutcome('tkn_UqAvArS3gw')?.issuer.kind, 'approve');
    assert.equal(tokenOutcome('tkn_assay_no_such_script'), undefined);
    assert.equal(tokenOutcome('tkn_assay_constructor'), undefined);
    assert.equal(tokenOutcome('4111111111111111'), undefined);
  });

  it('are cut off the description of a payout', () => {
    assert.deepEqual(payoutScript('week-1 assay_outcome=fail'), { reference: 'week-1', outcome: 'failed' });
    assert.deepEqual(payoutScript('week-1 assay_outcome=return'), { reference: 'week-1', outcome: 'returned' });
    assert.deepEqual(payoutScript('week-1'), { reference: 'week-1', outcome: 'paid' });
    assert.deepEqual(payoutScript(null), { reference: null, outcome: 'paid' });
  });
});
