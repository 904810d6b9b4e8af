/** What planned faults do to answers of API calls: delays, nonsense, refusals, and what the books say meanwhile. */
import assert from 'node:assert/strict';
import { acmeClient, failure, HOUR_MS, MINUTE_MS, openBench } from '../../test/bench.ts';
import type { Bench } from '../../test/bench.ts';

describe('faults of answers', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  async function booked(): Promise<{ reference: string; state: string }[]> {
    const books = await bench.control('GET', '/psps/acme/books');
    return books.json['payments'] as { reference: string; state: string }[];
  }

  async function took(work: () => Promise<unknown>): Promise<number> {
    const before = bench.clock.now();
    await work();
    return bench.clock.now() - before;
  }

  /** One payment by hand, so that an answer that is no JSON can be looked at. */
  async function payRaw(reference: string, key = reference) {
    const { url, credentials } = bench.psp();
    return bench.exchange(`${url}/payments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${credentials['apiKey']}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body: JSON.stringify({ amount: '50.00', currency: 'EUR', reference, method: 'card' }),
    });
  }

  it('latency-ramp: each call is slower than the one before, up to the end of the ramp', async () => {
    await bench.plan({ fault: 'latency-ramp', to: 10 * MINUTE_MS, with: { startMs: 1_000, endMs: 11_000 } });
    const acme = acmeClient(bench);
    const delays: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      delays.push(await took(() => acme.pay(`order-${n}`)));
      await bench.pass(3 * MINUTE_MS);
    }
    assert.ok(delays[0] !== undefined && delays[0] >= 1_000 && delays[0] < 1_500, String(delays));
    assert.ok((delays[1] ?? 0) > 3_900 && (delays[1] ?? 0) < 4_500, String(delays));
    assert.ok((delays[2] ?? 0) > 7_000 && (delays[2] ?? 0) < 7_600, String(delays));
  });

  it('degradation: at first all is well, at the end the given share fails', async () => {
    await bench.plan({ fault: 'degradation', to: HOUR_MS, with: { failing: 1, slowestMs: 5_000 } });
    const acme = acmeClient(bench);
    const early = await acme.pay('early');
    assert.equal(early.status, 201);
    await bench.pass(HOUR_MS - 10_000);
    const late = await Promise.resolve(acme.pay('late'));
    assert.equal(late.status, 503);
    await bench.pass(MINUTE_MS);
    assert.equal((await acme.pay('after')).status, 201);
  });

  it('brown-out: a share fails, the rest is slow, and the same payments whatever the order', async () => {
    await bench.plan({ fault: 'brown-out', with: { failing: 0.5, fixedMs: 3_000 } });
    const acme = acmeClient(bench);
    const outcomes = new Map<number, number>();
    for (let n = 0; n < 20; n += 1) {
      const delay = await took(async () => {
        const { status } = await acme.pay(`order-${n}`);
        outcomes.set(status, (outcomes.get(status) ?? 0) + 1);
        if (status === 503) return;
        assert.equal(status, 201);
      });
      assert.ok(delay < 3_500);
    }
    assert.ok((outcomes.get(503) ?? 0) > 4 && (outcomes.get(201) ?? 0) > 4, JSON.stringify([...outcomes]));
  });

  it('error-mix: different statuses, all before the books change', async () => {
    await bench.plan({ fault: 'error-mix', with: { statuses: [500, 503, 429, 400] } });
    const acme = acmeClient(bench);
    const statuses = new Set<number>();
    for (let n = 0; n < 20; n += 1) statuses.add((await acme.pay(`order-${n}`)).status);
    assert.deepEqual([...statuses].sort(), [400, 429, 500, 503]);
    assert.equal((await booked()).length, 0);
  });

  it('rate-limit-storm: everything is refused while it lasts, nothing between two storms', async () => {
    await bench.plan({ fault: 'rate-limit-storm', with: { everyMs: 60_000, lastsMs: 20_000, retryAfterS: 9 } });
    const acme = acmeClient(bench);
    const refused = await acme.pay('order-1');
    assert.deepEqual([refused.status, refused.headers['retry-after']], [429, '9']);
    await bench.pass(30_000);
    assert.equal((await acme.pay('order-2')).status, 201);
    await bench.pass(35_000);
    assert.equal((await acme.pay('order-3')).status, 429);
    const listed = (await bench.control('GET', '/faults')).json as unknown as { hits: number }[];
    assert.deepEqual(
      listed.map(({ hits }) => hits),
      [2],
    );
  });

  it('maintenance-page: a web page where an API answer belongs', async () => {
    await bench.plan({ fault: 'maintenance-page', with: { status: 200 } });
    const answer = await payRaw('order-1');
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers['content-type']), /^text\/html/);
    assert.match(answer.body.toString(), /^<!doctype html>/);
    assert.equal((await booked()).length, 0);
  });

  it('api-key-expired: the right key is refused as a wrong one is', async () => {
    await bench.plan({ fault: 'api-key-expired', count: 1 });
    const acme = acmeClient(bench);
    assert.equal((await acme.pay('order-1')).status, 401);
    assert.equal((await acme.pay('order-1')).status, 201);
  });

  it('processed-twice: one request, one answer, two payments of one reference in the books', async () => {
    await bench.plan({ fault: 'processed-twice', operation: 'create-payment', nth: 2 });
    const acme = acmeClient(bench);
    await acme.pay('once');
    assert.equal((await acme.pay('twice', {}, { key: 'k' })).status, 201);
    assert.deepEqual(
      (await booked()).map(({ reference }) => reference),
      ['once', 'twice', 'twice'],
    );
    assert.equal((await acme.pay('twice', {}, { key: 'k' })).headers['idempotent-replayed'], 'true');
    assert.equal((await booked()).length, 3);
    await bench.rest();
    assert.equal(bench.merchant.received.length, 3);
  });

  for (const as of ['half', 'empty', 'garbage', 'empty-object'] as const) {
    it(`malformed-body (${as}): whole on the wire, no use to anybody, and the money moved`, async () => {
      await bench.plan({ fault: 'malformed-body', with: { as }, count: 1 });
      const answer = await payRaw('order-1');
      assert.equal(answer.status, 201);
      if (as === 'empty-object') assert.equal(answer.body.toString(), '{}');
      else assert.throws(() => JSON.parse(answer.body.toString()) as unknown);
      assert.equal((await booked()).length, 1);
      // The key kept the true answer.
      assert.equal(
        (JSON.parse((await payRaw('order-1')).body.toString()) as { reference: string }).reference,
        'order-1',
      );
    });
  }

  it('wrong-content-type: the right body under the wrong label', async () => {
    await bench.plan({ fault: 'wrong-content-type', with: { contentType: 'text/plain' } });
    const answer = await payRaw('order-1');
    assert.equal(answer.headers['content-type'], 'text/plain');
    assert.equal((JSON.parse(answer.body.toString()) as { reference: string }).reference, 'order-1');
  });

  it('slow-drip: the books change at once, the answer is whole only at the end', async () => {
    await bench.plan({ fault: 'slow-drip', with: { overMs: 20_000 } });
    const acme = acmeClient(bench);
    const delay = await took(async () => assert.equal((await acme.pay('order-1')).status, 201));
    assert.ok(delay >= 20_000 && delay < 21_000, `${delay} ms`);
    assert.equal(bench.events('exchange', 'send').length, 1);
  });

  it('slow-drip: a client that limits the whole answer gives up, and has paid', async () => {
    await bench.plan({ fault: 'slow-drip', with: { overMs: 20_000 } });
    const error = await failure(acmeClient(bench).pay('order-1', {}, { timeoutMs: 10_000 }));
    assert.equal(error.kind, 'timeout');
    assert.equal((await booked()).length, 1);
    await bench.rest();
    assert.deepEqual(
      bench.events('exchange', 'drop').map((event) => (event.value as { outcome: string }).outcome),
      ['lost'],
    );
  });

  it('stale-status: a query says what it said before, until its answer is old enough', async () => {
    await bench.plan({ fault: 'stale-status', with: { lagMs: 60_000 } });
    const acme = acmeClient(bench);
    const { json } = await acme.pay('order-1', { capture: false });
    const path = `/payments/${String(json['payment_id'])}`;
    const status = async (): Promise<unknown> => (await acme.get(path)).json['status'];
    assert.equal(await status(), 'authorized');
    await acme.post(`${path}/capture`, {});
    assert.equal(await status(), 'authorized');
    await bench.pass(MINUTE_MS);
    assert.equal(await status(), 'captured');
  });

  it('status-not-found: what exists is not found, however old it is', async () => {
    await bench.plan({ fault: 'status-not-found' });
    const acme = acmeClient(bench);
    const { json } = await acme.pay('order-1');
    await bench.pass(HOUR_MS);
    assert.equal((await acme.get(`/payments/${String(json['payment_id'])}`)).status, 404);
    assert.deepEqual(await acme.payment('order-1'), []);
  });

  it('key-expiry: the same key pays again although its life is not over', async () => {
    await bench.plan({ fault: 'key-expiry', with: { lifeMs: 60_000 } });
    const acme = acmeClient(bench);
    await acme.pay('order-1', {}, { key: 'k' });
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).headers['idempotent-replayed'], 'true');
    await bench.pass(MINUTE_MS);
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).headers['idempotent-replayed'], undefined);
    assert.equal((await booked()).length, 2);
  });

  it('clock-skew: Date headers and signature times are off by what was declared', async () => {
    await bench.plan({ fault: 'clock-skew', with: { behindMs: 10 * MINUTE_MS } });
    const before = bench.clock.now();
    const answer = await acmeClient(bench).pay('order-1');
    const dateMs = Date.parse(answer.headers['date'] ?? '');
    assert.ok(Math.abs(before - dateMs - 10 * MINUTE_MS) < 2_000, answer.headers['date']);
    await bench.rest();
    const [webhook] = bench.merchant.received;
    const age = (webhook?.atMs ?? 0) / 1_000 - Number(webhook?.headers['x-timestamp']);
    assert.ok(age >= 600 && age < 602, `${age} s`);
  });
});
