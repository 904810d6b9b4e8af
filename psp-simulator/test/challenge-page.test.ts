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

  it("gives the issuer's own answers a place of their own", async () => {
    const page = await challengeOf('order-1');
    const shown = (await bench.exchange(page)).body.toString();
    assert.match(shown, /As the issuer’s server/);
    assert.equal((await press(page, 'unavailable')).status, 303);
    const attempted = await challengeOf('order-2');
    assert.equal((await press(attempted, 'attempt')).status, 303);
    const books = (await bench.control('GET', '/psps/acme/books')).json as unknown as {
      payments: { authentication: { result: string } | null }[];
    };
    assert.deepEqual(
      books.payments.map(({ authentication }) => authentication?.result),
      ['unavailable', 'attempted'],
    );
  });

  it('loads nothing from anywhere and runs nothing', async () => {
    const { headers, body } = await bench.exchange(await challengeOf('order-1'));
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
    assert.doesNotMatch(body.toString(), /<script|src=|url\(|@import|<link/);
  });

  it('links back to the shop only where a link does no harm', async () => {
    const { json } = await acme.pay('order-1', { token: 'tok_3ds', return_url: 'https://shop/done' });
    const page = String(json['redirect_url']);
    await press(page, 'fail');
    const closed = (await bench.exchange(page)).body.toString();
    assert.match(closed, /<a href="https:\/\/shop\/done\?payment_id=/);
  });
});

describe('the pages of other methods', () => {
  let bench: Bench;
  let acme: ReturnType<typeof acmeClient>;
  beforeEach(async () => {
    bench = await openBench();
    acme = acmeClient(bench);
  });
  afterEach(() => bench.close());

  async function pageFor(method: string): Promise<string> {
    const { json } = await acme.pay(`order-${method}`, { method, return_url: 'http://shop/return' });
    return String(json['redirect_url']);
  }
  const press = (page: string, action: string) => bench.exchange(page, { method: 'POST', body: `action=${action}` });
  const stateOf = async (method: string): Promise<unknown> => (await acme.payment(`order-${method}`))[0]?.['status'];

  for (const method of ['ewallet', 'voucher', 'p2p']) {
    it(`let the payer of a ${method} pay, be refused, or turn back`, async () => {
      const shown = (await bench.exchange(await pageFor(method))).body.toString();
      assert.match(shown, /50\.00 EUR/);
      assert.match(shown, new RegExp(`order-${method}`));
      assert.match(shown, /simulated\. No money moves/);
      assert.doesNotMatch(shown, /issuer/);
      assert.equal((await press(await pageFor(method), 'unavailable')).status, 422);
      const canceled = await pageFor(method);
      assert.equal((await press(canceled, 'cancel')).status, 303);
      const approved = await pageFor(method);
      assert.equal((await press(approved, 'approve')).status, 303);
      const states = (await acme.payment(`order-${method}`)).map(({ status }) => status);
      assert.deepEqual(states.slice(2), ['canceled', 'captured']);
      assert.notEqual(await stateOf(method), undefined);
    });
  }

  it('do the same by API', async () => {
    await pageFor('ewallet');
    const open = await bench.control('GET', '/challenges?state=open');
    const [challenge] = open.json as unknown as { id: string; page: string }[];
    assert.equal(challenge?.page, 'wallet');
    const path = `/challenges/${challenge?.id}`;
    assert.equal((await bench.control('POST', path, { action: 'attempt' })).status, 409);
    const { json } = await bench.control('POST', path, { action: 'cancel' });
    assert.match(String(json['return_to']), /^http:\/\/shop\/return/);
    assert.equal(await stateOf('ewallet'), 'canceled');
  });
});
