/** What planned faults do to API calls: the client's view beside the books. */
import assert from 'node:assert/strict';
import { acmeClient, failure, MINUTE_MS, openBench } from './bench.ts';
import type { Bench } from './bench.ts';

describe('faults of API calls', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  async function bookedPayments(): Promise<number> {
    const books = await bench.control('GET', '/psps/acme/books');
    return (books.json['payments'] as unknown[]).length;
  }

  async function hits(): Promise<number[]> {
    const listed = (await bench.control('GET', '/faults')).json as unknown as { hits: number }[];
    return listed.map((fault) => fault.hits);
  }

  it('answer-lost: the money moved, the client sees a reset, the same key then replays the answer', async () => {
    await bench.plan({ fault: 'answer-lost', operation: 'create-payment', count: 1 });
    const acme = acmeClient(bench);
    const error = await failure(acme.pay('order-1', {}, { key: 'k' }));
    assert.equal(error.kind, 'reset');
    assert.equal(error.requestMayHaveArrived, true);
    assert.equal(await bookedPayments(), 1);
    const again = await acme.pay('order-1', {}, { key: 'k' });
    assert.equal(again.status, 201);
    assert.equal(again.headers['idempotent-replayed'], 'true');
    assert.equal(await bookedPayments(), 1);
    assert.deepEqual(await hits(), [1]);
    assert.deepEqual(
      bench.events('exchange', 'drop').map((event) => (event.value as { outcome: string }).outcome),
      ['lost'],
    );
  });

  it('reset-before-commit: the client sees the same, and nothing happened', async () => {
    await bench.plan({ fault: 'reset-before-commit', count: 1 });
    const acme = acmeClient(bench);
    assert.equal((await failure(acme.pay('order-1', {}, { key: 'k' }))).kind, 'reset');
    assert.equal(await bookedPayments(), 0);
    const again = await acme.pay('order-1', {}, { key: 'k' });
    assert.equal(again.headers['idempotent-replayed'], undefined);
    assert.equal(await bookedPayments(), 1);
  });

  it('hang: the client times out after it has paid, and a retry of the key is a replay', async () => {
    await bench.plan({ fault: 'hang', count: 1 });
    const acme = acmeClient(bench);
    assert.equal((await failure(acme.pay('order-1', {}, { key: 'k', timeoutMs: 10_000 }))).kind, 'timeout');
    assert.equal(await bookedPayments(), 1);
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).headers['idempotent-replayed'], 'true');
    assert.deepEqual(
      bench.events('exchange', 'drop').map((event) => (event.value as { outcome: string }).outcome),
      ['hung'],
    );
  });

  it('hang-before-commit: the client times out and nothing happened', async () => {
    await bench.plan({ fault: 'hang-before-commit', count: 1 });
    const acme = acmeClient(bench);
    assert.equal((await failure(acme.pay('order-1', {}, { timeoutMs: 10_000 }))).kind, 'timeout');
    assert.equal(await bookedPayments(), 0);
  });

  it('truncated: the books change, half of the answer comes', async () => {
    await bench.plan({ fault: 'truncated', count: 1 });
    assert.equal((await failure(acmeClient(bench).pay('order-1'))).kind, 'truncated');
    assert.equal(await bookedPayments(), 1);
  });

  it("error: a status in the PSP's format before the books change, and the key is free again", async () => {
    await bench.plan({ fault: 'error', with: { status: 502 }, count: 1 });
    const acme = acmeClient(bench);
    const answer = await acme.pay('order-1', {}, { key: 'k' });
    assert.equal(answer.status, 502);
    assert.equal(answer.json['code'], 'internal');
    assert.equal(await bookedPayments(), 0);
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).status, 201);
  });

  it('error-after-commit: an error status although the money moved; the key still gives the real answer', async () => {
    await bench.plan({ fault: 'error-after-commit', count: 1 });
    const acme = acmeClient(bench);
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).status, 500);
    assert.equal(await bookedPayments(), 1);
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).status, 201);
    assert.equal(await bookedPayments(), 1);
  });

  it('error-after-commit remembered: the key keeps the 500 for its whole life', async () => {
    await bench.plan({ fault: 'error-after-commit', with: { remembered: true }, count: 1 });
    const acme = acmeClient(bench);
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).status, 500);
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).status, 500);
    assert.equal(await bookedPayments(), 1);
  });

  it('rate-limited: 429 with Retry-After', async () => {
    await bench.plan({ fault: 'rate-limited', with: { retryAfterS: 7 }, count: 1 });
    const answer = await acmeClient(bench).pay('order-1');
    assert.equal(answer.status, 429);
    assert.equal(answer.headers['retry-after'], '7');
    assert.equal(await bookedPayments(), 0);
  });

  it('latency: a client that gives up has not paid yet', async () => {
    await bench.plan({ fault: 'latency', with: { fixedMs: 20_000 }, count: 1 });
    assert.equal((await failure(acmeClient(bench).pay('order-1', {}, { timeoutMs: 10_000 }))).kind, 'timeout');
    assert.equal(await bookedPayments(), 0);
  });

  it('slow-answer: just as slow for the client, and it has paid', async () => {
    await bench.plan({ fault: 'slow-answer', with: { fixedMs: 20_000 }, operation: 'create-payment' });
    assert.equal((await failure(acmeClient(bench).pay('order-1', {}, { timeoutMs: 10_000 }))).kind, 'timeout');
    assert.equal(await bookedPayments(), 1);
  });

  it("outage 503: every call is refused in the PSP's format while the window is open", async () => {
    await bench.plan({ fault: 'outage', from: 0, to: MINUTE_MS });
    const acme = acmeClient(bench);
    const answer = await acme.pay('order-1');
    assert.equal(answer.status, 503);
    assert.equal(answer.json['code'], 'unavailable');
    await bench.pass(MINUTE_MS);
    assert.equal((await acme.pay('order-1')).status, 201);
    const phases = bench.events('outage').map((event) => (event.value as { phase?: string }).phase ?? 'hit');
    assert.deepEqual(phases, ['begin', 'hit', 'end']);
  });

  it('outage refused: nobody listens during the window, the same address works after it', async () => {
    await bench.plan({ fault: 'outage', with: { as: 'refused' }, psp: 'acme', from: 1_000, to: MINUTE_MS });
    const acme = acmeClient(bench);
    await bench.pass(2_000);
    const error = await failure(acme.pay('order-1'));
    assert.equal(error.kind, 'refused');
    assert.equal(error.requestMayHaveArrived, false);
    await bench.pass(MINUTE_MS);
    assert.equal((await acme.pay('order-1')).status, 201);
  });

  it('outage refused: healing opens the door at once', async () => {
    await bench.plan({ id: 'down', fault: 'outage', with: { as: 'refused' } });
    const acme = acmeClient(bench);
    assert.equal((await failure(acme.pay('order-1'))).kind, 'refused');
    assert.equal((await bench.control('DELETE', '/faults/down')).status, 204);
    assert.equal((await acme.pay('order-1')).status, 201);
  });

  it('lagging-status: a payment is not found until it has its age', async () => {
    await bench.plan({ fault: 'lagging-status', with: { lagMs: 30_000 } });
    const acme = acmeClient(bench);
    const { json } = await acme.pay('order-1');
    assert.deepEqual(await acme.payment('order-1'), []);
    assert.equal((await acme.get(`/payments/${String(json['payment_id'])}`)).status, 404);
    await bench.pass(31_000);
    assert.equal((await acme.payment('order-1')).length, 1);
  });

  it('chance: the same references are struck however many others there are', async () => {
    const struck = async (references: string[]): Promise<string[]> => {
      const own = await openBench();
      await own.plan({ fault: 'error', chance: 0.5 });
      const acme = acmeClient(own);
      const failed: string[] = [];
      for (const reference of references) if ((await acme.pay(reference)).status === 500) failed.push(reference);
      await own.close();
      return failed;
    };
    const all = Array.from({ length: 20 }, (_, index) => `order-${index}`);
    const failedOfAll = await struck(all);
    assert.ok(failedOfAll.length > 2 && failedOfAll.length < 18, `struck ${failedOfAll.length} of 20`);
    const odd = all.filter((_, index) => index % 2 === 1);
    assert.deepEqual(
      await struck(odd),
      failedOfAll.filter((reference) => odd.includes(reference)),
    );
  });

  it('nth: only the third matching call is struck', async () => {
    await bench.plan({ fault: 'error', operation: 'create-payment', nth: 3 });
    const acme = acmeClient(bench);
    const statuses: number[] = [];
    for (let n = 1; n <= 4; n += 1) statuses.push((await acme.pay(`order-${n}`)).status);
    assert.deepEqual(statuses, [201, 201, 500, 201]);
  });

  it('an answer that comes after the client gave up is a loss, never a send', async () => {
    await bench.plan({ fault: 'slow-answer', with: { fixedMs: 20_000 } });
    await failure(acmeClient(bench).pay('order-1', {}, { timeoutMs: 10_000 }));
    await bench.rest();
    assert.equal(bench.events('exchange', 'send').length, 0);
    assert.deepEqual(
      bench.events('exchange', 'drop').map((event) => (event.value as { outcome: string }).outcome),
      ['lost'],
    );
  });

  it('outage refused: the door stays shut until the last of two outages ends', async () => {
    const refused = { fault: 'outage', with: { as: 'refused' } };
    await bench.plan({ ...refused, to: MINUTE_MS }, { ...refused, psp: 'acme', from: 30_000, to: 2 * MINUTE_MS });
    const acme = acmeClient(bench);
    await bench.pass(MINUTE_MS + 1_000);
    assert.equal((await failure(acme.pay('order-1'))).kind, 'refused');
    await bench.pass(MINUTE_MS);
    assert.equal((await acme.pay('order-1')).status, 201);
  });

  it('a closed simulator writes nothing more into the history', async () => {
    await bench.plan({ fault: 'hang' });
    const acme = acmeClient(bench);
    const paying = failure(acme.pay('order-1', {}, { timeoutMs: 10_000 }));
    await paying;
    await bench.simulator.close();
    const before = bench.history.events().length;
    await bench.rest();
    assert.equal(bench.history.events().length, before);
  });
});
