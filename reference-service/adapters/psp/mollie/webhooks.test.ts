import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import { answer, inWorld } from '../test/scripted-psp.ts';
import { parseMollieWebhook } from './events.ts';
import { mollieWebhookVerifier } from './signature.ts';
// Loaded now: the clock of a test waits a few seconds for work that is not its own, and no longer.
import './sdk.ts';

const PAYMENT = {
  resource: 'payment',
  id: 'tr_1',
  mode: 'test',
  status: 'paid',
  amount: { currency: 'EUR', value: '50.00' },
  metadata: { reference: 'att_1' },
  createdAt: '2026-01-05T09:00:00+00:00',
};
const REFUND = {
  resource: 'refund',
  id: 're_1',
  mode: 'test',
  status: 'refunded',
  amount: { currency: 'EUR', value: '20.00' },
  paymentId: 'tr_1',
  metadata: { reference: 'ref_1' },
  createdAt: '2026-01-06T09:00:00+00:00',
};
const CHARGEBACK = {
  resource: 'chargeback',
  id: 'chb_1',
  amount: { currency: 'EUR', value: '50.00' },
  paymentId: 'tr_1',
  reversedAt: null,
  createdAt: '2026-01-07T09:00:00+00:00',
};
const CLASSIC = Buffer.from('id=tr_1');

function event(type: string, entity: object | null, more: object = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      resource: 'event',
      id: 'event_1',
      type,
      entityId: 'tr_1',
      createdAt: '2026-01-05T09:00:01+00:00',
      ...(entity === null ? {} : { _embedded: { entity } }),
      ...more,
    }),
  );
}

const BODY = event('payment.paid', PAYMENT);

function signature(secret = 'whsec_current', body = BODY): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

function verify(header: string | undefined, rawBody = BODY, webhookSecret = 'whsec_current', more = {}) {
  return mollieWebhookVerifier.verify({
    rawBody,
    headers: header === undefined ? {} : { 'x-mollie-signature': header },
    credentials: { webhookSecret, ...more },
    receivedAtMs: 0,
    toleranceMs: 0,
  });
}

let ids = 0;
const parse = (rawBody: Buffer) => parseMollieWebhook(rawBody, { now: () => 1_000 }, () => `id-${(ids += 1)}`);

describe('mollie webhook signature', () => {
  it('accepts the current secret, and any of several on either side while one is rotated', () => {
    assert.deepEqual(verify(signature()), { kind: 'verified' });
    assert.deepEqual(verify(signature('whsec_old'), BODY, 'whsec_new, whsec_old'), { kind: 'verified' });
    assert.deepEqual(verify(`${signature('whsec_old')}, ${signature('whsec_new')}`, BODY, 'whsec_new'), {
      kind: 'verified',
    });
  });

  it('lets the classic form through as what it is: signed by nobody', () => {
    assert.deepEqual(verify(undefined, CLASSIC), { kind: 'unsigned' });
  });

  it('refuses it where only signed events are wanted', () => {
    const more = { signedWebhooksOnly: 'true' };
    assert.deepEqual(verify(undefined, CLASSIC, 'whsec_current', more), {
      kind: 'invalid_signature',
      reason: 'missing',
    });
    assert.deepEqual(verify(signature(), BODY, 'whsec_current', more), { kind: 'verified' });
  });

  const refusals: readonly [string, () => ReturnType<typeof verify>, string][] = [
    ['another secret', () => verify(signature('whsec_other')), 'mismatch'],
    ['one changed byte', () => verify(signature(), Buffer.from(BODY.toString().replace('50.00', '90.00'))), 'mismatch'],
    ['no secret at all', () => verify(signature(''), BODY, ' , '), 'mismatch'],
    ['an event without a signature', () => verify(undefined), 'missing'],
    ['a classic form with more in it', () => verify(undefined, Buffer.from('id=tr_1&status=paid')), 'missing'],
    ['a classic form of something else', () => verify(undefined, Buffer.from('id=ord_1')), 'missing'],
    ['a classic form with a wrong signature', () => verify(signature('whsec_other', CLASSIC), CLASSIC), 'mismatch'],
    ['another algorithm', () => verify(signature().replace('sha256', 'sha1')), 'malformed'],
    ['one bad signature among good ones', () => verify(`${signature()},sha256=xyz`), 'malformed'],
  ];
  for (const [what, run, reason] of refusals)
    it(`refuses ${what}`, () => assert.deepEqual(run(), { kind: 'invalid_signature', reason }));
});

