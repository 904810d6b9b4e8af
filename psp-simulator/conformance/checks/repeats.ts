/** Repeated requests and too many of them: keys and rate limits. */
import assert from 'node:assert/strict';
import type { PayWish } from '../probe.ts';
import type { Play } from '../play.ts';

export function repeatChecks(play: Play): void {
  const { dialect, probe } = play;

  describe('repeated requests', () => {
    const { idempotency } = dialect;
    const wish = (more: Partial<PayWish> = {}): PayWish => ({
      reference: 'order-1',
      amountMinor: 5_000,
      currency: probe.currency,
      card: 'approved',
      capture: 'automatic',
      idempotencyKey: 'one-key',
      ...more,
    });

    it('makes one payment of the same request under the same key', async () => {
      const request = probe.createRequest(play.stage.session, wish());
      const first = await play.stage.session.send(request);
      const second = await play.stage.session.send(request);
      assert.equal(play.stage.booked('payment').length, 1);
      // A PSP that shows the latest state may say by its status that it made nothing new.
      if (idempotency.refresh === undefined) assert.equal(second.status, first.status);
      else assert.ok(second.status < 300, second.text);
      for (const [name, value] of Object.entries(idempotency.replayHeaders))
        assert.equal(second.headers[name.toLowerCase()], value);
    });

    it('forgets a key when its life is over', async () => {
      const { keyLifeMs } = dialect.profile;
      await play.stage.session.send(probe.createRequest(play.stage.session, wish()));
      await play.stage.bench.pass(keyLifeMs - 60_000);
      await play.stage.session.send(probe.createRequest(play.stage.session, wish()));
      const before = play.stage.booked('payment').length;
      await play.stage.bench.pass(120_000);
      await play.stage.session.send(probe.createRequest(play.stage.session, wish()));
      assert.deepEqual([before, play.stage.booked('payment').length], [1, 2]);
    });

    const { otherBody, inFlight, rateLimited } = probe.refusals;
    it(otherBody === null ? 'replays the first answer to another body' : 'refuses another body', async () => {
      await play.stage.session.send(probe.createRequest(play.stage.session, wish()));
      const answer = await play.stage.session.send(
        probe.createRequest(play.stage.session, wish({ amountMinor: 5_100 })),
      );
      assert.equal(play.stage.booked('payment').length, 1);
      if (otherBody === null) return;
      assert.equal(answer.status, otherBody.status, answer.text);
      assert.ok(answer.text.includes(otherBody.bodyHas), answer.text);
    });

    if (inFlight !== null) {
      it('refuses a second request while the first is under way', async () => {
        await play.open({ latency: { kind: 'fixed', ms: 2_000 } });
        const request = probe.createRequest(play.stage.session, wish());
        const { bench } = play.stage;
        const url = `${play.stage.session.baseUrl}${request.path}`;
        const call = { method: request.method, url, headers: { ...request.headers }, timeoutMs: 30_000 };
        const sent = request.body === undefined ? call : { ...call, body: request.body };
        const answers = await bench.during(() => {
          const later = bench.clock.sleep(500, { label: 'second request' }).then(() => bench.network.request(sent));
          return Promise.all([bench.network.request(sent), later]);
        });
        assert.equal(answers[1].status, inFlight.status, answers[1].body.toString());
        assert.ok(answers[1].body.toString().includes(inFlight.bodyHas), answers[1].body.toString());
        assert.equal(play.stage.booked('payment').length, 1);
      });
    }

    it("limits the rate when the profile says so, in the PSP's own words", async () => {
      await play.open({ rateLimit: { requests: 2, windowMs: 60_000 } });
      const answers = [];
      for (let index = 0; index < 3; index += 1) {
        const request = probe.createRequest(
          play.stage.session,
          wish({ reference: `order-${index}`, idempotencyKey: `key-${index}` }),
        );
        answers.push(await play.stage.session.send(request));
      }
      const last = answers[2];
      assert.equal(last?.status, rateLimited.status, last?.text);
      assert.ok(last?.text.includes(rateLimited.bodyHas), last?.text);
      if (rateLimited.header !== undefined)
        assert.ok(last?.headers[rateLimited.header] !== undefined, rateLimited.header);
      await play.stage.bench.pass(61_000);
      const request = probe.createRequest(play.stage.session, wish({ reference: 'order-9', idempotencyKey: 'key-9' }));
      assert.ok((await play.stage.session.send(request)).status < 300);
    });
  });
}
