/** Flows of a merchant with acme over memory sockets and virtual time. */
import assert from 'node:assert/strict';
import { acmeClient, MINUTE_MS, openBench } from './bench.ts';
import type { Bench } from './bench.ts';

describe('acme over the memory network', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench();
  });
  afterEach(() => bench.close());

  it('captures a payment, tells it in the answer, the books and one webhook', async () => {
    const acme = acmeClient(bench);
    const answer = await acme.pay('order-1');
    assert.equal(answer.status, 201);
    assert.equal(answer.json['status'], 'captured');
    assert.equal(answer.json['captured_amount'], '50.00');
    await bench.rest();
    assert.equal(bench.merchant.received.length, 1);
    const event = JSON.parse(bench.merchant.received[0]?.body ?? '') as Record<string, unknown>;
    assert.deepEqual(
      {
        reference: event['reference'],
        type: event['type'],
        status: event['status'],
        amount: event['amount'],
        currency: event['currency'],
      },
      { reference: 'order-1', type: 'payment', status: 'captured', amount: '50.00', currency: 'EUR' },
    );
    const books = await bench.control('GET', '/psps/acme/books');
    const payments = books.json['payments'] as Record<string, unknown>[];
    assert.equal(payments.length, 1);
    assert.equal(payments[0]?.['captured_minor'], 5_000);
  });

  it('answers a decline with 201 and its code, and sends the event', async () => {
    const answer = await acmeClient(bench).pay('order-1', { token: 'tok_insufficient_funds' });
    assert.equal(answer.status, 201);
    assert.equal(answer.json['status'], 'declined');
    assert.equal(answer.json['decline_code'], 'insufficient_funds');
    await bench.rest();
    assert.match(bench.merchant.received[0]?.body ?? '', /"status":"declined"/);
  });

  it('retries an unacknowledged webhook on the schedule, then buries it', async () => {
    bench.merchant.status = 500;
    await acmeClient(bench).pay('order-1');
    await bench.rest();
    const times = bench.merchant.received.map(({ atMs }) => atMs);
    const pauses = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1000));
    assert.deepEqual(pauses, [5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 43_200, 86_400]);
    assert.equal(bench.events('dead-letter').length, 1);
    const letters = await bench.control('GET', '/dead-letters');
    assert.equal((letters.json as unknown as unknown[]).length, 1);
  });

  it('lets the cardholder approve a 3DS challenge and sends the browser back', async () => {
    const acme = acmeClient(bench);
    const answer = await acme.pay('order-1', { token: 'tok_3ds', return_url: 'http://shop/return?order=1' });
    assert.equal(answer.json['status'], 'requires_action');
    const page = String(answer.json['redirect_url']);
    const shown = await bench.exchange(page);
    assert.match(shown.body.toString(), /<button name="action" value="approve"/);
    const back = await bench.exchange(page, { method: 'POST', body: 'action=approve' });
    assert.equal(back.status, 303);
    assert.equal(
      back.headers['location'],
      `http://shop/return?order=1&payment_id=${String(answer.json['payment_id'])}`,
    );
    assert.equal((await acme.payment('order-1'))[0]?.['status'], 'captured');
  });

  it('expires a challenge that the cardholder abandons', async () => {
    const acme = acmeClient(bench);
    await acme.pay('order-1', { token: 'tok_3ds', return_url: 'http://shop/return' });
    const challenges = (await bench.control('GET', '/challenges?state=open')).json as unknown as { id: string }[];
    const abandoned = await bench.control('POST', `/challenges/${challenges[0]?.id}`, { action: 'abandon' });
    assert.equal(abandoned.json['return_to'], null);
    await bench.pass(14 * MINUTE_MS);
    assert.equal((await acme.payment('order-1'))[0]?.['status'], 'requires_action');
    await bench.pass(2 * MINUTE_MS);
    assert.equal((await acme.payment('order-1'))[0]?.['status'], 'expired');
  });

  it('authorizes, captures a part, refunds it in two steps and refuses a third', async () => {
    const acme = acmeClient(bench);
    const { json } = await acme.pay('order-1', { capture: false });
    assert.equal(json['status'], 'authorized');
    const path = `/payments/${String(json['payment_id'])}`;
    assert.equal((await acme.post(`${path}/capture`, { amount: '30.00' })).json['captured_amount'], '30.00');
    assert.equal(
      (await acme.post(`${path}/refunds`, { amount: '10.00', reference: 'r1' })).json['status'],
      'succeeded',
    );
    assert.equal((await acme.post(`${path}/refunds`, { amount: '20.00', reference: 'r2' })).status, 201);
    const third = await acme.post(`${path}/refunds`, { amount: '0.01', reference: 'r3' });
    assert.equal(third.status, 422);
    assert.equal((await acme.get(path)).json['status'], 'refunded');
  });

  it('voids an authorization and refuses to capture it afterwards', async () => {
    const acme = acmeClient(bench);
    const { json } = await acme.pay('order-1', { capture: false });
    const path = `/payments/${String(json['payment_id'])}`;
    assert.equal((await acme.post(`${path}/void`, {})).json['status'], 'canceled');
    const refused = await acme.post(`${path}/capture`, {});
    assert.equal(refused.status, 409);
    assert.equal(refused.json['code'], 'invalid_state');
  });

  it('pays a payout later and says so by webhook, and fails one to a bad destination', async () => {
    const acme = acmeClient(bench);
    const good = await acme.post('/payouts', { amount: '20.00', currency: 'EUR', reference: 'out-1' });
    assert.equal(good.json['status'], 'pending');
    await acme.post('/payouts', {
      amount: '20.00',
      currency: 'EUR',
      reference: 'out-2',
      destination: 'tok_payout_fail',
    });
    await bench.rest();
    const told = bench.merchant.received.map(({ body }) => JSON.parse(body) as { reference: string; status: string });
    assert.deepEqual(
      new Map(told.map(({ reference, status }) => [reference, status])),
      new Map([
        ['out-1', 'paid'],
        ['out-2', 'failed'],
      ]),
    );
    assert.equal((await acme.get(`/payouts/${String(good.json['payout_id'])}`)).json['status'], 'paid');
  });

  it('gives the same history twice for one seed, and another one for another seed', async () => {
    const run = async (seed: string): Promise<string> => {
      const own = await openBench({ seed });
      const acme = acmeClient(own);
      await acme.pay('order-1');
      await acme.pay('order-2', { token: 'tok_3ds', return_url: 'http://shop/return' });
      await own.rest();
      const fingerprint = own.history.fingerprint();
      await own.close();
      return fingerprint;
    };
    const first = await run('a');
    assert.equal(await run('a'), first);
    assert.notEqual(await run('b'), first);
  });
});
