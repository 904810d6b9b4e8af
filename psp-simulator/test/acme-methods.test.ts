/** What acme has beside a plain card: other methods, 3DS results, several captures, slow refunds, disputes, kept cards, lists. */
import assert from 'node:assert/strict';
import { acmeClient, HOUR_MS, openBench } from './bench.ts';
import type { Bench } from './bench.ts';

type Json = Record<string, unknown>;

const RETURN = { return_url: 'http://shop/return' };
const DAY_MS = 24 * HOUR_MS;

describe('acme beyond a plain card', () => {
  let bench: Bench;
  let acme: ReturnType<typeof acmeClient>;
  beforeEach(async () => {
    bench = await openBench();
    acme = acmeClient(bench);
  });
  afterEach(() => bench.close());

  const act = (payment: Json, action: string) =>
    bench.exchange(String(payment['redirect_url']), { method: 'POST', body: `action=${action}` });
  const read = async (payment: Json): Promise<Json> =>
    (await acme.get(`/payments/${String(payment['payment_id'])}`)).json;
  const told = (type: string): Json[] =>
    bench.merchant.received.map(({ body }) => JSON.parse(body) as Json).filter((event) => event['type'] === type);

  for (const method of ['ewallet', 'p2p', 'voucher']) {
    it(`leads the payer of ${method} to a page and captures when he approves`, async () => {
      const { json } = await acme.pay('order-1', { method, ...RETURN });
      assert.equal(json['status'], 'requires_action');
      assert.equal('instructions' in json, method !== 'ewallet');
      const back = await act(json, 'approve');
      assert.equal(back.status, 303);
      const paid = await read(json);
      assert.deepEqual([paid['status'], paid['method'], 'authentication' in paid], ['captured', method, false]);
      assert.ok(!('instructions' in paid) && !('redirect_url' in paid));
    });

    it(`cancels a payment by ${method} when the payer turns back`, async () => {
      const { json } = await acme.pay('order-1', { method, ...RETURN });
      await act(json, 'cancel');
      assert.equal((await read(json))['status'], 'canceled');
    });
  }

  it('declines on the page what the wallet has no money for', async () => {
    const { json } = await acme.pay('order-1', { method: 'ewallet', token: 'tok_insufficient_funds', ...RETURN });
    await act(json, 'approve');
    const payment = await read(json);
    assert.deepEqual([payment['status'], payment['decline_code']], ['declined', 'insufficient_funds']);
  });

  it('takes a device token as authentication, and asks for a challenge where it is none', async () => {
    const device = (await acme.pay('order-1', { method: 'apple_pay' })).json;
    assert.equal(device['status'], 'captured');
    assert.deepEqual(device['authentication'], {
      flow: 'frictionless',
      result: 'authenticated',
      trans_status: 'Y',
      eci: '05',
      version: '2.2.0',
      liability_shift: true,
    });
    const vault = (await acme.pay('order-2', { method: 'google_pay', token: 'tok_device_pan_only', ...RETURN })).json;
    assert.equal(vault['status'], 'requires_action');
    await act(vault, 'approve');
    assert.equal(((await read(vault))['authentication'] as Json)['flow'], 'challenge');
  });

  const refused: readonly (readonly [string, Json])[] = [
    ['an authorization of a voucher', { method: 'voucher', capture: false, ...RETURN }],
    ['3DS for a wallet', { method: 'ewallet', three_ds: 'force', ...RETURN }],
    ['a wallet without return_url', { method: 'ewallet' }],
    ['a card token on a device', { method: 'apple_pay', token: 'tok_ok' }],
    ['an unknown exemption', { exemption: 'because' }],
    ['the name of a prototype as token', { token: 'constructor' }],
  ];
  for (const [what, fields] of refused) {
    it(`refuses ${what}`, async () => assert.equal((await acme.pay('order-1', fields)).status, 422));
  }

  const results: readonly (readonly [string, string, Json])[] = [
    ['tok_3ds_frictionless', 'captured', { result: 'authenticated', trans_status: 'Y', eci: '05' }],
    ['tok_3ds_attempted', 'captured', { result: 'attempted', trans_status: 'A', eci: '06' }],
    ['tok_3ds_unavailable', 'captured', { result: 'unavailable', trans_status: 'U', eci: '07' }],
    ['tok_3ds_failed', 'declined', { result: 'failed', trans_status: 'N', eci: '07' }],
    ['tok_3ds_rejected', 'declined', { result: 'rejected', trans_status: 'R', eci: '07' }],
  ];
  for (const [token, status, expected] of results) {
    it(`says what 3DS said of ${token}`, async () => {
      const { json } = await acme.pay('order-1', { token });
      assert.equal(json['status'], status);
      const { result, trans_status, eci } = json['authentication'] as Json;
      assert.deepEqual({ result, trans_status, eci }, expected);
    });
  }

  it('declines softly under an exemption, and passes with a challenge', async () => {
    const soft = (await acme.pay('order-1', { token: 'tok_soft_decline', exemption: 'low_value' })).json;
    assert.deepEqual([soft['status'], soft['decline_code']], ['declined', 'authentication_required']);
    const again = (await acme.pay('order-1', { token: 'tok_soft_decline', three_ds: 'force', ...RETURN })).json;
    await act(again, 'approve');
    assert.equal((await read(again))['status'], 'captured');
    const exempt = (await acme.pay('order-2', { exemption: 'transaction_risk_analysis' })).json;
    const { result, exemption, liability_shift: shift } = exempt['authentication'] as Json;
    assert.deepEqual([result, exemption, shift], ['exempted', 'transaction_risk_analysis', false]);
  });

  it('captures in parts and releases the rest by a void', async () => {
    const { json } = await acme.pay('order-1', { capture: false });
    const path = `/payments/${String(json['payment_id'])}`;
    await acme.post(`${path}/capture`, { amount: '10.00', final: false });
    const second = (await acme.post(`${path}/capture`, { amount: '15.00', final: false })).json;
    assert.deepEqual([second['captured_amount'], second['capturable_amount']], ['25.00', '25.00']);
    assert.equal((second['captures'] as Json[]).length, 2);
    const released = (await acme.post(`${path}/void`, {})).json;
    assert.deepEqual([released['status'], released['capturable_amount']], ['captured', '0.00']);
    assert.equal((await acme.post(`${path}/capture`, { amount: '1.00' })).status, 409);
    await bench.pass(HOUR_MS);
    assert.deepEqual(
      told('payment')
        .map((event) => `${event['status']} ${event['captured_amount']} ${event['released_amount'] ?? 'nothing'}`)
        .sort(),
      ['authorized 0.00 nothing', 'captured 10.00 nothing', 'captured 25.00 25.00', 'captured 25.00 nothing'],
    );
  });

  it('expires an authorization that nobody captures', async () => {
    const { json } = await acme.pay('order-1', { capture: false });
    await bench.pass(8 * DAY_MS);
    assert.equal((await read(json))['status'], 'expired');
  });

  for (const [token, states] of [
    ['tok_refund_pending', ['pending', 'succeeded']],
    ['tok_refund_fails', ['pending', 'failed']],
    ['tok_refund_fails_late', ['succeeded', 'failed']],
  ] as const) {
    it(`refunds ${token}: ${states.join(', then ')}`, async () => {
      const { json } = await acme.pay('order-1', { token });
      const path = `/payments/${String(json['payment_id'])}/refunds`;
      const refund = (await acme.post(path, { amount: '20.00', reference: 'r1' })).json;
      assert.equal(refund['status'], states[0]);
      await bench.rest();
      const list = (await acme.get(path)).json['data'] as Json[];
      assert.deepEqual(
        list.map(({ status }) => status),
        [states[1]],
      );
      assert.equal((await read(json))['refunded_amount'], states[1] === 'failed' ? '0.00' : '20.00');
      assert.equal(told('refund').at(-1)?.['status'], states[1]);
    });
  }

  it('sends a paid payout back', async () => {
    const money = { amount: '20.00', currency: 'EUR', reference: 'out-1', destination: 'tok_payout_returned' };
    await acme.post('/payouts', money);
    await bench.rest();
    assert.deepEqual(
      told('payout').map(({ status }) => status),
      ['paid', 'returned'],
    );
  });

  for (const [token, ends] of [
    ['tok_disputed_won', ['open', 'won']],
    ['tok_disputed_lost', ['open', 'lost']],
    ['tok_disputed_reversed', ['open', 'lost', 'reversed']],
  ] as const) {
    it(`plays the dispute of ${token} by itself`, async () => {
      const { json } = await acme.pay('order-1', { token });
      await bench.rest();
      assert.deepEqual(
        told('dispute').map(({ status }) => status),
        ends,
      );
      const [dispute] = (await acme.get(`/disputes?payment_id=${String(json['payment_id'])}`)).json['data'] as Json[];
      assert.equal(dispute?.['status'], ends.at(-1));
      assert.equal((await read(json))['disputed_amount'], ends.at(-1) === 'lost' ? '50.00' : '0.00');
    });
  }

  it('takes evidence once, and lets a dispute be given up', async () => {
    await acme.pay('order-1', { token: 'tok_disputed' });
    await acme.pay('order-2', { token: 'tok_disputed' });
    let open: Json[] = [];
    for (let day = 0; day < 30 && open.length < 2; day += 1) {
      await bench.pass(DAY_MS);
      open = (await acme.get('/disputes')).json['data'] as Json[];
      for (const { dispute_id: id, status } of open.filter((one) => one['reference'] === 'order-1')) {
        if (status !== 'open') continue;
        const answered = await acme.post(`/disputes/${String(id)}/evidence`, { text: 'He was there.' });
        assert.equal(answered.json['status'], 'under_review');
        assert.equal((await acme.post(`/disputes/${String(id)}/evidence`, { text: 'Again.' })).status, 409);
      }
      for (const { dispute_id: id, status } of open.filter((one) => one['reference'] === 'order-2')) {
        if (status === 'open')
          assert.equal((await acme.post(`/disputes/${String(id)}/accept`, {})).json['status'], 'lost');
      }
    }
    assert.equal(open.length, 2);
  });

  it('keeps a card, charges it by its token and forgets it', async () => {
    const kept = (await acme.post('/payment-methods', { token: 'tok_mastercard', customer: 'player-1' })).json;
    const token = String(kept['method_token']);
    assert.deepEqual([kept['brand'], kept['last4']], ['mastercard', '4242']);
    const paid = (await acme.pay('order-1', { token })).json;
    assert.deepEqual([paid['status'], paid['method_token']], ['captured', token]);
    const list = async () => ((await acme.get('/payment-methods?customer=player-1')).json['data'] as Json[]).length;
    assert.equal(await list(), 1);
    const { url, credentials } = bench.psp();
    const headers = { authorization: `Bearer ${credentials['apiKey']}` };
    assert.equal((await bench.exchange(`${url}/payment-methods/${token}`, { method: 'DELETE', headers })).status, 204);
    assert.equal(await list(), 0);
    assert.equal((await acme.pay('order-2', { token })).status, 422);
  });

  it('pages through a list, each object once and in order', async () => {
    for (let n = 1; n <= 7; n += 1) await acme.pay(`order-${n}`);
    const seen: unknown[] = [];
    let after = '';
    for (;;) {
      const { json } = await acme.get(`/payments?limit=3${after}`);
      const data = json['data'] as Json[];
      seen.push(...data.map((payment) => payment['reference']));
      if (json['has_more'] !== true) break;
      after = `&starting_after=${String(data.at(-1)?.['payment_id'])}`;
    }
    assert.deepEqual(seen, ['order-1', 'order-2', 'order-3', 'order-4', 'order-5', 'order-6', 'order-7']);
    assert.equal((await acme.get('/payments?limit=0')).status, 422);
    assert.equal((await acme.get('/payments?starting_after=apay_none')).status, 422);
  });
});
