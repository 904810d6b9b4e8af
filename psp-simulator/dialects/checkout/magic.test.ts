/** Test cards: well-formed, each by its own name, and what charging them leads to. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ThreeDsWish } from './details.ts';
import { cardName, isCardNumber, outcomeOf, payoutMarkedIn, TEST_CARDS, testCard } from './magic.ts';
import { responseCode } from './response-codes.ts';

const PLAIN_WISH: ThreeDsWish = {
  enabled: false,
  attemptN3d: false,
  challengeIndicator: 'no_preference',
  exemption: null,
  merchantInitiated: false,
};
const CARD = { scheme: 'visa', amount: 1_000, expiryMonth: 12, expiryYear: 2098 } as const;
const names = Object.keys(TEST_CARDS);
const wish: fc.Arbitrary<ThreeDsWish> = fc.record({
  enabled: fc.boolean(),
  attemptN3d: fc.boolean(),
  challengeIndicator: fc.constantFrom('no_preference', 'no_challenge_requested', 'challenge_requested_mandate'),
  exemption: fc.constantFrom(null, 'low_value', 'recurring_operation'),
  merchantInitiated: fc.boolean(),
});

describe("checkout's test cards", () => {
  it('are card numbers, each with one name', () => {
    const numbers = Object.values(TEST_CARDS).map(({ number }) => number);
    for (const number of numbers) assert.ok(isCardNumber(number), number);
    assert.equal(new Set(numbers).size, numbers.length);
    for (const [name, { number }] of Object.entries(TEST_CARDS)) assert.equal(cardName(number), name);
    assert.equal(cardName('5436031030606378'), 'plain');
  });

  it('refuse with a code that is in the table', () => {
    for (const name of names) {
      const { declineCode } = testCard(name);
      if (declineCode !== undefined) assert.equal(responseCode(declineCode).code, declineCode);
    }
  });

  it('never approve a refused card, and authenticate only who asks without an exemption', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), wish, (name, given) => {
        const outcome = outcomeOf(name, given, CARD);
        if (testCard(name).declineCode !== undefined) assert.equal(outcome.issuer.kind, 'decline');
        const authenticates = given.enabled && given.exemption === null && !given.merchantInitiated;
        assert.equal(outcome.threeDs !== 'none', authenticates);
      }),
    );
  });

  it('decline softly until the payer is authenticated', () => {
    assert.deepEqual(outcomeOf('soft_decline', PLAIN_WISH, CARD).issuer, {
      kind: 'decline',
      reason: 'authentication_required',
    });
    const authenticated = outcomeOf('soft_decline', { ...PLAIN_WISH, enabled: true }, CARD);
    assert.deepEqual([authenticated.threeDs, authenticated.issuer.kind], ['challenge', 'approve']);
  });

  it('dispute the published amount only with the published expiry', () => {
    const disputed = { ...CARD, amount: 1_040, expiryMonth: 1, expiryYear: 2099 };
    assert.equal(outcomeOf('plain', PLAIN_WISH, disputed).fate?.dispute?.reason, 'fraudulent');
    assert.equal(outcomeOf('plain', PLAIN_WISH, { ...disputed, expiryMonth: 2 }).fate?.dispute, undefined);
  });

  it('end payouts by their markers', () => {
    assert.equal(payoutMarkedIn(['', 'x assay_outcome=fail y']), 'failed');
    assert.equal(payoutMarkedIn(['assay_outcome=return']), 'returned');
    assert.equal(payoutMarkedIn(['Ada Example']), 'paid');
  });
});
