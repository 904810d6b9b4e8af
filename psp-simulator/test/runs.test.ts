/**
 * Goal: runs side by side never see each other, and each has its own time. Method: the same
 * references and keys in two runs, by random walks in virtual time and all at once over sockets.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type * as Api from '../../openapi/generated/simulator-control.ts';
import { HOUR_MS, openBench } from './bench.ts';
import type { Bench } from './bench.ts';
import { openTcpBench } from './tcp-bench.ts';
import type { TcpBench } from './tcp-bench.ts';

const DAY_MS = 24 * HOUR_MS;

describe('two runs side by side', () => {
  const RUNS = ['red', 'blue'] as const;
  type RunId = (typeof RUNS)[number];

  /** What somebody can do to a run, with few references and keys, so that they meet. */
  const step = fc.record({
    run: fc.constantFrom(...RUNS),
    what: fc.constantFrom(
      'pay',
      'challenge',
      'approve',
      'refund',
      'fault',
      'heal',
      'trigger',
      'dispute',
      'settle',
      'reset',
    ),
    order: fc.constantFrom('order-1', 'order-2'),
    key: fc.constantFrom('key-1', 'key-2', 'key-3'),
  });
  type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

  async function act(
    bench: Bench,
    urls: Readonly<Record<RunId, string>>,
    { run, what, order, key }: Step,
  ): Promise<void> {
    const control = (method: string, path: string, body?: unknown) =>
      bench.control(method, `/runs/${run}${path}`, body);
    const post = (path: string, body: unknown) =>
      bench.exchange(`${urls[run]}${path}`, {
        method: 'POST',
        headers: { authorization: 'Bearer sk_acme_acme', 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      });
    const money = { amount: '50.00', currency: 'EUR', reference: order, method: 'card' };
    const books = async (): Promise<Api.Books> =>
      (await control('GET', `/psps/acme/books?reference=${order}`)).json as unknown as Api.Books;
    if (what === 'pay') await post('/payments', money);
    if (what === 'challenge') await post('/payments', { ...money, token: 'tok_3ds', return_url: 'http://shop/' });
    if (what === 'approve') {
      const open = (await control('GET', '/challenges?state=open')).json as unknown as Api.Challenge[];
      if (open[0] !== undefined) await control('POST', `/challenges/${open[0].id}`, { action: 'approve' });
    }
    if (what === 'refund') {
      const id = (await books()).payments[0]?.psp_reference;
      if (id !== undefined) await post(`/payments/${id}/refunds`, { amount: '1.00', reference: order });
    }
    if (what === 'fault') await control('POST', '/faults', { fault: 'error', count: 1, operation: 'create-payment' });
    if (what === 'heal') await control('DELETE', '/faults');
    if (what === 'trigger')
      await control('POST', '/psps/acme/trigger', { event: 'payment.captured', reference: `${order}-t` });
    if (what === 'dispute') await control('POST', '/disputes/acme', { payment: order });
    if (what === 'settle') await control('POST', '/psps/acme/settlements', {});
    if (what === 'reset') await control('POST', '/reset');
  }

  const VISIBLE = [
    '/psps/acme/books',
    '/exchanges',
    '/deliveries',
    '/deliveries/waiting',
    '/dead-letters',
    '/faults',
    '/challenges',
    '/disputes',
    '/psps/acme/settlements',
    '/psps/acme/settlements/open',
    '/psps',
  ];

  async function seen(bench: Bench, run: string): Promise<string> {
    const parts = [];
    for (const path of VISIBLE) parts.push((await bench.control('GET', `/runs/${run}${path}`)).json);
    const history = await bench.exchange(`${bench.simulator.control.url}/v1/runs/${run}/export/history`);
    return JSON.stringify([parts, history.body.toString()]);
  }

  it('shows nothing of one in the other, whatever is done', async () => {
    const walk = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
      const bench = await openBench();
      try {
        const urls = { red: '', blue: '' };
        for (const run of RUNS) {
          const opened = await bench.control('POST', '/runs', { run_id: run, seed: 'same' });
          urls[run] = (opened.json['psps'] as Api.Psp[])[0]?.url ?? '';
        }
        for (const taken of steps) {
          // At rest, so that whatever changes now is the doing of this step.
          await bench.pass(HOUR_MS);
          const others = ['default', ...RUNS].filter((run) => run !== taken.run);
          const before: string[] = [];
          for (const run of others) before.push(await seen(bench, run));
          await act(bench, urls, taken);
          for (const [index, run] of others.entries())
            assert.equal(await seen(bench, run), before[index], `${taken.what} in ${taken.run} was seen in ${run}`);
        }
      } finally {
        await bench.close();
      }
    });
    await fc.assert(walk, { numRuns: 15 });
  });

  it('forgets a run when it ends, and takes nothing of it into the next of that name', async () => {
    const bench = await openBench();
    const open = () => bench.control('POST', '/runs', { run_id: 'ci' });
    const urls = { red: '', blue: '' };
    urls.red = ((await open()).json['psps'] as Api.Psp[])[0]?.url ?? '';
    await bench.control('POST', '/runs/ci/psps/acme/trigger', { event: 'payment.captured', reference: 'order-1' });
    assert.equal((await bench.control('DELETE', '/runs/ci')).status, 204);
    assert.equal((await open()).status, 201);
    const books = (await bench.control('GET', '/runs/ci/psps/acme/books')).json as unknown as Api.Books;
    assert.deepEqual(books.payments, []);
    await bench.close();
  });

  it('ends a run that nobody uses, not one in use', async () => {
    const bench = await openBench();
    for (const run of ['used', 'idle']) await bench.control('POST', '/runs', { run_id: run, idle: '10 minutes' });
    for (let minute = 0; minute < 30; minute += 5) {
      await bench.control('GET', '/runs/used/psps');
      await bench.pass(5 * 60_000);
    }
    const { json } = await bench.control('GET', '/runs');
    assert.deepEqual(
      (json as unknown as Api.Run[]).map(({ run_id: id }) => id),
      ['default', 'used'],
    );
    await bench.rest();
    assert.equal((await bench.control('GET', '/runs/used')).status, 404);
    await bench.close();
  });
});

