/** Goal: never more than the limit in any window. Method: properties against a naive count, and acme's own answers. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { acmeClient, openBench } from '../test/bench.ts';
import { RateLimiter } from './rate-limiter.ts';

describe('the rate limit of an account', () => {
  it('lets through as many as it says in any window, and no fewer', () => {
    const limits = fc.record({ requests: fc.integer({ min: 1, max: 5 }), windowMs: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(limits, fc.array(fc.nat(20), { maxLength: 60 }), (limit, pauses) => {
        let nowMs = 0;
        const limiter = new RateLimiter({ now: () => nowMs });
        const passed: number[] = [];
        for (const pause of pauses) {
          nowMs += pause;
          const within = passed.filter((atMs) => atMs > nowMs - limit.windowMs).length;
          const state = limiter.take(limit);
          assert.equal(state.exceeded, within >= limit.requests);
          if (!state.exceeded) passed.push(nowMs);
          assert.equal(state.remaining, limit.requests - within - (state.exceeded ? 0 : 1));
          assert.ok(state.resetMs >= 0 && state.resetMs <= limit.windowMs);
        }
      }),
    );
  });

  it('says when the next request is let through', () => {
    let nowMs = 0;
    const limiter = new RateLimiter({ now: () => nowMs });
    const limit = { requests: 2, windowMs: 1_000 };
    limiter.take(limit);
    nowMs = 400;
    limiter.take(limit);
    nowMs = 700;
    assert.deepEqual(limiter.take(limit), { limit, remaining: 0, resetMs: 300, exceeded: true });
    nowMs = 1_000;
    assert.equal(limiter.take(limit).exceeded, false);
  });

  it('is off without a word in the profile, and refuses in the words of the PSP with one', async () => {
    const off = await openBench();
    const free = acmeClient(off);
    for (let n = 0; n < 30; n += 1) assert.equal((await free.pay(`order-${n}`)).status, 201);
    await off.close();

    const bench = await openBench({
      psps: [{ name: 'acme', dialect: 'acme', profile: { rateLimit: { requests: 2, windowMs: 60_000 } } }],
    });
    const acme = acmeClient(bench);
    const first = await acme.pay('order-1', {}, { key: 'k' });
    await acme.pay('order-2');
    const refused = await acme.pay('order-1', {}, { key: 'k' });
    assert.deepEqual([first.status, refused.status], [201, 429]);
    assert.deepEqual(
      [
        first.headers['x-ratelimit-remaining'],
        refused.headers['x-ratelimit-remaining'],
        refused.headers['retry-after'],
      ],
      ['1', '0', '60'],
    );
    await bench.pass(61_000);
    // The refusal did not reach the keys: the first answer is still the key's.
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).headers['idempotent-replayed'], 'true');
    const books = (await bench.control('GET', '/psps/acme/books')).json['payments'] as unknown[];
    assert.equal(books.length, 2);
    await bench.close();
  });
});
