/** The control API: does what its document says, and answers exactly what its document says. */
import assert from 'node:assert/strict';
import { acmeClient, HOUR_MS, openBench } from './bench.ts';
import type { Answer, Bench } from './bench.ts';
import { openApiCheck } from './openapi-check.ts';

describe('the control API', () => {
  const check = openApiCheck('simulator-control.yaml');
  const covered = new Set<string>();
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  /** Calls, expects the status, and holds the answer against the document. */
  async function call(operation: string, path: string, status: number, body?: unknown): Promise<Answer['json']> {
    const [method = '', template = ''] = operation.split(' ');
    const answer = await bench.control(method, path, body);
    assert.equal(answer.status, status, JSON.stringify(answer.json));
    check.answer(method, template, status, answer.json);
    covered.add(operation);
    return answer.json;
  }
  const listOf = (json: Answer['json']): Record<string, unknown>[] => json as unknown as Record<string, unknown>[];

  it('lists PSPs and changes one', async () => {
    await call('GET /health', '/health', 200);
    const [psp] = listOf(await call('GET /psps', '/psps', 200));
    assert.equal(psp?.['url'], 'http://psp-acme');
    const changed = await call('PATCH /psps/{psp}', '/psps/acme', 200, {
      webhook_url: 'http://merchant/new',
      profile: { keyLifeMs: 5, latency: { kind: 'fixed', ms: 1 } },
    });
    assert.equal(changed['webhook_url'], 'http://merchant/new');
    assert.equal((changed['profile'] as { keyLifeMs: number }).keyLifeMs, 5);
    await call('PATCH /psps/{psp}', '/psps/nobody', 404, {});
    await call('PATCH /psps/{psp}', '/psps/acme', 422, { profile: { keyLife: 5 } });
    await call('PATCH /psps/{psp}', '/psps/acme', 422, { profile: { latency: { kind: 'nonsense' } } });
    await call('PATCH /psps/{psp}', '/psps/acme', 422, { webhook_url: 'merchant' });
  });

  it('keeps a plan of faults: replace, add, list with hits, heal', async () => {
    await call('GET /fault-kinds', '/fault-kinds', 200);
    await call('PUT /faults', '/faults', 200, {
      faults: [
        { fault: 'error', count: 1 },
        { id: 'mine', fault: 'hang', from: HOUR_MS },
      ],
    });
    await acmeClient(bench).pay('order-1');
    const added = await call('POST /faults', '/faults', 201, { fault: 'webhook-lost', from: 5, to: 10 });
    assert.equal(added['id'], 'f3');
    const faults = listOf(await call('GET /faults', '/faults', 200));
    assert.deepEqual(
      faults.map(({ id, hits, active }) => [id, hits, active]),
      [
        ['f1', 1, true],
        ['mine', 0, false],
        ['f3', 0, false],
      ],
    );
    await call('DELETE /faults/{id}', '/faults/mine', 204);
    await call('DELETE /faults/{id}', '/faults/mine', 404);
    await call('DELETE /faults', '/faults', 204);
    assert.deepEqual(listOf(await call('GET /faults', '/faults', 200)), []);
  });

  it('takes a plan whole or not at all', async () => {
    await call('PUT /faults', '/faults', 200, { faults: [{ fault: 'hang', from: HOUR_MS }] });
    const refused = await call('PUT /faults', '/faults', 422, { faults: [{ fault: 'error' }, { fault: 'gremlins' }] });
    assert.match(String(refused['message']), /unknown fault "gremlins"/);
    assert.deepEqual(
      listOf(await call('GET /faults', '/faults', 200)).map(({ fault }) => fault),
      ['hang'],
    );
    await call('POST /faults', '/faults', 422, { fault: 'hang', chance: 7 });
  });

  it('shows books, exchanges and deliveries, and replays a delivery in four ways', async () => {
    const acme = acmeClient(bench);
    const { json } = await acme.pay('order-1');
    await acme.post(`/payments/${String(json['payment_id'])}/refunds`, { amount: '5.00', reference: 'r1' });
    await acme.post('/payouts', { amount: '5.00', currency: 'EUR', reference: 'out-1' });
    await bench.rest();
    const books = await call('GET /psps/{psp}/books', '/psps/acme/books', 200);
    assert.deepEqual(
      ['payments', 'refunds', 'payouts'].map((kind) => (books[kind] as unknown[]).length),
      [1, 1, 1],
    );
    await call('GET /psps/{psp}/books', '/psps/nobody/books', 404);
    const exchanges = listOf(await call('GET /exchanges', '/exchanges?psp=acme', 200));
    assert.deepEqual(
      exchanges.map(({ operation, outcome }) => [operation, outcome]),
      [
        ['create-payment', 'answered'],
        ['refund', 'answered'],
        ['create-payout', 'answered'],
      ],
    );
    assert.equal(listOf(await call('GET /exchanges', `/exchanges?after=${exchanges[1]?.['seq']}`, 200)).length, 1);
    await call('GET /exchanges', '/exchanges?psp=nobody', 404);
    const deliveries = listOf(await call('GET /deliveries', '/deliveries', 200));
    assert.deepEqual(
      deliveries.map(({ outcome }) => outcome),
      ['acknowledged', 'acknowledged', 'acknowledged'],
    );
    await call('GET /deliveries', '/deliveries?psp=nobody', 404);
    const path = `/deliveries/${String(deliveries[0]?.['id'])}/replay`;
    await call('POST /deliveries/{id}/replay', path, 202, { mode: 'once' });
    await call('POST /deliveries/{id}/replay', path, 202, { mode: 'burst', count: 3 });
    await call('POST /deliveries/{id}/replay', path, 202, { mode: 'wrong-key' });
    await call('POST /deliveries/{id}/replay', path, 202, { mode: 'stale' });
    await bench.rest();
    const replayed = listOf(await call('GET /deliveries', '/deliveries?after=3', 200));
    assert.deepEqual(
      replayed.map(({ signature }) => signature),
      ['valid', 'valid', 'valid', 'valid', 'wrong-key', 'stale'],
    );
    assert.equal(new Set(replayed.map(({ event_id: id }) => id)).size, 1);
    await call('POST /deliveries/{id}/replay', path, 422, { mode: 'twice' });
    await call('POST /deliveries/{id}/replay', '/deliveries/none/replay', 404, { mode: 'once' });
  });

  it('sends events out of nothing', async () => {
    await call('POST /psps/{psp}/events', '/psps/acme/events', 404, { kind: 'forged' });
    await acmeClient(bench).pay('order-1', { token: 'tok_3ds', return_url: 'http://shop/' });
    await bench.pass(10_000);
    const before = bench.merchant.received.length;
    for (const kind of ['forged', 'stale', 'wrong-amount', 'contradictory', 'duplicate']) {
      await call('POST /psps/{psp}/events', '/psps/acme/events', 202, { kind, reference: 'order-1' });
    }
    await call('POST /psps/{psp}/events', '/psps/acme/events', 202, { kind: 'forged', signature: 'altered-body' });
    await call('POST /psps/{psp}/events', '/psps/acme/events', 422, { kind: 'nice' });
    await bench.pass(10_000);
    const events = bench.merchant.received
      .slice(before)
      .map(({ body }) => JSON.parse(body) as { status: string; amount: string });
    assert.deepEqual(
      events.map(({ status }) => status),
      ['captured', 'requires_action', 'requires_action', 'declined', 'requires_action', 'captured'],
    );
    assert.equal(events[2]?.amount, '500.00');
    const books = await call('GET /psps/{psp}/books', '/psps/acme/books', 200);
    assert.equal((books['payments'] as { state: string }[])[0]?.state, 'requires_action');
  });

  it('plays the cardholder once', async () => {
    await acmeClient(bench).pay('order-1', { token: 'tok_3ds', return_url: 'http://shop/' });
    const [challenge] = listOf(await call('GET /challenges', '/challenges?psp=acme&state=open', 200));
    const path = `/challenges/${String(challenge?.['id'])}`;
    await call('POST /challenges/{id}', path, 422, { action: 'dance' });
    const played = await call('POST /challenges/{id}', path, 200, { action: 'fail' });
    assert.match(String(played['return_to']), /^http:\/\/shop\/\?payment_id=apay_/);
    await call('POST /challenges/{id}', path, 409, { action: 'approve' });
    await call('POST /challenges/{id}', '/challenges/none', 404, { action: 'approve' });
    await call('GET /challenges', '/challenges?psp=nobody', 404);
    assert.deepEqual(listOf(await call('GET /challenges', '/challenges?state=failed', 200)).length, 1);
  });

  it('ends payments and payouts on command', async () => {
    const acme = acmeClient(bench);
    const payment = await acme.pay('order-1', { capture: false });
    const path = `/payments/acme/${String(payment.json['payment_id'])}/expire`;
    assert.equal((await call('POST /payments/{psp}/{psp_reference}/expire', path, 200, {}))['state'], 'expired');
    await call('POST /payments/{psp}/{psp_reference}/expire', path, 409, {});
    await call('POST /payments/{psp}/{psp_reference}/expire', '/payments/acme/none/expire', 404, {});
    const payout = await acme.post('/payouts', { amount: '5.00', currency: 'EUR', reference: 'out-1' });
    const out = `/payouts/acme/${String(payout.json['payout_id'])}`;
    await call('POST /payouts/{psp}/{psp_reference}', out, 409, { outcome: 'returned' });
    await call('POST /payouts/{psp}/{psp_reference}', out, 200, { outcome: 'paid' });
    assert.equal(
      (await call('POST /payouts/{psp}/{psp_reference}', out, 200, { outcome: 'returned' }))['state'],
      'returned',
    );
    await call('POST /payouts/{psp}/{psp_reference}', out, 422, { outcome: 'lost' });
    await call('POST /payouts/{psp}/{psp_reference}', '/payouts/acme/none', 404, { outcome: 'paid' });
    await bench.rest();
    assert.deepEqual(
      new Set(bench.merchant.received.map(({ body }) => (JSON.parse(body) as { status: string }).status)),
      new Set(['authorized', 'expired', 'paid', 'returned']),
    );
  });

  it('shows the clock, and does not move one that moves by itself', async () => {
    assert.deepEqual(await call('GET /clock', '/clock', 200), { kind: 'virtual', now: bench.clock.now() });
    await call('POST /clock/advance', '/clock/advance', 409, { ms: 5 });
    await call('POST /clock/advance', '/clock/advance', 422, { ms: -5 });
  });

  it('forgets everything on reset, and cancels what was planned', async () => {
    bench.merchant.status = 500;
    await call('PUT /faults', '/faults', 200, { faults: [{ fault: 'webhook-late', with: { delayMs: HOUR_MS } }] });
    const acme = acmeClient(bench);
    await acme.pay('order-1', { token: 'tok_3ds', return_url: 'http://shop/' }, { key: 'k' });
    await acme.pay('order-2');
    await call('POST /reset', '/reset', 204);
    assert.equal(await bench.clock.run({ until: () => false }), 'idle');
    assert.equal(bench.merchant.received.length, 0);
    assert.deepEqual(await call('GET /psps/{psp}/books', '/psps/acme/books', 200), {
      payments: [],
      refunds: [],
      payouts: [],
    });
    assert.equal((await acme.pay('order-1', {}, { key: 'k' })).headers['idempotent-replayed'], undefined);
  });

  it('counts what waits and shows dead letters', async () => {
    bench.merchant.status = 404;
    await acmeClient(bench).pay('order-1');
    assert.deepEqual(await call('GET /deliveries/waiting', '/deliveries/waiting', 200), { messages: 1 });
    await bench.rest();
    assert.deepEqual(await call('GET /deliveries/waiting', '/deliveries/waiting?psp=acme', 200), { messages: 0 });
    await call('GET /deliveries/waiting', '/deliveries/waiting?psp=nobody', 404);
    const [letter] = listOf(await call('GET /dead-letters', '/dead-letters', 200));
    assert.deepEqual([letter?.['reference'], letter?.['attempts']], ['order-1', 12]);
  });

  it('answers nonsense as a problem', async () => {
    const unknown = await bench.control('GET', '/nonsense');
    assert.equal(unknown.status, 404);
    check.schema('Problem', unknown.json);
    const broken = await bench.exchange(`${bench.simulator.control.url}/v1/faults`, {
      method: 'PUT',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(broken.status, 400);
    assert.match(String(broken.headers['content-type']), /application\/problem\+json/);
    const huge = await bench.exchange(`${bench.simulator.control.url}/v1/faults`, {
      method: 'PUT',
      body: `"${'x'.repeat(2_200_000)}"`,
      headers: { 'content-type': 'application/json' },
    });
    assert.equal(huge.status, 413);
  });

  it('has no operation that these tests leave out', () => {
    assert.deepEqual(
      check.operations().filter((operation) => !covered.has(operation)),
      [],
    );
  });
});
