/** Status queries, lists, saved payment methods, and what must never be kept. */
import assert from 'node:assert/strict';
import type { DialectProbe, ProbeCard, SeenPayment, SeenState } from '../probe.ts';
import { isMissing } from '../play.ts';
import type { Play, Offered } from '../play.ts';
import { cardNumbersIn } from '../card-numbers-in.ts';

export function readingChecks(play: Play): void {
  const { probe } = play;

  describe('reading', () => {
    if (!isMissing(probe.retrieve)) {
      const retrieve = probe.retrieve;
      it('answers a status query with what the books say', async () => {
        const wanted: [ProbeCard, SeenState][] = [
          ['approved', 'captured'],
          ['declined', 'declined'],
        ];
        for (const [card, state] of wanted) {
          const payment = await play.stage.pay(card);
          const seen = await retrieve(play.stage.session, payment.pspReference);
          assert.deepEqual([seen.pspReference, seen.state], [payment.pspReference, state], seen.answer.text);
        }
      });

      it('says not found for what it does not know', async () => {
        const payment = await play.stage.pay('approved');
        const last = payment.pspReference.at(-1) === '1' ? '2' : '1';
        const other = `${payment.pspReference.slice(0, -1)}${last}`;
        const seen = await retrieve(play.stage.session, other).catch((error: unknown) => error);
        const status = seen instanceof Error ? 404 : (seen as SeenPayment).answer.status;
        assert.equal(status, 404);
      });
    }

    if (!isMissing(probe.list)) {
      const list = probe.list;
      it('lists every payment exactly once over pages', async () => {
        for (let index = 0; index < 7; index += 1) {
          await play.stage.pay('approved');
          await play.stage.bench.pass(5_000);
        }
        const listed = await list(play.stage.session, 3);
        assert.deepEqual(
          [...listed].sort(),
          play.stage
            .booked('payment')
            .map(({ pspReference }) => pspReference)
            .sort(),
        );
      });
    }
  });

  if (!isMissing(probe.saveMethod) && !isMissing(probe.payWithToken)) {
    const saveMethod: Offered<DialectProbe['saveMethod']> = probe.saveMethod;
    const payWithToken: Offered<DialectProbe['payWithToken']> = probe.payWithToken;
    it('saves a payment method and charges it by its token', async () => {
      const { token } = await saveMethod(play.stage.session, play.key());
      assert.ok(token.length > 3);
      const payment = await payWithToken(play.stage.session, token, {
        reference: 'order-by-token',
        amountMinor: 1_200,
        currency: probe.currency,
        card: 'approved',
        capture: 'automatic',
        idempotencyKey: play.key(),
      });
      assert.equal(payment.state, 'captured', payment.answer.text);
      const booked = play.stage.booked('payment').find(({ reference }) => reference === 'order-by-token');
      assert.equal(booked?.capturedMinor, 1_200);
    });
  }

  it('keeps no card number in history or logs', async () => {
    await play.stage.pay('approved');
    if (play.offersCard('challenge')) await play.stage.pay('challenge');
    await play.settle();
    const exchanges = await play.stage.bench.exchange(`${play.stage.bench.simulator.control.url}/v1/exchanges`);
    const texts = [JSON.stringify(play.stage.bench.history.events()), exchanges.body.toString('utf8')];
    for (const text of texts)
      for (const number of cardNumbersIn(text)) assert.fail(`a card number stands in it: ${number}`);
  });
}
