import assert from 'node:assert/strict';
import { createSign } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { MalformedWebhookError, WebhookKeysUnavailableError } from '../../../ports/psp-adapter.ts';
import type { WebhookInput } from '../../../ports/psp-adapter.ts';
import { answer, inWorld, silence } from '../test/scripted-psp.ts';
import { selfSigned } from '../test/self-signed.ts';
import { isPaypals } from './certificates.ts';
import { parsePaypalWebhook } from './events.ts';
import { paypalWebhookVerifier } from './signature.ts';

const NOW_MS = Date.parse('2026-01-05T09:00:00.400Z');
const WEBHOOK_ID = '8PT597110X687430L';
const CAPTURE = {
  id: '3C6',
  status: 'COMPLETED',
  amount: { currency_code: 'EUR', value: '50.00' },
  custom_id: 'att_1',
  supplementary_data: { related_ids: { order_id: '5O1' } },
};
const EVENT = {
  id: 'WH-1',
  event_type: 'PAYMENT.CAPTURE.COMPLETED',
  create_time: '2026-01-05T08:59:59.000Z',
  resource_type: 'capture',
  resource: CAPTURE,
};
const BODY = Buffer.from(JSON.stringify(EVENT, null, 2));

const DAY_MS = 86_400_000;
const pair = selfSigned(NOW_MS - DAY_MS, NOW_MS + DAY_MS);

interface Signing {
  webhookId?: string;
  time?: string;
  body?: Buffer;
  key?: string;
}

function headersFor({ webhookId = WEBHOOK_ID, time = '2026-01-05T09:00:00Z', body = BODY, key }: Signing = {}) {
  const text = `trans-1|${time}|${webhookId}|${crc32(body)}`;
  return {
    'paypal-auth-algo': 'SHA256withRSA',
    'paypal-cert-url': 'http://psp/v1/notifications/certs/CERT-1',
    'paypal-transmission-id': 'trans-1',
    'paypal-transmission-time': time,
    'paypal-transmission-sig': createSign('RSA-SHA256')
      .update(text)
      .sign(key ?? pair.privateKey, 'base64'),
  };
}

function verify(
  headers: Record<string, string | undefined>,
  more: { body?: Buffer; certificate?: string; webhookId?: string } = {},
) {
  const given = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return paypalWebhookVerifier.verify({
    rawBody: more.body ?? BODY,
    headers: Object.fromEntries(given),
    credentials: {
      webhookId: more.webhookId ?? WEBHOOK_ID,
      webhookCertificate: more.certificate ?? pair.certificate,
    },
    receivedAtMs: NOW_MS,
    toleranceMs: 300_000,
  });
}

