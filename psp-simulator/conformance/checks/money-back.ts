/** Refunds, payouts and disputes: everything by which money leaves the merchant. */
import assert from 'node:assert/strict';
import { DAY_MS, SOME_DAYS_MS, isMissing } from '../play.ts';
import type { Play } from '../play.ts';

export function moneyBackChecks(play: Play): void {
  const { probe } = play;

  describe('refunds', () => {
    it('gives back a part, then the rest, and never more', async () => {
      const payment = await play.stage.pay('approved');
      await play.settle();
      for (const amountMinor of [2_000, 3_000, 1]) {
        await probe.refund(play.stage.session, payment.pspReference, amountMinor, {
          currency: probe.currency,
          key: play.key(),
        });
        await play.settle();
      }
      const booked = play.stage.theOnly('payment');
      assert.deepEqual([booked.refundedMinor, booked.state], [5_000, 'refunded']);
      const failed = play.stage.booked('refund').filter(({ state }) => state === 'succeeded');
      assert.equal(failed.length, 2);
    });

    if (play.offersCard('refund-fails')) {
      it('fails when the bank of the payer refuses', async () => {
        const payment = await play.stage.pay('refund-fails');
        await play.settle();
        await probe.refund(play.stage.session, payment.pspReference, 1_000, {
          currency: probe.currency,
          key: play.key(),
        });
        await play.settle();
        assert.equal(play.stage.theOnly('refund').state, 'failed');
        assert.equal(play.stage.theOnly('payment').refundedMinor, 0);
      });
    }

    if (play.offersCard('refund-fails-late')) {
      it('may fail days after it succeeded, and says so by webhook', async () => {
        const payment = await play.stage.pay('refund-fails-late');
        await play.settle();
        await probe.refund(play.stage.session, payment.pspReference, 5_000, {
          currency: probe.currency,
          key: play.key(),
        });
        await play.settle();
        assert.equal(play.stage.theOnly('payment').refundedMinor, 5_000);
        const webhooks = play.stage.bench.merchant.received.length;
        await play.stage.bench.pass(SOME_DAYS_MS);
        assert.equal(play.stage.theOnly('refund').state, 'failed');
        assert.equal(play.stage.theOnly('payment').refundedMinor, 0);
        assert.ok(play.stage.bench.merchant.received.length > webhooks, 'no webhook told it');
      });
    }
  });

  if (!isMissing(probe.payout)) {
    const payout = probe.payout;
    describe('payouts', () => {
      for (const outcome of ['paid', 'failed', 'returned'] as const) {
        it(`ends as ${outcome} and says so by webhook`, async () => {
          const answer = await payout(play.stage.session, {
            reference: 'payout-1',
            amountMinor: 4_000,
            currency: probe.currency,
            outcome,
            key: play.key(),
          });
          assert.ok(answer.status < 300, answer.text);
          await play.stage.bench.pass(SOME_DAYS_MS);
          assert.equal(play.stage.theOnly('payout').state, outcome);
          assert.ok(play.stage.bench.merchant.received.length > 0, 'no webhook came');
        });
      }
    });
  }

  describe('disputes', () => {
    for (const [card, state] of [
      ['disputed-won', 'won'],
      ['disputed-lost', 'lost'],
    ] as const) {
      if (!play.offersCard(card)) continue;
      it(`opens by itself, ends as ${state}, and tells both by webhook`, async () => {
        await play.stage.pay(card);
        await play.settle();
        const before = play.stage.bench.merchant.received.length;
        await play.stage.bench.pass(DAY_MS + 60_000);
        assert.equal(play.stage.theOnly('dispute').state, 'open');
        const opened = play.stage.bench.merchant.received.length;
        assert.ok(opened > before, 'no webhook told that it was opened');
        await play.stage.bench.pass(SOME_DAYS_MS);
        assert.equal(play.stage.theOnly('dispute').state, state);
        assert.ok(play.stage.bench.merchant.received.length > opened, 'no webhook told how it ended');
      });
    }

    if (!isMissing(probe.submitEvidence) && play.offersCard('disputed-won')) {
      const submitEvidence = probe.submitEvidence;
      it('takes evidence', async () => {
        await play.stage.pay('disputed-won');
        await play.stage.bench.pass(DAY_MS + 60_000);
        const { pspReference } = play.stage.theOnly('dispute');
        const answer = await submitEvidence(play.stage.session, pspReference, play.key());
        assert.ok(answer.status < 300, answer.text);
        await play.settle();
        assert.equal(play.stage.theOnly('dispute').state, 'under_review');
      });
    }
  });
}
