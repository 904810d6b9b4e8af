/** The cardholder's page: what a person sees and what happens to those who come late. */
import assert from 'node:assert/strict';
import { acmeClient, HOUR_MS, openBench } from './bench.ts';
import type { Bench } from './bench.ts';

describe('the 3DS page', () => {
  let bench: Bench;
  let acme: ReturnType<typeof acmeClient>;
  beforeEach(async () => {
    bench = await openBench();
    acme = acmeClient(bench);
  });
  afterEach(() => bench.close());

  async function challengeOf(reference: string, token = 'tok_3ds'): Promise<string> {
    const { json } = await acme.pay(reference, { token, return_url: 'http://shop/return' });
    return String(json['redirect_url']);
  }
  const press = (page: string, action: string) => bench.exchange(page, { method: 'POST', body: `action=${action}` });
  const stateOf = async (reference: string): Promise<unknown> => (await acme.payment(reference))[0]?.['status'];

  it('shows amount and reference, and never as markup', async () => {
    const { status, headers, body } = await bench.exchange(await challengeOf('<script>alert(1)</script>'));
    const page = body.toString();
    assert.equal(status, 200);
    assert.match(String(headers['content-type']), /^text\/html/);
    assert.match(page, /50\.00 EUR/);
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.doesNotMatch(page, /<script/);
    assert.match(page, /<html lang="en">/);
  });

  it('declines when the cardholder fails, and after an approval when the issuer says no', async () => {
    assert.equal((await press(await challengeOf('order-1'), 'fail')).status, 303);
    assert.equal(await stateOf('order-1'), 'declined');
    await press(await challengeOf('order-2', 'tok_3ds_declined'), 'approve');
    assert.equal(await stateOf('order-2'), 'declined');
  });

  it('lets a cardholder walk away without a redirect', async () => {
    const page = await challengeOf('order-1');
    const left = await press(page, 'abandon');
    assert.equal(left.status, 200);
    assert.match(left.body.toString(), /You left/);
    assert.equal(await stateOf('order-1'), 'requires_action');
    assert.equal((await press(page, 'approve')).status, 409);
  });

  it('tells those who come late, and changes nothing', async () => {
    const page = await challengeOf('order-1');
    await bench.pass(HOUR_MS);
    assert.match((await bench.exchange(page)).body.toString(), /Nothing left to confirm/);
    assert.equal((await press(page, 'approve')).status, 409);
    assert.equal(await stateOf('order-1'), 'expired');
  });

  it('refuses unknown challenges, actions and methods', async () => {
    const page = await challengeOf('order-1');
    assert.equal((await bench.exchange(`${bench.psp().url}/assay/3ds/chal_none`)).status, 404);
    assert.equal((await press(page, 'dance')).status, 422);
    assert.equal((await bench.exchange(page, { method: 'PUT', body: '' })).status, 405);
  });
});