describe('runs over sockets', () => {
  let bench: TcpBench;
  beforeEach(async () => {
    bench = await openTcpBench();
  });
  afterEach(() => bench.close());

  it('take the same references and keys at the same time, each its own', async () => {
    const runs = ['a', 'b', 'c'];
    const PAYMENTS = 40;
    for (const run of runs)
      await bench.ok('POST', '/v1/runs', {
        run_id: run,
        webhook_url: `${bench.merchantUrl}/{run}/{psp}`,
        psps: [bench.acme],
      });
    await Promise.all(
      runs.flatMap((run) =>
        Array.from({ length: PAYMENTS }, (_, index) =>
          bench.payIn(run, { key: `key-${index}`, reference: `order-${index}` }),
        ),
      ),
    );
    await bench.until(() => bench.received.length === runs.length * PAYMENTS);
    const ids = new Set<string>();
    for (const run of runs) {
      const books = await bench.ok<Api.Books>('GET', `/v1/runs/${run}/psps/acme/books`);
      const own = new Set(books.payments.map((payment) => payment.psp_reference));
      assert.equal(own.size, PAYMENTS);
      for (const id of own) ids.add(id);
      const exchanges = await bench.ok<Api.Exchange[]>('GET', `/v1/runs/${run}/exchanges`);
      assert.ok(exchanges.every(({ replayed, status }) => !replayed && status === 201));
      const heard = bench.received.filter(({ path }) => path === `/${run}/acme`).map(({ body }) => body['payment_id']);
      assert.deepEqual(new Set(heard), own);
    }
    assert.equal(ids.size, runs.length * PAYMENTS);
  });

  it('let a manual clock pass days, with every delivery done in order when it answers', async () => {
    await bench.ok('POST', '/v1/runs', {
      run_id: 'slow',
      clock: { kind: 'manual' },
      webhook_url: `${bench.merchantUrl}/{run}/{psp}`,
      psps: [bench.acme],
    });
    bench.status = 500;
    await bench.payIn('slow', { key: 'k', reference: 'order-1' });
    const before = await bench.ok<Api.Clock>('GET', '/v1/runs/slow/clock');
    const moved = await bench.ok<Api.Clock & { deliveries: number }>('POST', '/v1/runs/slow/clock/advance', {
      by: 'P3D',
    });
    assert.deepEqual([moved.kind, moved.now - before.now], ['manual', 3 * DAY_MS]);
    const deliveries = await bench.ok<Api.Delivery[]>('GET', '/v1/runs/slow/deliveries');
    assert.equal(moved.deliveries, 12);
    assert.deepEqual(
      deliveries.map(({ attempt, outcome }) => [attempt, outcome]),
      Array.from({ length: 12 }, (_, index) => [index + 1, 'refused']),
    );
    assert.equal(bench.received.length, 12);
    const times = deliveries.map(({ at }) => Date.parse(at));
    assert.deepEqual(
      times,
      [...times].sort((a, b) => a - b),
    );
    assert.equal((await bench.ok<unknown[]>('GET', '/v1/runs/slow/dead-letters')).length, 1);
  });

  it('move a manual clock one step at a time when several ask', async () => {
    await bench.ok('POST', '/v1/runs', { run_id: 'm', clock: { kind: 'manual' }, psps: [bench.acme] });
    const before = await bench.ok<Api.Clock>('GET', '/v1/runs/m/clock');
    const moves = Array.from({ length: 5 }, () => bench.ok('POST', '/v1/runs/m/clock/advance', { by: '1 h' }));
    await Promise.all(moves);
    const after = await bench.ok<Api.Clock>('GET', '/v1/runs/m/clock');
    assert.equal(after.now - before.now, 5 * HOUR_MS);
  });

  it('run on a scaled clock, and say so', async () => {
    const run = await bench.ok<Api.Run>('POST', '/v1/runs', { clock: { kind: 'scaled', factor: 1_000 } });
    assert.deepEqual([run.run_id, run.clock.kind], ['run-1', 'scaled']);
  });

  it('are refused beyond the limit, and when a port is taken', async () => {
    for (const run of ['a', 'b', 'c']) await bench.ok('POST', '/v1/runs', { run_id: run, psps: [bench.acme] });
    const refused = await bench.ask('POST', '/v1/runs', { run_id: 'd' });
    assert.equal(refused.status, 409);
    assert.match(refused.text, /3 runs are open, and there may be no more/);
    await bench.ask('DELETE', '/v1/runs/a');
    const port = Number(new URL(bench.simulator.psps[0]?.url ?? '').port);
    const taken = await bench.ask('POST', '/v1/runs', { run_id: 'd', psps: [{ ...bench.acme, port }] });
    assert.deepEqual([taken.status, /is in use/.test(taken.text)], [409, true]);
    await bench.ok('POST', '/v1/runs', { run_id: 'd', psps: [bench.acme] });
  });
});