describe('paypal webhook signature', () => {
  it('accepts what is signed for our webhook, and for any of several', () => {
    assert.equal(verify(headersFor()).kind, 'verified');
    assert.equal(verify(headersFor(), { webhookId: `OTHER,${WEBHOOK_ID}` }).kind, 'verified');
  });

  const refusals: readonly [string, () => ReturnType<typeof verify>, string][] = [
    ['a message for the webhook of somebody else', () => verify(headersFor({ webhookId: 'OTHER' })), 'mismatch'],
    [
      'a changed body',
      () => verify(headersFor(), { body: Buffer.from(BODY.toString().replace('50.00', '90.00')) }),
      'mismatch',
    ],
    ['a re-serialised body', () => verify(headersFor(), { body: Buffer.from(JSON.stringify(EVENT)) }), 'mismatch'],
    ['another transmission id', () => verify({ ...headersFor(), 'paypal-transmission-id': 'trans-2' }), 'mismatch'],
    ['no certificate', () => verify(headersFor(), { certificate: '' }), 'mismatch'],
    ['a certificate that is none', () => verify(headersFor(), { certificate: 'hello' }), 'mismatch'],
    ['no webhook id of ours', () => verify(headersFor({ webhookId: '' }), { webhookId: '' }), 'mismatch'],
    ['no signature', () => verify({ ...headersFor(), 'paypal-transmission-sig': undefined }), 'missing'],
    ['no time', () => verify({ ...headersFor(), 'paypal-transmission-time': undefined }), 'missing'],
    ['a signature that is no base64', () => verify({ ...headersFor(), 'paypal-transmission-sig': '!' }), 'malformed'],
    ['another algorithm', () => verify({ ...headersFor(), 'paypal-auth-algo': 'none' }), 'malformed'],
    ['a time that is none', () => verify(headersFor({ time: 'soon' })), 'malformed'],
    ['a stale time', () => verify(headersFor({ time: '2026-01-05T08:54:59Z' })), 'stale'],
    ['a time from the future', () => verify(headersFor({ time: '2026-01-05T09:05:01Z' })), 'future'],
  ];
  for (const [what, run, reason] of refusals)
    it(`refuses ${what}`, () => assert.deepEqual(run(), { kind: 'invalid_signature', reason }));

  it('refuses the key of somebody else, and a certificate that has ended', () => {
    const other = selfSigned(NOW_MS - DAY_MS, NOW_MS + DAY_MS);
    const mismatch = { kind: 'invalid_signature', reason: 'mismatch' };
    assert.deepEqual(verify(headersFor({ key: other.privateKey })), mismatch);
    const { certificate, privateKey: key } = selfSigned(NOW_MS - DAY_MS, NOW_MS - 1_000);
    assert.deepEqual(verify(headersFor({ key }), { certificate }), mismatch);
    const own = verify(headersFor({ key: other.privateKey }), { certificate: other.certificate });
    assert.equal(own.kind, 'verified');
  });

  it('names the transmission, which must not come with another body', () => {
    const nonces = [headersFor(), headersFor(), headersFor({ time: '2026-01-05T08:59:59Z' })].map((headers) => {
      const verdict = verify(headers);
      return verdict.kind === 'verified' ? verdict.nonce : undefined;
    });
    assert.ok(nonces[0] !== undefined && nonces[0] === nonces[1]);
    assert.notEqual(nonces[0], nonces[2]);
  });

  it('calls a signed body that is no JSON object malformed', () => {
    for (const text of ['', 'hello', '[]']) {
      const body = Buffer.from(text);
      assert.equal(verify(headersFor({ body }), { body }).kind, 'malformed', text);
    }
  });
});

