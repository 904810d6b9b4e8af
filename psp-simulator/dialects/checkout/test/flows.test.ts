/** Flows that neither the SDK nor the conformance suite plays: time, pages, subscriptions, what is kept. */
import assert from 'node:assert/strict';
import { cardNumbersIn } from '../../../conformance/card-numbers-in.ts';
import { openBench, type Answer, type Bench, toAnswer } from '../../../test/bench.ts';
import { TEST_CARDS } from '../magic.ts';

const DAY_MS = 24 * 3_600_000;
const CARD = { type: 'card', number: TEST_CARDS.plain.number, expiry_month: 12, expiry_year: 2098, cvv: '100' };

describe('flows of the checkout dialect', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench({
      psps: [{ name: 'checkout', dialect: 'checkout', profile: { latency: { kind: 'fixed', ms: 0 } } }],
    });
  });
  afterEach(() => bench.close());

  async function call(method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
    const { credentials, url } = bench.psp();
    const name = path === '/tokens' ? 'publicKey' : 'secretKey';
    const headers: Record<string, string> = {
      authorization: credentials[name] ?? '',
      'content-type': 'application/json',
    };
    if (key !== undefined) headers['cko-idempotency-key'] = key;
    return toAnswer(
      await bench.exchange(`${url}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  }
  const pay = (more: object = {}): Promise<Answer> =>
    call('POST', '/payments', { source: CARD, amount: 1_000, currency: 'EUR', reference: 'order-1', ...more });
  const act = async (url: string, action: string): Promise<string | undefined> => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await bench.exchange(url, { method: 'POST', headers, body: `action=${action}` });
    return answer.headers['location'];
  };
  const redirectOf = ({ json }: Answer): string =>
    (json['_links'] as Record<string, { href: string }>)['redirect']?.href ?? '';
  const eventTypes = (): string[] =>
    bench.merchant.received.map(({ body }) => (JSON.parse(body) as { type: string }).type).sort();
  const hosted = (): Promise<Answer> =>
    call('POST', '/hosted-payments', {
      amount: 1_000,
      currency: 'EUR',
      reference: 'order-1',
      billing: { address: { country: 'GB' } },
      success_url: 'https://shop.example/ok',
      failure_url: 'https://shop.example/failed',
      cancel_url: 'https://shop.example/cart',
    });

  it('tells by its own events that a challenge was not finished', async () => {
    const payment = await pay({ '3ds': { enabled: true }, success_url: 'https://shop.example/ok' });
    assert.deepEqual([payment.status, payment.json['status']], [202, 'Pending']);
    await act(redirectOf(payment), 'abandon');
    await bench.pass(20 * 60_000);
    const { json } = await call('GET', `/payments/${String(payment.json['id'])}`);
    const { authentication_response: response, version } = json['3ds'] as Record<string, unknown>;
    assert.deepEqual([json['status'], response, version], ['Declined', 'N', '2.2.0']);
    assert.deepEqual(eventTypes(), [
      'authentication_expired',
      'authentication_started',
      'payment_authentication_failed',
      'payment_pending',
    ]);
    assert.ok(bench.merchant.received.some(({ body }) => body.includes('"response_code":"20152"')));
  });

  it('goes on without authentication when the issuer offers none', async () => {
    const payment = await pay({ '3ds': { enabled: true }, success_url: 'https://shop.example/ok' });
    await act(redirectOf(payment), 'unavailable');
    const { json } = await call('GET', `/payments/${String(payment.json['id'])}`);
    assert.deepEqual(
      [json['status'], json['eci'], (json['3ds'] as Record<string, unknown>)['authentication_response']],
      ['Captured', '07', 'U'],
    );
  });

  it('leads from a hosted page to the URL that fits, and tells nothing before somebody paid', async () => {
    const canceled = await hosted();
    assert.match((await act(redirectOf(canceled), 'cancel')) ?? '', /^https:\/\/shop\.example\/cart/);
    const failed = await hosted();
    assert.match((await act(redirectOf(failed), 'fail')) ?? '', /^https:\/\/shop\.example\/failed/);
    const left = await hosted();
    await bench.pass(DAY_MS);
    assert.equal((await call('GET', `/hosted-payments/${String(left.json['id'])}`)).json['status'], 'Expired');
    assert.deepEqual(eventTypes(), ['payment_declined']);
    assert.equal((await call('GET', '/payments')).json['total_count'], 1);
  });

  it('voids an authorization after seven days', async () => {
    const payment = await pay({ capture: false });
    await bench.pass(7 * DAY_MS + 60_000);
    assert.equal((await call('GET', `/payments/${String(payment.json['id'])}`)).json['status'], 'Expired');
    assert.deepEqual(eventTypes(), ['payment_approved', 'payment_voided']);
    assert.equal((await call('POST', `/payments/${String(payment.json['id'])}/captures`, {})).status, 403);
  });

  it('remembers a key for what succeeded only, path by path', async () => {
    const declined = { source: { ...CARD, number: TEST_CARDS.do_not_honour.number }, amount: 1_000, currency: 'EUR' };
    const first = await call('POST', '/payments', declined, 'key-1');
    // A decline is a 201, so it is remembered; a refusal is not.
    assert.equal((await call('POST', '/payments', declined, 'key-1')).json['id'], first.json['id']);
    assert.equal((await call('POST', '/payments', { ...declined, currency: 'euro' }, 'key-2')).status, 422);
    assert.equal((await call('POST', '/payments', { ...declined, source: CARD }, 'key-2')).json['approved'], true);
    const { json } = await pay({ capture: false });
    assert.equal((await call('POST', `/payments/${String(json['id'])}/captures`, {}, 'key-2')).status, 202);
  });

  it('sends only what the merchant subscribed to', async () => {
    await bench.control('PATCH', '/psps/checkout', { profile: { webhookEvents: ['payment_captured'] } });
    await pay();
    await bench.pass(60_000);
    assert.deepEqual(eventTypes(), ['payment_captured']);
  });

  it('lets the merchant read an event again', async () => {
    const { json } = await pay();
    await bench.pass(60_000);
    const about = await call('GET', `/workflows/events/subject/${String(json['id'])}`);
    const [event] = about.json['data'] as { id: string; type: string }[];
    const again = await call('GET', `/workflows/events/${event?.id ?? ''}`);
    assert.equal(
      JSON.stringify(again.json),
      bench.merchant.received.find(({ body }) => body.includes(event?.id ?? '?'))?.body,
    );
  });

  it('forgets a token after fifteen minutes, and never knew the card number', async () => {
    const token = await call('POST', '/tokens', CARD);
    assert.deepEqual([token.status, token.json['last4']], [201, '4242']);
    await bench.pass(16 * 60_000);
    const late = await pay({ source: { type: 'token', token: token.json['token'] } });
    assert.deepEqual(late.json['error_codes'], ['token_expired']);
    await pay();
    for (const path of ['/psps/checkout/books', '/exchanges', '/deliveries']) {
      const { status, body } = await bench.exchange(`${bench.simulator.control.url}/v1${path}`);
      assert.equal(status, 200, path);
      assert.deepEqual(cardNumbersIn(body.toString('utf8')), [], path);
    }
  });
});
