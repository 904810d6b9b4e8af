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
    assert.deepEqual(await call('GET /health', '/health', 200), { status: 'ok', runs: 1, not_simulated: 0 });
    const [psp] = listOf(await call('GET /psps', '/psps', 200));
    assert.equal(psp?.['url'], 'http://psp-acme');
    const changed = await call('PATCH /psps/{psp}', '/psps/acme', 200, {
      webhook_url: 'http://merchant/new',
      profile: { keyLifeMs: 5, latency: { kind: 'fixed', ms: 1 } },
    });
    assert.equal(changed['webhook_url'], 'http://merchant/new');
    assert.equal((changed['profile'] as { keyLifeMs: number }).keyLifeMs, 5);
    assert.deepEqual(await call('GET /psps/{psp}', '/psps/acme', 200), changed);
    await call('GET /psps/{psp}', '/psps/nobody', 404);
    await call('PATCH /psps/{psp}', '/psps/nobody', 404, {});
    await call('PATCH /psps/{psp}', '/psps/acme', 422, { profile: { keyLife: 5 } });
    await call('PATCH /psps/{psp}', '/psps/acme', 422, { profile: { latency: { kind: 'nonsense' } } });
    await call('PATCH /psps/{psp}', '/psps/acme', 422, { webhook_url: 'merchant' });
  });

  it('takes profiles as programs and as scenario files write them, and takes fields away', async () => {
    const change = async (profile: object): Promise<Record<string, unknown>> =>
      (await call('PATCH /psps/{psp}', '/psps/acme', 200, { profile }))['profile'] as Record<string, unknown>;
    const words = await change({
      ack_timeout: '5 s',
      authorizationLifeMs: '3 days',
      retry_schedule: ['1m', '2 hours'],
      latency: { kind: 'lognormal', p50: '80ms', p95: '1 s' },
      disputeDecision: { kind: 'fixed', ms: 'P1D' },
      rateLimit: { requests: 5, window: '1 s' },
      settlement: { cutoffHour: 4, delay: 'P2D', exchangeRates: { GBP: '1.17' } },
    });
    assert.equal(words['ackTimeoutMs'], 5_000);
    assert.equal(words['authorizationLifeMs'], 259_200_000);
    assert.deepEqual(words['retryScheduleMs'], [60_000, 7_200_000]);
    assert.deepEqual(words['latency'], { kind: 'lognormal', p50Ms: 80, p95Ms: 1_000 });
    assert.deepEqual(words['rateLimit'], { requests: 5, windowMs: 1_000 });
    assert.deepEqual(words['settlement'], { cutoffHour: 4, delayMs: 172_800_000, exchangeRates: { GBP: '1.17' } });
    assert.equal((await change({ rateLimit: 'published' }))['rateLimit'], 'published');
    assert.equal('rateLimit' in (await change({ rateLimit: null, settlement: null })), false);
    for (const profile of [
      { ackTimeoutMs: 'soon' },
      { rateLimit: { requests: 0, windowMs: 5 } },
      { settlement: { cutoffHour: 24 } },
      { settlement: { payment: { fixedMinor: -1 } } },
      { settlement: { exchangeRates: { GBP: 1.17 } } },
      { webhookEvents: 'all' },
    ])
      await call('PATCH /psps/{psp}', '/psps/acme', 422, { profile });
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
    const dry = await call('POST /faults/dry-run', '/faults/dry-run', 200, {
      faults: [{ fault: 'error', chance: 0.5, amount: { from: '10.00' }, player: 'player-*' }],
      traffic: { payments: 20 },
    });
    const [rehearsed] = dry['faults'] as { hits: number }[];
    assert.ok((rehearsed?.hits ?? 0) > 5);
    await call('POST /faults/dry-run', '/faults/dry-run', 422, { faults: [{ fault: 'gremlins' }] });
    await call('DELETE /faults/{id}', '/faults/mine', 204);
    await call('DELETE /faults/{id}', '/faults/mine', 404);
    await call('DELETE /faults', '/faults', 204);
    assert.deepEqual(listOf(await call('GET /faults', '/faults', 200)), []);
  });

  it('refuses another method of a known path, and says which ones it takes', async () => {
    for (const [method, path, allowed] of [
      ['DELETE', '/clock', 'GET, HEAD, OPTIONS'],
      ['PUT', '/psps/acme', 'GET, PATCH, HEAD, OPTIONS'],
      ['DELETE', '/faults/dry-run', 'POST, OPTIONS'],
      ['PATCH', '/runs/default/faults', 'GET, PUT, POST, DELETE, HEAD, OPTIONS'],
      ['PUT', '/runs/nobody', 'GET, DELETE, HEAD, OPTIONS'],
    ] as const) {
      const { status, headers, json } = await bench.control(method, path);
      assert.equal(status, 405, `${method} ${path}`);
      assert.deepEqual(headers['allow']?.split(', ').sort(), allowed.split(', ').sort(), `${method} ${path}`);
      assert.equal(json['error'], 'method_not_allowed');
      const options = await bench.control('OPTIONS', path);
      assert.deepEqual([options.status, options.headers['allow']], [204, headers['allow']]);
    }
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
    await call('POST /deliveries/{id}/replay', path, 202, { mode: 'old-key' });
    await bench.rest();
    const replayed = listOf(await call('GET /deliveries', '/deliveries?after=3', 200));
    assert.deepEqual(
      replayed.map(({ signature }) => signature),
      ['valid', 'valid', 'valid', 'valid', 'wrong-key', 'stale', 'old-key'],
    );
    assert.equal(new Set(replayed.map(({ event_id: id }) => id)).size, 1);
    await call('POST /deliveries/{id}/replay', path, 422, { mode: 'twice' });
    await call('POST /deliveries/{id}/replay', path, 422, { mode: 'swapped' });
    await call('POST /deliveries/{id}/replay', path, 422, { mode: 'burst', gap: 'P9D' });
    await call('POST /deliveries/{id}/replay', path, 404, { mode: 'swapped', with: 'none' });
    await call('POST /deliveries/{id}/replay', '/deliveries/none/replay', 404, { mode: 'once' });
  });

  it('replays out of order, and as a slow burst', async () => {
    const acme = acmeClient(bench);
    await acme.pay('order-1');
    await bench.rest();
    await acme.pay('order-2');
    await bench.rest();
    const [first, second] = listOf(await call('GET /deliveries', '/deliveries', 200));
    const path = `/deliveries/${String(first?.['id'])}/replay`;
    const swapped = { mode: 'swapped', with: second?.['id'] };
    assert.deepEqual(await call('POST /deliveries/{id}/replay', path, 202, swapped), { messages: 2 });
    await bench.rest();
    const sent = (): unknown[] => bench.merchant.received.slice(2).map(({ body }) => JSON.parse(body).reference);
    assert.deepEqual(sent(), ['order-2', 'order-1']);
    await call('POST /deliveries/{id}/replay', path, 202, { mode: 'burst', count: 3, gap: '1 minute' });
    await bench.rest();
    const times = bench.merchant.received.slice(4).map(({ atMs }) => atMs);
    assert.deepEqual(
      times.map((atMs) => atMs - (times[0] ?? 0)),
      [0, 60_000, 120_000],
    );
    const paged = listOf(await call('GET /deliveries', '/deliveries?reference=order-1&after=1&limit=2', 200));
    assert.deepEqual(
      paged.map(({ reference, seq }) => [reference, seq]),
      [
        ['order-1', 4],
        ['order-1', 5],
      ],
    );
    await call('GET /deliveries', '/deliveries?limit=0', 422);
  });

  it('makes events happen', async () => {
    const types = listOf(await call('GET /psps/{psp}/event-types', '/psps/acme/event-types', 200));
    assert.ok(types.some(({ change }) => change === 'settlement'));
    await call('GET /psps/{psp}/event-types', '/psps/nobody/event-types', 404);
    const { event } = types.find(({ change }) => change === 'payment-captured') ?? {};
    const done = await call('POST /psps/{psp}/trigger', '/psps/acme/trigger', 202, { event, reference: 'gift' });
    assert.equal(done['reference'], 'gift');
    await call('POST /psps/{psp}/trigger', '/psps/acme/trigger', 409, { event, reference: 'gift' });
    await call('POST /psps/{psp}/trigger', '/psps/acme/trigger', 422, { event: 'nonsense' });
    await call('POST /psps/{psp}/trigger', '/psps/acme/trigger', 422, { event, amount_minor: 0 });
    await call('POST /psps/{psp}/trigger', '/psps/nobody/trigger', 404, { event });
  });

  it('opens, answers and decides disputes', async () => {
    await acmeClient(bench).pay('order-1');
    const open = '/disputes/acme';
    const dispute = await call('POST /disputes/{psp}', open, 201, {
      payment: 'order-1',
      reason: 'duplicate',
      amount_minor: 1_200,
    });
    assert.deepEqual([dispute['state'], dispute['reason'], dispute['amount_minor']], ['open', 'duplicate', 1_200]);
    await call('POST /disputes/{psp}', open, 409, { payment: 'order-1' });
    await call('POST /disputes/{psp}', open, 404, { payment: 'order-9' });
    await call('POST /disputes/{psp}', open, 422, { payment: 'order-1', reason: 'mood' });
    const one = `${open}/${String(dispute['psp_reference'])}`;
    const move = 'POST /disputes/{psp}/{psp_reference}';
    assert.equal((await call(move, one, 200, { action: 'evidence' }))['state'], 'under_review');
    await call(move, one, 409, { action: 'reversed' });
    assert.equal((await call(move, one, 200, { action: 'lost' }))['state'], 'lost');
    assert.equal((await call(move, one, 200, { action: 'reversed' }))['state'], 'reversed');
    await call(move, one, 422, { action: 'forget' });
    await call(move, `${open}/none`, 404, { action: 'won' });
    assert.equal(listOf(await call('GET /disputes', '/disputes?reference=order-1', 200)).length, 1);
    await call('GET /disputes', '/disputes?psp=nobody', 404);
  });

  it('closes settlement batches and hands out their native files', async () => {
    const path = '/psps/acme/settlements';
    assert.deepEqual(await call('POST /psps/{psp}/settlements', path, 201, {}), []);
    await acmeClient(bench).pay('order-1');
    const [line] = listOf(await call('GET /psps/{psp}/settlements/open', `${path}/open`, 200));
    assert.deepEqual([line?.['reference'], line?.['gross_minor']], ['order-1', 5_000]);
    const [batch] = listOf(await call('POST /psps/{psp}/settlements', path, 201, {}));
    assert.equal(batch?.['truthful'], true);
    assert.deepEqual(await call('GET /psps/{psp}/settlements', path, 200), [batch]);
    const one = `${path}/${String(batch?.['batch'])}`;
    const { told, truth } = await call('GET /psps/{psp}/settlements/{batch}', one, 200);
    assert.deepEqual(told, truth);
    const [file] = batch?.['files'] as { name: string; bytes: number }[];
    const download = await bench.exchange(`${bench.simulator.control.url}/v1${one}/files/${String(file?.name)}`);
    assert.equal(download.body.length, file?.bytes);
    assert.match(String(download.headers['content-disposition']), /attachment/);
    covered.add('GET /psps/{psp}/settlements/{batch}/files/{file}');
    await call('GET /psps/{psp}/settlements/{batch}/files/{file}', `${one}/files/none`, 404);
    await call('GET /psps/{psp}/settlements/{batch}', `${path}/none`, 404);
    for (const operation of ['GET /psps/{psp}/settlements', 'POST /psps/{psp}/settlements'])
      await call(operation, '/psps/nobody/settlements', 404);
    await call('GET /psps/{psp}/settlements/open', '/psps/nobody/settlements/open', 404);
  });

  it('exports everything as lines of JSON', async () => {
    await acmeClient(bench).pay('order-1');
    await bench.rest();
    const lines = async (what: string): Promise<Record<string, unknown>[]> => {
      const { status, headers, body } = await bench.exchange(`${bench.simulator.control.url}/v1/export/${what}`);
      assert.equal(status, 200);
      assert.match(String(headers['content-type']), /^application\/x-ndjson/);
      return body
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    };
    covered.add('GET /export/{what}');
    assert.deepEqual(
      (await lines('books')).map(({ psp, kind, reference }) => [psp, kind, reference]),
      [['acme', 'payment', 'order-1']],
    );
    assert.deepEqual(
      (await lines('exchanges')).map(({ operation }) => operation),
      ['create-payment'],
    );
    assert.deepEqual(
      (await lines('deliveries')).map(({ outcome }) => outcome),
      ['acknowledged'],
    );
    const history = await lines('history');
    assert.deepEqual(
      history.map(({ seq: _seq, ...event }) => event),
      bench.history.events(),
    );
    for (const event of history) check.schema('HistoryEvent', event);
    await call('GET /export/{what}', '/export/secrets', 422);
    await call('GET /export/{what}', '/export/books?psp=nobody', 404);
  });

  it('shows what is not simulated, and counts it', async () => {
    const acme = acmeClient(bench);
    assert.equal((await acme.post('/loans', {})).status, 404);
    await acme.pay('order-1');
    const exchanges = listOf(await call('GET /exchanges', '/exchanges?operation=unsupported', 200));
    assert.deepEqual(
      exchanges.map(({ path, status }) => [path, status]),
      [['/loans', 404]],
    );
    assert.equal((await call('GET /health', '/health', 200))['not_simulated'], 1);
    const { counts } = await call('GET /psps/{psp}', '/psps/acme', 200);
    assert.equal((counts as Record<string, number>)['not_simulated'], 1);
    assert.match(JSON.stringify(bench.events('not-simulated')), /POST \/loans is no route of acme/);
  });

  it('shows no card number in logs, exports and history', async () => {
    const number = '4242424242424242';
    const acme = acmeClient(bench);
    await acme.pay('order-1', { note: number, token: number }, { key: `key-${number}` });
    await acme.pay('order-2', { metadata: { note: '4242 4242 4242 4242' } });
    await acme.get(`/payments/${number}`);
    await bench.rest();
    for (const path of ['/exchanges', '/deliveries', '/export/exchanges', '/export/deliveries', '/export/history']) {
      const { body } = await bench.exchange(`${bench.simulator.control.url}/v1${path}`);
      assert.doesNotMatch(body.toString(), /4242 ?4242 ?4242/, path);
    }
    assert.doesNotMatch(JSON.stringify(bench.history.events()), /424242424242/);
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
    assert.equal(challenge?.['page'], 'three-ds');
    const path = `/challenges/${String(challenge?.['id'])}`;
    await call('POST /challenges/{id}', path, 422, { action: 'dance' });
    const played = await call('POST /challenges/{id}', path, 200, { action: 'fail' });
    assert.match(String(played['return_to']), /^http:\/\/shop\/\?payment_id=apay_/);
    await call('POST /challenges/{id}', path, 409, { action: 'approve' });
    await call('POST /challenges/{id}', '/challenges/none', 404, { action: 'approve' });
    await call('GET /challenges', '/challenges?psp=nobody', 404);
    assert.deepEqual(listOf(await call('GET /challenges', '/challenges?state=failed', 200)).length, 1);
    assert.deepEqual(listOf(await call('GET /challenges', '/challenges?reference=order-1', 200)).length, 1);
    assert.deepEqual(listOf(await call('GET /challenges', '/challenges?reference=order-2', 200)), []);
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
    await call('POST /clock/advance', '/clock/advance', 422, { by: '3 moons' });
    await call('POST /clock/advance', '/clock/advance', 422, { by: 'P2D', ms: 5 });
    await call('POST /clock/advance', '/clock/advance', 422, {});
    await call('POST /clock/advance', '/clock/advance', 409, { by: 'P3D' });
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
      disputes: [],
      saved_methods: [],
      forgotten: 0,
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
    await call('GET /dead-letters', '/dead-letters?psp=nobody', 404);
  });

  it('sends dead letters again, one or all, with a whole retry plan', async () => {
    bench.merchant.status = 404;
    const acme = acmeClient(bench);
    await acme.pay('order-1');
    await acme.pay('order-2');
    await bench.rest();
    const letters = listOf(await call('GET /dead-letters', '/dead-letters', 200));
    const one = `/dead-letters/${String(letters[0]?.['id'])}/replay`;
    assert.deepEqual(await call('POST /dead-letters/{id}/replay', one, 202), { messages: 1 });
    await call('POST /dead-letters/{id}/replay', one, 404);
    await bench.rest();
    assert.equal(listOf(await call('GET /dead-letters', '/dead-letters', 200)).length, 2);
    bench.merchant.status = 200;
    assert.deepEqual(await call('POST /dead-letters/replay', '/dead-letters/replay', 202, { psp: 'acme' }), {
      messages: 2,
    });
    await call('POST /dead-letters/replay', '/dead-letters/replay', 404, { psp: 'nobody' });
    await call('POST /dead-letters/replay', '/dead-letters/replay', 422, { all: true });
    await bench.rest();
    assert.deepEqual(listOf(await call('GET /dead-letters', '/dead-letters', 200)), []);
    assert.deepEqual(await call('POST /dead-letters/replay', '/dead-letters/replay', 202), { messages: 0 });
  });

  it('opens, lists and ends runs', async () => {
    const run = await call('POST /runs', '/runs', 201, {
      run_id: 'ci-1',
      seed: 's',
      webhook_url: 'http://merchant/{run}/{psp}',
    });
    assert.equal(run['control_url'], 'http://psp-control/v1/runs/ci-1');
    assert.equal((run['psps'] as { webhook_url: string }[])[0]?.webhook_url, 'http://merchant/ci-1/acme');
    await call('POST /runs', '/runs', 409, { run_id: 'ci-1' });
    for (const body of [
      { run_id: 'No Way' },
      { run_id: 'default' },
      { psps: [] },
      { psps: [{ dialect: 'nonsense' }] },
      { psps: [{ name: 'x' }] },
      { psps: [{ dialect: 'acme', profile: { latency: 5 } }] },
      { clock: { kind: 'lunar' } },
      { clock: { kind: 'scaled' } },
      { clock: { kind: 'real', factor: 2 } },
      { idle: 'never' },
      { idle: 1.6e16 },
    ])
      await call('POST /runs', '/runs', 422, body);
    // In virtual time all runs share the one clock.
    await call('POST /runs', '/runs', 409, { clock: { kind: 'manual' } });
    assert.deepEqual(
      listOf(await call('GET /runs', '/runs', 200)).map(({ run_id: id }) => id),
      ['default', 'ci-1'],
    );
    assert.deepEqual(await call('GET /runs/{run_id}', '/runs/ci-1', 200), run);
    await call('GET /runs/{run_id}', '/runs/ci-2', 404);
    await call('GET /psps/{psp}', '/runs/ci-1/psps/acme', 200);
    await call('GET /psps/{psp}', '/runs/ci-1/v1/psps/acme', 200);
    await call('GET /psps/{psp}', '/runs/ci-2/psps/acme', 404);
    await call('DELETE /runs/{run_id}', '/runs/ci-1', 204);
    await call('DELETE /runs/{run_id}', '/runs/ci-1', 404);
    await call('DELETE /runs/{run_id}', '/runs/default', 409);
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
