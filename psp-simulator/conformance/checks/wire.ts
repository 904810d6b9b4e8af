/** Refusals in the PSP's own format, and webhooks as a merchant gets them. */
import assert from 'node:assert/strict';
import { DAY_MS } from '../play.ts';
import type { Play } from '../play.ts';

export function wireChecks(play: Play): void {
  const { dialect, probe } = play;

  describe("refusals in the PSP's own format", () => {
    for (const [name, refusalOf] of [
      ['wrong credentials', probe.unauthorized],
      ['a body that cannot be read', probe.malformed],
      ['a route that is not simulated', probe.notSimulated],
    ] as const) {
      it(name, async () => {
        const { request, status, bodyHas } = refusalOf(play.stage.session);
        const answer = await play.stage.session.send(request);
        assert.equal(answer.status, status, answer.text);
        assert.ok(answer.text.includes(bodyHas), answer.text);
        assert.equal(play.stage.booked('payment').length, 0);
      });
    }

    it('a currency that does not exist', async () => {
      const { status, bodyHas } = probe.refusals.unknownCurrency;
      const { session } = play.stage;
      const wish = { reference: 'order-zzz', amountMinor: 5_000, card: 'approved', capture: 'automatic' } as const;
      const answer = await session.send(
        probe.createRequest(session, { ...wish, currency: 'ZZZ', idempotencyKey: play.key() }),
      );
      assert.equal(answer.status, status, answer.text);
      assert.ok(answer.text.includes(bodyHas), answer.text);
      assert.equal(play.stage.booked('payment').length, 0);
    });

    it('a route that is not simulated is visible to who watches', async () => {
      await play.stage.session.send(probe.notSimulated(play.stage.session).request);
      const seen = play.stage.bench
        .events('exchange', 'recv')
        .map(({ value }) => (value as { operation: string }).operation);
      assert.deepEqual(seen, ['unsupported']);
    });
  });

  describe('webhooks', () => {
    it('are signed so that the merchant can check them, carry an id, and are of a declared type', async () => {
      await play.stage.pay('approved');
      await play.settle();
      const [delivery] = play.stage.bench.merchant.received;
      assert.ok(delivery);
      assert.equal(await probe.verifyWebhook(delivery, play.stage.session), true);
      const event = probe.eventOf(delivery);
      assert.ok(event.id.length > 0);
      assert.ok(event.type in dialect.eventTypes, `${event.type} is not declared in eventTypes`);
      if (!probe.webhooksSigned) return;
      const tampered = { ...delivery, body: delivery.body.replace(/5000|50\.00/, (text) => text.replace('5', '9')) };
      assert.notEqual(tampered.body, delivery.body, 'the event names no amount');
      assert.equal(await probe.verifyWebhook(tampered, play.stage.session), false);
    });

    it("come again on the PSP's schedule until they are acknowledged, then never", async () => {
      play.stage.bench.merchant.status = 500;
      await play.stage.pay('approved');
      // Shorter than the shortest pause before a second try.
      await play.stage.bench.pass(1_000);
      const [pauseMs] = dialect.profile.retryScheduleMs;
      assert.ok(pauseMs !== undefined);
      const first = play.stage.bench.merchant.received.length;
      await play.stage.bench.pass(pauseMs);
      assert.ok(play.stage.bench.merchant.received.length > first, 'no second try');
      const again = play.stage.bench.merchant.received.at(-1);
      assert.ok(again);
      assert.equal(await probe.verifyWebhook(again, play.stage.session), true, 'the second try is signed, too');
      play.stage.bench.merchant.status = 200;
      await play.stage.bench.pass(DAY_MS);
      const acknowledged = play.stage.bench.merchant.received.length;
      await play.stage.bench.pass(3 * DAY_MS);
      assert.equal(play.stage.bench.merchant.received.length, acknowledged);
    });

    it('end as dead letters when nobody ever acknowledges them', async () => {
      play.stage.bench.merchant.status = 500;
      await play.stage.pay('approved');
      const wholeMs = dialect.profile.retryScheduleMs.reduce((sum, pauseMs) => sum + pauseMs, 0);
      await play.stage.bench.pass(wholeMs * 2 + DAY_MS);
      assert.ok(play.stage.bench.events('dead-letter').length > 0);
    });
  });
}
