/** Money in: one step, two steps, in parts, given up, run out. */
import assert from 'node:assert/strict';
import { isMissing } from '../play.ts';
import type { Play } from '../play.ts';

export function paymentChecks(play: Play): void {
  const { dialect, probe } = play;
  describe('payments', () => {
    it('takes the money in one step, says so in the answer, the books and a webhook', async () => {
      const payment = await play.stage.pay('approved');
      await play.settle();
      const booked = play.stage.theOnly('payment');
      assert.deepEqual([payment.state, booked.state, booked.capturedMinor], ['captured', 'captured', 5_000]);
      assert.equal(booked.pspReference, payment.pspReference);
      assert.ok(play.stage.bench.merchant.received.length > 0, 'no webhook came');
    });

    it('declines, and no money moves', async () => {
      for (const card of ['declined', 'insufficient-funds'] as const) {
        if (!play.offersCard(card)) continue;
        const payment = await play.stage.pay(card);
        assert.equal(payment.state, 'declined', payment.answer.text);
      }
      for (const booked of play.stage.booked('payment'))
        assert.deepEqual([booked.state, booked.capturedMinor], ['declined', 0]);
    });

    if (!isMissing(probe.capture)) {
      const capture = probe.capture;
      it('captures an authorized payment in part', async () => {
        const payment = await play.stage.pay('approved', { capture: 'manual' });
        assert.equal(payment.state, 'authorized', payment.answer.text);
        assert.equal(play.stage.theOnly('payment').capturedMinor, 0);
        const answer = await capture(play.stage.session, payment.pspReference, 3_000, {
          currency: probe.currency,
          final: true,
          key: play.key(),
        });
        assert.ok(answer.status < 300, answer.text);
        await play.settle();
        assert.equal(play.stage.theOnly('payment').capturedMinor, 3_000);
      });

      it('never captures more than was authorized', async () => {
        const payment = await play.stage.pay('approved', { capture: 'manual' });
        await capture(play.stage.session, payment.pspReference, 5_001, {
          currency: probe.currency,
          final: true,
          key: play.key(),
        });
        await play.settle();
        assert.equal(play.stage.theOnly('payment').capturedMinor, 0);
      });

      if (dialect.bankRules.captures === 'several') {
        it('captures in several parts', async () => {
          const payment = await play.stage.pay('approved', { capture: 'manual' });
          for (const amountMinor of [1_000, 1_500]) {
            const answer = await capture(play.stage.session, payment.pspReference, amountMinor, {
              currency: probe.currency,
              final: false,
              key: play.key(),
            });
            assert.ok(answer.status < 300, answer.text);
            await play.settle();
          }
          assert.equal(play.stage.theOnly('payment').capturedMinor, 2_500);
        });
      }

      it('lets an authorization that nobody captures run out', async () => {
        const { authorizationLifeMs } = dialect.profile;
        if (authorizationLifeMs === 0) return;
        await play.stage.pay('approved', { capture: 'manual' });
        await play.stage.bench.pass(authorizationLifeMs + 60_000);
        assert.equal(play.stage.theOnly('payment').state, 'expired');
      });
    }

    if (!isMissing(probe.void)) {
      const voidPayment = probe.void;
      it('voids an authorized payment', async () => {
        const payment = await play.stage.pay('approved', { capture: 'manual' });
        const answer = await voidPayment(play.stage.session, payment.pspReference, play.key());
        assert.ok(answer.status < 300, answer.text);
        await play.settle();
        assert.deepEqual(
          [play.stage.theOnly('payment').state, play.stage.theOnly('payment').capturedMinor],
          ['canceled', 0],
        );
      });
    }
  });
}
