/** What the payer does on a page, or does not do. */
import assert from 'node:assert/strict';
import type { Play } from '../play.ts';

export function payerChecks(play: Play): void {
  const { dialect } = play;

  describe('the page of the payer', () => {
    if (play.offersCard('challenge')) {
      for (const [action, state] of [
        ['approve', 'captured'],
        ['fail', 'declined'],
      ] as const) {
        it(`ends a payment as ${state} when the payer chooses '${action}'`, async () => {
          const payment = await play.payByPage('challenge', action);
          await play.settle();
          assert.deepEqual([payment.state, play.stage.theOnly('payment').state], [state, state], payment.answer.text);
        });
      }

      it('runs out when the payer walks away, and no money moves', async () => {
        const payment = await play.stage.pay('challenge');
        await play.stage.act(payment, 'abandon');
        await play.stage.bench.pass(dialect.profile.challengeLifeMs + 60_000);
        const booked = play.stage.theOnly('payment');
        assert.ok(['declined', 'expired', 'canceled'].includes(booked.state), booked.state);
        assert.equal(booked.capturedMinor, 0);
      });

      it('runs out when nobody ever comes', async () => {
        await play.stage.pay('challenge');
        await play.stage.bench.pass(dialect.profile.challengeLifeMs + 60_000);
        assert.ok(['declined', 'expired', 'canceled'].includes(play.stage.theOnly('payment').state));
      });
    }

    for (const card of ['frictionless', 'frictionless-attempted'] as const) {
      if (!play.offersCard(card)) continue;
      it(`takes the money without a page: ${card}`, async () => {
        const payment = await play.stage.pay(card);
        assert.deepEqual(
          [payment.state, play.stage.theOnly('payment').state],
          ['captured', 'captured'],
          payment.answer.text,
        );
      });
    }

    if (play.offersCard('soft-decline')) {
      it('declines softly without authentication', async () => {
        const payment = await play.stage.pay('soft-decline');
        assert.equal(payment.state, 'declined', payment.answer.text);
      });
    }
  });
}