describe('paypal certificates', () => {
  const input = (url: string): WebhookInput => ({
    rawBody: BODY,
    headers: { ...headersFor(), 'paypal-cert-url': url },
  });

  it('are fetched once from the PSP, and again only under another name', () =>
    inWorld('paypal', async ({ adapter, script, seen }) => {
      assert.ok(adapter.webhookKeys);
      const url = 'http://psp-under-test/v1/notifications/certs/CERT-1';
      script(answer(200, 'PEM 1', { 'content-type': 'text/plain' }), answer(200, 'PEM 2'));
      assert.deepEqual(await adapter.webhookKeys(input(url)), { webhookCertificate: 'PEM 1' });
      assert.deepEqual(await adapter.webhookKeys(input(url)), { webhookCertificate: 'PEM 1' });
      assert.deepEqual(await adapter.webhookKeys(input(`${url}2`)), { webhookCertificate: 'PEM 2' });
      assert.equal(seen.length, 2);
    }));

  it('are not there under a name that PayPal does not know, and not to be had while it is down', () =>
    inWorld('paypal', async ({ adapter, script }) => {
      const { webhookKeys } = adapter;
      assert.ok(webhookKeys);
      const ask = () => webhookKeys.call(adapter, input('http://psp-under-test/v1/notifications/certs/CERT-1'));
      script(answer(404, ''), answer(503, ''), silence, answer(200, 'x'.repeat(20_000)), answer(200, 'PEM'));
      assert.deepEqual(await ask(), {});
      for (let tries = 0; tries < 3; tries += 1) await assert.rejects(ask(), WebhookKeysUnavailableError);
      assert.deepEqual(await ask(), { webhookCertificate: 'PEM' });
    }));

  it('are fetched from nowhere else, and not for a message without a signature', () =>
    inWorld('paypal', async ({ adapter, seen }) => {
      assert.ok(adapter.webhookKeys);
      assert.deepEqual(await adapter.webhookKeys(input('http://elsewhere/v1/notifications/certs/CERT-1')), {});
      const unsigned = {
        rawBody: BODY,
        headers: { 'paypal-cert-url': 'http://psp-under-test/v1/notifications/certs/C' },
      };
      assert.deepEqual(await adapter.webhookKeys(unsigned), {});
      assert.equal(seen.length, 0);
    }));

  const LIVE = 'https://api-m.paypal.com';
  const hosts: readonly [string, boolean][] = [
    ['https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-5edc0ebc', true],
    ['https://api-m.paypal.com/v1/notifications/certs/CERT-360caa42', true],
    ['https://api.sandbox.paypal.com/v1/notifications/certs/CERT-360caa42', false],
    ['http://api.paypal.com/v1/notifications/certs/CERT-360caa42', false],
    ['https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1', false],
    ['https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1', false],
    ['https://user@api.paypal.com/v1/notifications/certs/CERT-1', false],
    ['https://api.paypal.com/v1/notifications/certs/../../x', false],
    ['https://api.paypal.com/v1/notifications/certs/CERT-1?x=1', false],
    ['https://api.paypal.com:8443/v1/notifications/certs/CERT-1', false],
    ['https://www.paypal.com/v1/notifications/certs/CERT-1', false],
    ['not a url', false],
  ];
  for (const [url, isTheirs] of hosts)
    it(`${isTheirs ? 'may' : 'must not'} come from ${url}`, () => assert.equal(isPaypals(url, LIVE), isTheirs));
});

