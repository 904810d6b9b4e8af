import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import { parseCheckoutWebhook } from './events.ts';
import { checkoutWebhookVerifier } from './signature.ts';

const DATA = { id: 'pay_1', action_id: 'act_1', reference: 'att_1', amount: 5_000, currency: 'EUR' };
const EVENT = { id: 'evt_1', type: 'payment_captured', created_on: '2026-01-05T09:00:00Z', data: DATA };
const BODY = Buffer.from(JSON.stringify(EVENT, null, 2));

const sign = (body: Buffer, key = 'whk_current') => createHmac('sha256', key).update(body).digest('hex');
const verify = (signature: string | undefined, rawBody = BODY, webhookKey = 'whk_current') =>
  checkoutWebhookVerifier.verify({
    rawBody,
    headers: signature === undefined ? {} : { 'cko-signature': signature },
    credentials: { webhookKey },
    receivedAtMs: 0,
    toleranceMs: 1,
  });

describe('checkout webhook signature', () => {
  it('accepts the current key, and any of several while one is rotated', () => {
    assert.deepEqual(verify(sign(BODY)), { kind: 'verified' });
    assert.deepEqual(verify(sign(BODY, 'whk_old'), BODY, 'whk_new, whk_old'), { kind: 'verified' });
  });

  const refusals: readonly [string, () => ReturnType<typeof verify>, string][] = [
    ['another key', () => verify(sign(BODY, 'whk_other')), 'mismatch'],
    ['one changed byte', () => verify(sign(BODY), Buffer.from(BODY.toString().replace('5000', '9000'))), 'mismatch'],
    ['a re-serialised body', () => verify(sign(BODY), Buffer.from(JSON.stringify(EVENT))), 'mismatch'],
    ['no key at all', () => verify(sign(BODY, ''), BODY, ''), 'mismatch'],
    ['no header', () => verify(undefined), 'missing'],
    ['an empty header', () => verify(''), 'malformed'],
    ['upper-case hex', () => verify(sign(BODY).toUpperCase()), 'malformed'],
    ['half a signature', () => verify(sign(BODY).slice(0, 32)), 'malformed'],
  ];
  for (const [what, run, reason] of refusals)
    it(`refuses ${what}`, () => assert.deepEqual(run(), { kind: 'invalid_signature', reason }));

  it('calls a signed body that is no JSON object malformed', () => {
    for (const text of ['', 'hello', '[]', 'null']) {
      const body = Buffer.from(text);
      assert.equal(verify(sign(body), body).kind, 'malformed', text);
    }
  });
});

describe('checkout events', () => {
  const parse = (type: string, data: object = DATA) =>
    parseCheckoutWebhook(Buffer.from(JSON.stringify({ ...EVENT, type, data })))[0];

  it('reads a capture', () => {
    assert.deepEqual(parseCheckoutWebhook(BODY), [
      {
        eventId: 'evt_1',
        type: 'payment_captured',
        occurredAt: Date.parse('2026-01-05T09:00:00Z'),
        subject: 'payment',
        outcome: 'succeeded',
        reference: 'att_1',
        pspReference: 'pay_1',
        money: { amountMinor: 5_000, currency: 'EUR' },
        code: null,
      },
    ]);
  });

  it('tells an authorization that was asked for from a step on the way to the capture', () => {
    assert.equal(parse('payment_approved', { ...DATA, metadata: { capture: 'manual' } })?.outcome, 'authorized');
    assert.equal(parse('payment_approved', { ...DATA, metadata: { capture: 'automatic' } })?.outcome, 'pending');
    assert.equal(parse('payment_approved')?.outcome, 'pending');
  });

  it('tells a void from the release of what was not captured', () => {
    const voided = (balances?: object) => parse('payment_voided', { ...DATA, balances })?.outcome;
    assert.equal(voided({ total_captured: 0 }), 'canceled');
    assert.equal(voided({ total_captured: 3_000 }), 'irrelevant');
    assert.equal(voided(), 'pending');
  });

  it('knows payouts by their destination or our metadata', () => {
    assert.equal(parse('payment_declined')?.subject, 'payment');
    const declined = parse('payment_declined', { ...DATA, destination: {}, response_code: '20005' });
    assert.deepEqual([declined?.subject, declined?.outcome, declined?.code], ['payout', 'failed', '20005']);
    const canceled = parse('payment_canceled', { ...DATA, metadata: { payout_id: 'out_1' } });
    assert.deepEqual([canceled?.subject, canceled?.outcome], ['payout', 'failed']);
  });

  it('reads refunds with their action, and disputes with their payment', () => {
    const refund = parse('payment_refunded', { ...DATA, reference: 'ref_1' });
    assert.deepEqual(
      [refund?.subject, refund?.outcome, refund?.reference, refund?.pspReference, refund?.partReference],
      ['refund', 'succeeded', 'ref_1', 'pay_1', 'act_1'],
    );
    const dispute = parse('dispute_lost', {
      id: 'dsp_1',
      payment_id: 'pay_1',
      payment_reference: 'att_1',
      amount: 5_000,
      currency: 'EUR',
      reason_code: '10.4',
    });
    assert.deepEqual(
      [dispute?.subject, dispute?.outcome, dispute?.reference, dispute?.pspReference, dispute?.partReference],
      ['dispute', 'dispute_lost', 'att_1', 'pay_1', 'dsp_1'],
    );
    assert.equal(dispute?.code, '10.4');
  });

  it('passes over what it does not know', () => {
    for (const type of ['authentication_approved', 'card_verified', 'something_new'])
      assert.equal(parse(type)?.outcome, 'irrelevant', type);
  });

  it('refuses what is no event, and an event of money that states none', () => {
    const bodies = [
      '',
      '[]',
      '{}',
      JSON.stringify({ ...EVENT, created_on: 'soon' }),
      JSON.stringify({ ...EVENT, data: [] }),
    ];
    for (const text of bodies)
      assert.throws(() => parseCheckoutWebhook(Buffer.from(text)), MalformedWebhookError, text);
    for (const type of ['payment_captured', 'payment_refunded', 'payment_paid', 'dispute_received'])
      assert.throws(() => parse(type, { ...DATA, amount: '5000' }), MalformedWebhookError, type);
  });
});
