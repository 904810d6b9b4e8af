/** The client of a foreign service: its answers in the words of the payments API, its looks by every way. */
import assert from 'node:assert/strict';
import { NetworkError, type HttpRequest, type Network } from '../../../kernel/index.ts';
import { createForeignClient } from './foreign-client.ts';
import { createRowReader } from './read-rows.ts';
import { parseTarget } from './read-target.ts';
import type { Target } from './target-file.ts';

const FILE = `name: shop
psps:
  main: { dialect: stripe, webhooks: "{base}/hooks" }
start: { command: node shop.js }
currencies: [EUR]
amounts: minor
deposit:
  call: POST {base}/orders
  headers: { Idempotency-Key: "{key}" }
  body: { who: "{player}", cents: "{amount_minor}", card: "{card}", psp: "{psp}" }
  answer: { id: order.id, status: order.state, redirect: order.page, reference: order.intents }
  status: { call: "GET {base}/orders/{id}", answer: { status: state } }
payout:
  call: POST {base}/payouts
  form: { who: "{player}", euros: "{amount}" }
  answer: { id: id, status: state }
  status: { call: "GET {base}/payouts/{id}", answer: { status: state } }
refund: { call: "POST {base}/orders/{id}/refunds", body: { cents: "{amount_minor}" }, answer: { id: id, status: state } }
fund: { call: "POST {base}/gifts", body: { cents: "{amount_minor}" } }
states: { open: pending, paid: succeeded, refused: declined }
kinds: { out: payout_post }
observe:
  balance: { call: "GET {base}/players/{player}", answer: { available: cents, held: locked } }
  entries:
    command: echo '[{"n":"a","o":"o1","c":500,"p":"p1"},{"n":"b","o":"x","c":-200,"k":"out","p":"p1"},{"n":"c","o":"y","c":1,"p":"p2"}]'
    answer: { id: n, payment: o, amount: c, kind: k, player: p }
  cases: { call: "GET {base}/cases", list: rows, answer: { subject: about, open: open } }
`;

type Answer = { status: number; body?: unknown };

/** A client whose service answers as `answers` say, by `METHOD path`; and what was asked. */
function open(answers: Record<string, Answer>, text = FILE) {
  const asked: HttpRequest[] = [];
  const request = (one: HttpRequest) => {
    asked.push(one);
    const found = answers[`${one.method} ${one.url.replace('http://shop', '')}`];
    if (found === undefined) return Promise.reject(new NetworkError('refused', 'nobody there', false));
    const body = found.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(found.body));
    return Promise.resolve({ status: found.status, headers: {}, body });
  };
  const network = { request } as unknown as Network;
  const target: Target = { ...parseTarget(text, 'shop.yaml'), file: 'shop.yaml', folder: process.cwd() };
  const rows = createRowReader({ network, folder: process.cwd(), environment: { PATH: '/usr/bin:/bin' } });
  const psps = [{ name: 'main', dialect: 'stripe' as const }];
  return { asked, client: createForeignClient({ network, target, values: { base: 'http://shop' }, rows, psps }) };
}

const DEPOSIT = {
  amount: '5.00',
  currency: 'EUR',
  method: 'card' as const,
  return_url: 'https://shop.example/done',
  player_id: 'p1',
  payment_token: 'card_3ds',
  meta: { country: 'DE', device: 'mobile' as const },
};
const CALL = { idempotencyKey: 'k1', timeoutMs: 1_000 };

