import assert from 'node:assert/strict';
import { brandOf, cardMagic, cardOutcome, responseCodeOf, walletMagic, walletOutcome } from './magic.ts';
import type { Verification } from './magic.ts';

const PLAIN = '4012888888881881';
const ASKS = '4868719166101368';
const FRICTIONLESS = '4868719196829038';

const outcomeOf = (number: string, verification: Verification, name: string | null = null) =>
  cardOutcome(cardMagic(number, name), verification);

describe("PayPal's test cards", () => {
  it('are authenticated only when the merchant asks, and challenged where the issuer does', () => {
    assert.equal(outcomeOf(PLAIN, null).threeDs, 'none');
    assert.equal(outcomeOf(PLAIN, 'SCA_WHEN_REQUIRED').threeDs, 'none');
    assert.equal(outcomeOf(PLAIN, 'SCA_ALWAYS').threeDs, 'challenge');
    assert.equal(outcomeOf(ASKS, null).threeDs, 'none');
    assert.equal(outcomeOf(ASKS, 'SCA_WHEN_REQUIRED').threeDs, 'challenge');
    const frictionless = outcomeOf(FRICTIONLESS, 'SCA_ALWAYS');
    assert.deepEqual([frictionless.threeDs, frictionless.frictionlessResult], ['frictionless', 'authenticated']);
  });

  it('spare the payer whom the merchant charges by itself', () => {
    const outcome = cardOutcome(cardMagic(ASKS, null), 'SCA_ALWAYS', 'recurring');
    assert.deepEqual([outcome.threeDs, outcome.exemption], ['none', 'recurring']);
  });

  it('are rejected by the name on them, each with its processor code', () => {
    const codes = ['REFUSED', 'SF', 'EC', 'IRC', 'IF', 'LS', 'IA', 'BANK_ERROR', 'CVV_F'].map((word) => {
      const { issuer } = outcomeOf(PLAIN, null, `ccreject-${word.toLowerCase()} `);
      return issuer.kind === 'decline' ? responseCodeOf(issuer.reason) : 'approved';
    });
    assert.deepEqual(codes, ['0500', '9500', '5400', '5180', '5120', '9520', '1330', '5100', '00N7']);
    assert.equal(outcomeOf(PLAIN, null, 'Ada CCREJECT-SF').issuer.kind, 'approve');
    assert.equal(outcomeOf(PLAIN, null, 'constructor').issuer.kind, 'approve');
  });

  it('decline softly until the payer was asked', () => {
    const name = 'CCREJECT-SCA';
    assert.deepEqual(outcomeOf(PLAIN, null, name).issuer, { kind: 'decline', reason: 'authentication_required' });
    assert.equal(outcomeOf(PLAIN, 'SCA_ALWAYS', name).issuer.kind, 'approve');
    assert.equal(outcomeOf(FRICTIONLESS, 'SCA_WHEN_REQUIRED', name).issuer.kind, 'approve');
  });

  it('are told apart by brand, which decides the scheme', () => {
    const brands = ['4111111111111111', '5329879735316929', '371449635398431', '6011000990139424', '2223000048400011'];
    assert.deepEqual(brands.map(brandOf), ['VISA', 'MASTERCARD', 'AMEX', 'DISCOVER', 'MASTERCARD']);
    assert.equal(outcomeOf('5329879735316929', null).scheme, 'mastercard');
    assert.equal(outcomeOf('6011000990139424', null).scheme, 'other');
  });

  it('carry no number into what is kept', () => {
    assert.ok(!/\d{6}/.test(JSON.stringify([cardMagic(PLAIN, 'Ada'), outcomeOf(PLAIN, 'SCA_ALWAYS')])));
  });
});

describe("the payer's account", () => {
  it('is asked on its page, and does what its address says', () => {
    const { page, issuer, fate } = walletOutcome(walletMagic('assay-dispute-lost@example.com'));
    assert.deepEqual([page, issuer.kind, fate?.dispute?.ends], ['wallet', 'approve', 'lost']);
    assert.equal(walletOutcome(walletMagic('assay-declined@example.com')).issuer.kind, 'decline');
  });
});
