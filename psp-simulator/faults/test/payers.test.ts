/** Payers and issuers that do not do what was expected: on the page and by the control API. */
import assert from 'node:assert/strict';
import { acmeClient, HOUR_MS, MINUTE_MS, openBench } from '../../test/bench.ts';
import type { Bench } from '../../test/bench.ts';

describe('faults of payers', () => {
  let bench: Bench;
  let acme: ReturnType<typeof acmeClient>;
  beforeEach(async () => {
    bench = await openBench();
    acme = acmeClient(bench);
  });
  afterEach(() => bench.close());

  /** A payment whose payer is sent to a page, and what pressing a button there does. */
  async function press(reference: string, action = 'approve') {
    const { json } = await acme.pay(reference, { token: 'tok_3ds', return_url: 'http://merchant/return' });
    return bench.exchange(String(json['redirect_url']), { method: 'POST', body: `action=${action}` });
  }
  async function payment(reference: string): Promise<Record<string, unknown>> {
    const books = await bench.control('GET', '/psps/acme/books');
    const all = books.json['payments'] as Record<string, unknown>[];
    return all.find((one) => one['reference'] === reference) ?? {};
  }

  it('cardholder-abandons: nothing arrives, and the payment runs out', async () => {
    await bench.plan({ fault: 'cardholder-abandons' });
    assert.equal((await press('order-1')).headers['location'], undefined);
    assert.equal((await payment('order-1'))['state'], 'requires_action');
    await bench.pass(HOUR_MS);
    assert.equal((await payment('order-1'))['state'], 'expired');
  });

  it('cardholder-fails: the wrong password, whoever meant well', async () => {
    await bench.plan({ fault: 'cardholder-fails', count: 1 });
    await press('order-1');
    await press('order-2');
    assert.equal((await payment('order-1'))['state'], 'declined');
    assert.equal((await payment('order-2'))['state'], 'captured');
  });

  it('cardholder-slow: the page answers late, and only then the payment goes on', async () => {
    await bench.plan({ fault: 'cardholder-slow', with: { fixedMs: 20_000 } });
    const before = bench.clock.now();
    await press('order-1');
    assert.ok(bench.clock.now() - before >= 20_000);
    assert.equal((await payment('order-1'))['state'], 'captured');
  });

  it('cardholder-after-expiry: the browser comes back, and the challenge has run out', async () => {
    await bench.plan({ fault: 'cardholder-after-expiry' });
    const back = await press('order-1');
    assert.equal(back.status, 303);
    assert.match(String(back.headers['location']), /^http:\/\/merchant\/return/);
    assert.equal((await payment('order-1'))['state'], 'expired');
  });

  it('cardholder-returns-twice: the shop is visited once more beside the browser', async () => {
    await bench.plan({ fault: 'cardholder-returns-twice' });
    const back = await press('order-1');
    assert.equal(back.status, 303);
    await bench.pass(1_000);
    const visits = bench.merchant.received.filter(({ body }) => body === '');
    assert.equal(visits.length, 1);
  });

  it('cardholder-returns-twice: a shop that cannot be reached harms nothing', async () => {
    await bench.plan({ fault: 'cardholder-returns-twice' });
    const { json } = await acme.pay('order-1', { token: 'tok_3ds', return_url: 'http://nowhere/return' });
    await bench.exchange(String(json['redirect_url']), { method: 'POST', body: 'action=approve' });
    await bench.rest();
    assert.equal((await payment('order-1'))['state'], 'captured');
  });

  it('cardholder-before-webhook: the payer is back long before the event, other events are in time', async () => {
    await bench.plan({ fault: 'cardholder-before-webhook', with: { delayMs: 10 * MINUTE_MS } });
    await press('order-1');
    await acme.pay('plain');
    await bench.pass(MINUTE_MS);
    const references = (): unknown[] =>
      bench.merchant.received.map(({ body }) => (JSON.parse(body) as { reference: string }).reference);
    assert.deepEqual(references(), ['plain']);
    await bench.rest();
    assert.ok(references().includes('order-1'));
  });

  it('issuer-unavailable: nobody is authenticated, and the books say so', async () => {
    await bench.plan({ fault: 'issuer-unavailable' });
    await press('order-1');
    const { authentication } = await payment('order-1');
    assert.equal((authentication as { result: string } | null)?.result, 'unavailable');
  });

  it('issuer-attempted: the scheme stands in for the issuer', async () => {
    await bench.plan({ fault: 'issuer-attempted' });
    await press('order-1');
    const { authentication, state } = await payment('order-1');
    assert.equal((authentication as { result: string } | null)?.result, 'attempted');
    assert.equal(state, 'captured');
  });

  it('strikes by the control API as on the page, and only whom it is planned for', async () => {
    await bench.plan({ fault: 'cardholder-fails', reference: 'vip-*', amount: { from: '100.00' } });
    const act = async (reference: string, amount: string): Promise<void> => {
      const { json } = await acme.pay(reference, { amount, token: 'tok_3ds', return_url: 'http://merchant/return' });
      const challenge = String(json['redirect_url']).split('/').at(-1) ?? '';
      await bench.control('POST', `/challenges/${challenge}`, { action: 'approve' });
    };
    await act('vip-1', '100.00');
    await act('vip-2', '99.99');
    await act('order-3', '100.00');
    const states: unknown[] = [];
    for (const one of ['vip-1', 'vip-2', 'order-3']) states.push((await payment(one))['state']);
    assert.deepEqual(states, ['declined', 'captured', 'captured']);
  });
});