describe('the client of a foreign service', () => {
  it('sends a deposit as the file says and understands the answer', async () => {
    const order = { id: 'o1', state: 'open', page: 'http://psp/3ds', intents: ['pi_1', 'pi_2'] };
    const { client, asked } = open({
      'POST /orders': { status: 201, body: { order } },
      'GET /orders/o1': { status: 200, body: { state: 'paid' } },
    });
    const answer = await client.initPayment(DEPOSIT, CALL);
    assert.deepEqual(answer.body, { payment_id: 'o1', status: 'pending', redirect_url: 'http://psp/3ds' });
    assert.equal(asked[0]?.headers?.['idempotency-key'], 'k1');
    assert.deepEqual(JSON.parse(String(asked[0]?.body)), {
      who: 'p1',
      cents: 500,
      card: 'pm_card_threeDSecure2Required',
      psp: 'main',
    });
    const payment = await client.payment('o1');
    assert.deepEqual([payment.status, payment.amount, payment.player_id], ['succeeded', '5.00', 'p1']);
    assert.deepEqual(
      payment.attempts.map(({ attempt_id: id }) => id),
      ['o1', 'pi_1', 'pi_2'],
    );
  });

  it('takes an answer without an id for none, and a refusal for one', async () => {
    const broken = open({ 'POST /orders': { status: 200, body: {} } });
    assert.equal((await broken.client.initPayment(DEPOSIT, CALL)).status, 502);
    const refusing = open({ 'POST /orders': { status: 402, body: { order: { id: 'o1' } } } });
    const refused = await refusing.client.initPayment(DEPOSIT, CALL);
    assert.deepEqual([refused.status, refused.body], [402, { error: 'http_402', details: { payment_id: 'o1' } }]);
  });

  it('does not guess what a word or a missing line means', async () => {
    const strange = open({
      'POST /orders': { status: 200, body: { order: { id: 'o1', state: 'open' } } },
      'GET /orders/o1': { status: 200, body: { state: 'lost' } },
    });
    await strange.client.initPayment(DEPOSIT, CALL);
    await assert.rejects(strange.client.payment('o1'), /`lost` is not among `states`/);
    const silent = open({}, FILE.replace(/ {2}cases:.*\n/, ''));
    await assert.rejects(silent.client.cases(), /the target file says nothing of observe\.cases/);
    await assert.rejects(silent.client.capturePayment('o1', null, CALL), /says nothing of captures/);
  });

  it('pays out, funds and refunds', async () => {
    const { client, asked } = open({
      'POST /orders': { status: 200, body: { order: { id: 'o1', state: 'paid' } } },
      'POST /payouts': { status: 200, body: { id: 'w1', state: 'open' } },
      'GET /payouts/w1': { status: 200, body: { state: 'paid' } },
      'POST /gifts': { status: 204 },
      'POST /orders/o1/refunds': { status: 200, body: { id: 'r1', state: 'open' } },
    });
    await client.initPayment(DEPOSIT, CALL);
    const movement = { player_id: 'p1', payment_id: 'f', txn_id: 'f', amount: '9.00', currency: 'EUR' };
    assert.equal((await client.creditWallet({ ...movement, idempotency_key: 'f' }, CALL)).status, 200);
    const payout = {
      amount: '2.00',
      currency: 'EUR',
      method: 'card' as const,
      player_id: 'p1',
      destination_token: 't',
    };
    assert.deepEqual((await client.initPayout(payout, CALL)).body, { payout_id: 'w1', status: 'pending' });
    assert.equal((await client.payout('w1')).status, 'succeeded');
    assert.deepEqual((await client.refundPayment('o1', '1.00', CALL)).body, { refund_id: 'r1', status: 'pending' });
    const bodies = asked.map(({ body }) => String(body));
    assert.ok(
      bodies.includes('who=p1&euros=2.00') && bodies.includes('{"cents":100}') && bodies.includes('{"cents":900}'),
    );
  });

  it('shows balance, movements of one player, cases, and what the PSP must hold when they are true', async () => {
    const { client } = open({
      'POST /orders': { status: 200, body: { order: { id: 'o1', state: 'paid' } } },
      'GET /players/p1': { status: 200, body: { cents: 300, locked: 0 } },
      'GET /cases': {
        status: 200,
        body: {
          rows: [
            { about: 'o1', open: false },
            { about: 'o2', open: true },
          ],
        },
      },
    });
    await client.initPayment(DEPOSIT, CALL);
    assert.deepEqual(await client.wallets('p1'), [{ currency: 'EUR', available: '3.00', held: '0.00' }]);
    const entries = await client.entries('p1');
    assert.deepEqual(
      entries.map(({ kind, amount, payment_id: id }) => [kind, amount, id]),
      [
        ['deposit_credit', '5.00', 'o1'],
        ['payout_post', '-2.00', 'x'],
      ],
    );
    assert.deepEqual(
      (await client.ledger()).map(({ account, balance }) => [account, balance]),
      [
        ['players', '3.00'],
        ['psp:main', '-3.00'],
      ],
    );
    assert.deepEqual(
      (await client.cases()).map(({ subject_id: id, status }) => [id, status]),
      [
        ['o1', 'resolved'],
        ['o2', 'open'],
      ],
    );
  });

  it('says how a command failed', async () => {
    const failing = open({}, FILE.replace(/^ {4}command: .*/m, '    command: echo no such table >&2; exit 3'));
    await assert.rejects(failing.client.entries('p1'), /observe\.entries: the command failed with 3: no such table/);
    const talking = open({}, FILE.replace(/^ {4}command: .*/m, '    command: echo hello'));
    await assert.rejects(talking.client.entries('p1'), /printed something that is not JSON/);
  });
});