describe('mollie events', () => {
  it('reads a paid payment', () => {
    assert.deepEqual(parse(BODY), [
      {
        eventId: 'event_1',
        type: 'payment.paid',
        occurredAt: Date.parse('2026-01-05T09:00:01Z'),
        subject: 'payment',
        outcome: 'succeeded',
        reference: 'att_1',
        pspReference: 'tr_1',
        money: { amountMinor: 5_000, currency: 'EUR' },
        code: null,
        environment: 'test',
      },
    ]);
  });

  it('takes what was captured, not what was authorized', () => {
    const amountCaptured = { currency: 'EUR', value: '20.00' };
    assert.equal(parse(event('payment.paid', { ...PAYMENT, amountCaptured }))[0]?.money?.amountMinor, 2_000);
  });

  for (const [status, outcome, code] of [
    ['authorized', 'authorized', null],
    ['failed', 'failed', 'insufficient_funds'],
    ['expired', 'failed', 'expired'],
    ['canceled', 'canceled', null],
    ['open', 'pending', null],
    ['pending', 'pending', null],
    ['something_new', 'pending', null],
  ] as const)
    it(`reads a payment that is ${status} as ${outcome}, whatever the event is called`, () => {
      const details = { failureReason: 'insufficient_funds' };
      const [read] = parse(event('payment.paid', { ...PAYMENT, status, details }));
      assert.deepEqual([read?.outcome, read?.code], [outcome, code]);
    });

  for (const [status, outcome] of [
    ['refunded', 'succeeded'],
    ['failed', 'failed'],
    ['canceled', 'failed'],
    ['queued', 'pending'],
    ['pending', 'pending'],
    ['processing', 'pending'],
  ])
    it(`reads a refund that is ${status} as ${outcome}, with the amount of this one`, () => {
      const [read] = parse(event(`refund.${status}`, { ...REFUND, status }));
      assert.deepEqual(
        [read?.subject, read?.outcome, read?.reference, read?.pspReference, read?.partReference, read?.money],
        ['refund', outcome, 'ref_1', 'tr_1', 're_1', { amountMinor: 2_000, currency: 'EUR' }],
      );
    });

  for (const [type, outcome] of [
    ['chargeback.received', 'dispute_opened'],
    ['chargeback.reversed', 'dispute_won'],
  ] as const)
    it(`reads ${type} as ${outcome}`, () => {
      const [read] = parse(event(type, CHARGEBACK));
      assert.deepEqual(
        [read?.subject, read?.outcome, read?.pspReference, read?.partReference],
        ['dispute', outcome, 'tr_1', 'chb_1'],
      );
    });

  for (const type of [
    'payout.completed',
    'balance-transaction.created',
    'capture.succeeded',
    'something.new',
    'payments',
  ])
    it(`stores ${type} as irrelevant`, () => {
      assert.equal(parse(event(type, { ...PAYMENT, id: 'po_1' }))[0]?.outcome, 'irrelevant');
    });

  it('gives a hint with an id of its own each time for the classic form, and for an event without its entity', () => {
    const [first, second] = [parse(CLASSIC)[0], parse(CLASSIC)[0]];
    assert.deepEqual(
      [first?.outcome, first?.pspReference, first?.reference, first?.money, first?.askFirst],
      ['pending', 'tr_1', null, null, true],
    );
    assert.notEqual(first?.eventId, second?.eventId);
    const [bare] = parse(event('payment.paid', null));
    assert.deepEqual([bare?.eventId, bare?.pspReference, bare?.askFirst], ['event_1', 'tr_1', true]);
  });

  const malformed: readonly [string, Buffer][] = [
    ['nothing', Buffer.from('')],
    ['another form', Buffer.from('id=ord_1')],
    ['an array', Buffer.from('[]')],
    ['no id', event('payment.paid', PAYMENT, { id: undefined })],
    ['no time', event('payment.paid', PAYMENT, { createdAt: 'yesterday' })],
    ['a paid payment without an amount', event('payment.paid', { ...PAYMENT, amount: undefined })],
    ['the wrong decimals', event('payment.paid', { ...PAYMENT, amount: { currency: 'EUR', value: '50.0' } })],
  ];
  for (const [what, body] of malformed)
    it(`refuses ${what} as malformed`, () => assert.throws(() => parse(body), MalformedWebhookError));
});

describe('reading what a mollie hint is about', () => {
  const hint = parse(CLASSIC)[0];
  const embedded = { refunds: [REFUND, { ...REFUND, id: 're_2', status: 'pending' }], chargebacks: [CHARGEBACK] };

  it('gives an event for each thing that is final, under ids that stay the same', () =>
    inWorld('mollie', async ({ adapter, script, seen }) => {
      assert.ok(hint);
      script(answer(200, { ...PAYMENT, _embedded: embedded }), answer(200, { ...PAYMENT, _embedded: embedded }));
      const first = await adapter.readEvents?.(hint);
      assert.ok(first?.kind === 'events', JSON.stringify(first));
      assert.deepEqual(
        first.events.map(({ eventId, subject, outcome }) => [eventId, subject, outcome]),
        [
          ['read:tr_1:payment.paid', 'payment', 'succeeded'],
          ['read:re_1:refund.refunded', 'refund', 'succeeded'],
          ['read:chb_1:chargeback.received', 'dispute', 'dispute_opened'],
        ],
      );
      assert.deepEqual(await adapter.readEvents?.(hint), first);
      assert.equal(seen[0]?.path, '/v2/payments/tr_1?embed=refunds%2Cchargebacks');
    }));

  it('gives both ends of a chargeback that was reversed, and nothing of an open payment', () =>
    inWorld('mollie', async ({ adapter, script }) => {
      assert.ok(hint);
      const reversed = { ...CHARGEBACK, reversedAt: '2026-01-09T09:00:00+00:00' };
      script(answer(200, { ...PAYMENT, status: 'open', _embedded: { refunds: [], chargebacks: [reversed] } }));
      const read = await adapter.readEvents?.(hint);
      assert.ok(read?.kind === 'events');
      assert.deepEqual(
        read.events.map(({ outcome }) => outcome),
        ['dispute_opened', 'dispute_won'],
      );
    }));

  it('does not find what mollie does not know, and doubts what is about another payment or has no amount', () =>
    inWorld('mollie', async ({ adapter, script }) => {
      assert.ok(hint);
      script(
        answer(404, { status: 404, title: 'Not Found', detail: 'No payment exists with token tr_1.' }),
        answer(200, { ...PAYMENT, id: 'tr_2' }),
        answer(200, { ...PAYMENT, amount: undefined }),
        answer(200, { ...PAYMENT, _embedded: { refunds: [{ ...REFUND, paymentId: 'tr_2' }] } }),
      );
      const kinds: unknown[] = [];
      for (let times = 0; times < 4; times += 1) kinds.push((await adapter.readEvents?.(hint))?.kind);
      assert.deepEqual(kinds, ['not_found', 'in_doubt', 'in_doubt', 'in_doubt']);
    }));
});