describe('paypal events', () => {
  const parse = (event_type: string, resource: object) =>
    parsePaypalWebhook(Buffer.from(JSON.stringify({ ...EVENT, event_type, resource })))[0];

  it('reads a capture, with its order and its own id', () => {
    assert.deepEqual(parsePaypalWebhook(BODY), [
      {
        eventId: 'WH-1',
        type: 'PAYMENT.CAPTURE.COMPLETED',
        occurredAt: Date.parse('2026-01-05T08:59:59.000Z'),
        subject: 'payment',
        outcome: 'succeeded',
        reference: 'att_1',
        pspReference: '5O1',
        partReference: '3C6',
        money: { amountMinor: 5_000, currency: 'EUR' },
        code: null,
      },
    ]);
  });

  it('asks about an order that the payer approved: nothing has moved', () => {
    const event = parse('CHECKOUT.ORDER.APPROVED', {
      id: '5O1',
      status: 'APPROVED',
      purchase_units: [{ custom_id: 'att_1' }],
    });
    assert.deepEqual(
      [event?.askPsp, event?.outcome, event?.reference, event?.pspReference, event?.money],
      [true, 'pending', 'att_1', '5O1', null],
    );
  });

  const outcomes: readonly [string, object, string, string][] = [
    ['PAYMENT.CAPTURE.DECLINED', { ...CAPTURE, processor_response: { response_code: '0500' } }, 'payment', 'failed'],
    ['PAYMENT.CAPTURE.PENDING', CAPTURE, 'payment', 'pending'],
    ['PAYMENT.AUTHORIZATION.CREATED', { ...CAPTURE, status: 'CREATED' }, 'payment', 'authorized'],
    ['PAYMENT.AUTHORIZATION.CREATED', { ...CAPTURE, status: 'DENIED' }, 'payment', 'failed'],
    ['PAYMENT.AUTHORIZATION.VOIDED', { ...CAPTURE, status: 'VOIDED' }, 'payment', 'canceled'],
    ['PAYMENT.AUTHORIZATION.VOIDED', { ...CAPTURE, status: 'CAPTURED' }, 'payment', 'irrelevant'],
    ['PAYMENT.CAPTURE.REFUNDED', { ...CAPTURE, custom_id: 'ref_1' }, 'refund', 'succeeded'],
    ['PAYMENT.REFUND.FAILED', { ...CAPTURE, custom_id: 'ref_1' }, 'refund', 'failed'],
    ['PAYMENT.CAPTURE.REVERSED', CAPTURE, 'payment', 'irrelevant'],
    ['PAYMENT.PAYOUTSBATCH.SUCCESS', { batch_header: {} }, 'payment', 'irrelevant'],
    ['SOMETHING.NEW', {}, 'payment', 'irrelevant'],
  ];
  for (const [type, resource, subject, outcome] of outcomes)
    it(`reads ${type} (${JSON.stringify((resource as { status?: string }).status ?? '')}) as ${outcome}`, () => {
      const event = parse(type, resource);
      assert.deepEqual([event?.subject, event?.outcome], [subject, outcome]);
    });

  it('reads payout items by their batch', () => {
    const item = {
      payout_item_id: 'I1',
      payout_batch_id: 'B1',
      payout_item: { sender_item_id: 'pot_1', amount: { currency: 'EUR', value: '20.00' } },
      errors: { name: 'RECEIVER_UNREGISTERED' },
    };
    const read = (type: string) => {
      const event = parse(`PAYMENT.PAYOUTS-ITEM.${type}`, item);
      return [event?.subject, event?.outcome, event?.reference, event?.pspReference, event?.code];
    };
    assert.deepEqual(read('SUCCEEDED'), ['payout', 'succeeded', 'pot_1', 'B1', null]);
    assert.deepEqual(read('FAILED'), ['payout', 'failed', 'pot_1', 'B1', 'RECEIVER_UNREGISTERED']);
    assert.deepEqual(read('RETURNED'), ['payout', 'returned', 'pot_1', 'B1', 'RECEIVER_UNREGISTERED']);
    assert.deepEqual(read('UNCLAIMED'), ['payout', 'pending', 'pot_1', 'B1', null]);
  });

  it('reads disputes by our reference, and their end by its code', () => {
    const dispute = (outcome_code?: string) => ({
      dispute_id: 'PP-D-1',
      reason: 'UNAUTHORISED',
      dispute_amount: { currency_code: 'EUR', value: '50.00' },
      disputed_transactions: [{ seller_transaction_id: '3C6', custom: 'att_1' }],
      ...(outcome_code === undefined ? {} : { dispute_outcome: { outcome_code } }),
    });
    const opened = parse('CUSTOMER.DISPUTE.CREATED', dispute());
    assert.deepEqual(
      [opened?.subject, opened?.outcome, opened?.reference, opened?.partReference, opened?.money?.amountMinor],
      ['dispute', 'dispute_opened', 'att_1', 'PP-D-1', 5_000],
    );
    for (const [code, outcome] of [
      ['RESOLVED_BUYER_FAVOUR', 'dispute_lost'],
      ['ACCEPTED', 'dispute_lost'],
      ['RESOLVED_SELLER_FAVOUR', 'dispute_won'],
      ['CANCELED_BY_BUYER', 'dispute_won'],
      ['NONE', 'pending'],
    ] as const)
      assert.equal(parse('CUSTOMER.DISPUTE.RESOLVED', dispute(code))?.outcome, outcome, code);
  });

  it('refuses what is no event, and an event of money that states none', () => {
    const bodies = ['', '[]', '{}', JSON.stringify({ ...EVENT, create_time: 'soon' })];
    for (const text of bodies) assert.throws(() => parsePaypalWebhook(Buffer.from(text)), MalformedWebhookError, text);
    const without = { ...CAPTURE, amount: { currency_code: 'EUR', value: 50 } };
    assert.throws(() => parse('PAYMENT.CAPTURE.COMPLETED', without), MalformedWebhookError);
  });
});
