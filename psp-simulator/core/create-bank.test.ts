/**
 * The bank against a model: random commands in random order, on a few payments, under every
 * rule set. The model is a handful of numbers; the bank must agree with it after each command,
 * and its changes must tell the same story as its records.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CHALLENGE, CHALLENGE_DECLINED, command, openWorld, pay, problemOf, RULES, run } from '../test/random-books.ts';
import type { World } from '../test/random-books.ts';
import type { BankRules } from './bank.ts';
import type { PaymentState } from './records.ts';

/** Which states a payment may go to from each; what the picture in `bank.ts` says. */
function mayFollow(rules: BankRules): Record<PaymentState, readonly PaymentState[]> {
  return {
    created: ['requires_action', 'authorized', 'captured', 'declined', 'canceled', 'expired'],
    requires_action: ['authorized', 'captured', 'declined', 'canceled', 'expired'],
    authorized: ['captured', 'canceled', 'expired'],
    captured: ['captured', 'refunded'],
    declined: rules.confirmAfterDecline
      ? ['requires_action', 'authorized', 'captured', 'declined', 'canceled', 'expired']
      : [],
    canceled: [],
    expired: [],
    // A refund that fails late makes it captured again.
    refunded: ['captured'],
  };
}

describe('the bank', () => {
  it('keeps amounts in order, only makes allowed moves, and refuses without a trace (random commands)', () => {
    fc.assert(
      fc.property(fc.constantFrom(...RULES), fc.array(command, { maxLength: 60 }), (rules, commands) => {
        const world = openWorld(rules);
        const states = new Map<string, PaymentState>();
        for (const next of commands) {
          const before = world.changes.length;
          const snapshot = booksOf(world);
          const problem = problemOf(() => run(world, next));
          if (problem !== 'none') {
            assert.equal(world.changes.length, before, 'a refused command made a change');
            assert.equal(booksOf(world), snapshot);
          }
          for (const change of world.changes.slice(before)) {
            if (change.record.kind !== 'payment') continue;
            const from = states.get(change.record.pspReference);
            if (from !== undefined)
              assert.ok(mayFollow(rules)[from].includes(change.record.state), `${from} → ${change.record.state}`);
            states.set(change.record.pspReference, change.record.state);
          }
          checkSums(world);
        }
      }),
      { numRuns: 1_500 },
    );
  });

  function booksOf({ bank }: World): string {
    return JSON.stringify([bank.payments(), bank.refunds(), bank.disputes(), bank.payouts(), bank.challenges()]);
  }

  function checkSums({ bank, changes }: World): void {
    changes.forEach((change, index) => assert.equal(change.index, index));
    for (const payment of bank.payments()) {
      const refunds = bank.refunds({ paymentPspReference: payment.pspReference });
      const succeeded = refunds
        .filter(({ state }) => state === 'succeeded')
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      const pending = refunds
        .filter(({ state }) => state === 'pending')
        .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
      assert.equal(payment.refundedMinor, succeeded, 'the refunded amount is the sum of its refunds');
      assert.ok(succeeded + pending <= payment.capturedMinor, 'refunds exceed the captured amount');
      assert.ok(payment.capturedMinor <= payment.amountMinor);
      assert.equal(payment.capturedMinor > 0, payment.state === 'captured' || payment.state === 'refunded');
      assert.equal(
        payment.state === 'refunded',
        payment.capturedMinor > 0 && payment.refundedMinor === payment.capturedMinor && payment.capturableMinor === 0,
      );
      const takenBack = bank
        .disputes({ paymentPspReference: payment.pspReference })
        .filter(({ state }) => state === 'open' || state === 'under_review' || state === 'lost');
      assert.equal(
        payment.disputedMinor,
        takenBack.reduce((sum, { amountMinor }) => sum + amountMinor, 0),
        'the disputed amount is the sum of its disputes',
      );
      const moved = changes.filter(
        ({ type, record }) => type === 'payment-captured' && record.pspReference === payment.pspReference,
      );
      assert.equal(
        moved.reduce((sum, { movedMinor }) => sum + movedMinor, 0),
        payment.capturedMinor,
        'money was captured once',
      );
    }
  }

  it('waits for the merchant where the result of a challenge must be handed in', () => {
    const { bank } = openWorld(RULES[2]);
    const { challengeId } = pay(bank, { outcome: CHALLENGE });
    bank.actOnChallenge(challengeId ?? '', 'approve');
    assert.equal(bank.payment('p1').state, 'requires_action');
    assert.equal(bank.submitChallenge(challengeId ?? '').state, 'captured');
    assert.equal(bank.submitChallenge(challengeId ?? '').state, 'captured');
  });

  it('declines after an approved challenge when the issuer says no', () => {
    const { bank } = openWorld();
    const { challengeId } = pay(bank, { outcome: CHALLENGE_DECLINED });
    bank.actOnChallenge(challengeId ?? '', 'approve');
    assert.equal(bank.payment('p1').declineReason, 'do_not_honor');
  });

  it('refuses the cardholder who comes after the payment was cancelled', () => {
    const { bank } = openWorld();
    const { challengeId } = pay(bank, { outcome: CHALLENGE });
    bank.cancel('p1');
    assert.equal(
      problemOf(() => bank.actOnChallenge(challengeId ?? '', 'approve')),
      'invalid-state',
    );
    assert.equal(bank.payment('p1').state, 'canceled');
  });

  it('refuses a refund above what is left, counting refunds on their way', () => {
    const { bank } = openWorld();
    pay(bank);
    bank.createRefund({
      pspReference: 'r1',
      paymentPspReference: 'p1',
      reference: null,
      amountMinor: 3_000,
      outcome: 'pending',
    });
    assert.equal(
      problemOf(() =>
        bank.createRefund({ pspReference: 'r2', paymentPspReference: 'p1', reference: null, amountMinor: 2_001 }),
      ),
      'amount-too-large',
    );
    bank.settleRefund('r1', 'failed');
    assert.equal(
      bank.createRefund({ pspReference: 'r3', paymentPspReference: 'p1', reference: null }).amountMinor,
      5_000,
    );
    assert.equal(bank.payment('p1').state, 'refunded');
  });

  it('lets a payout be returned only after it was paid', () => {
    const { bank } = openWorld();
    bank.createPayout({ pspReference: 'o1', reference: 'out-1', amountMinor: 100, currency: 'EUR', outcome: 'paid' });
    assert.equal(
      problemOf(() => bank.settlePayout('o1', 'returned')),
      'invalid-state',
    );
    bank.settlePayout('o1', 'paid');
    assert.equal(
      problemOf(() => bank.settlePayout('o1', 'failed')),
      'invalid-state',
    );
    assert.equal(bank.settlePayout('o1', 'returned').state, 'returned');
  });

  it('refuses amounts that are no positive whole number', () => {
    const { bank } = openWorld();
    for (const amountMinor of [0, -1, 0.5, Number.NaN, 2 ** 60]) {
      assert.equal(
        problemOf(() => pay(bank, { amountMinor })),
        'validation',
        String(amountMinor),
      );
    }
    assert.deepEqual(bank.payments(), []);
  });
});
