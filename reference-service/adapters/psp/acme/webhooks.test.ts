import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import { parseAcmeWebhook } from './events.ts';
import { acmeWebhookVerifier } from './signature.ts';

const NOW_MS = Date.parse('2026-01-05T09:00:00.400Z');
const NOW_SECONDS = Math.floor(NOW_MS / 1000);
const TOLERANCE_MS = 300_000;
const EVENT = {
  event_id: 'evt_1',
  payment_id: 'apay_1',
  reference: 'att_1',
  type: 'payment',
  status: 'captured',
  amount: '50.00',
  currency: 'EUR',
  timestamp: '2026-01-05T09:00:00.000Z',
};
const BODY = Buffer.from(JSON.stringify(EVENT));

function signed(options: { secret?: string; seconds?: number | string; body?: Buffer } = {}): Record<string, string> {
  const { secret = 'whs_current', seconds = NOW_SECONDS, body = BODY } = options;
  const hex = createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${seconds}.`), body]))
    .digest('hex');
  return { 'x-timestamp': String(seconds), 'x-signature': `sha256=${hex}` };
}

function verify(headers: Record<string, string>, rawBody = BODY, webhookSecret = 'whs_current') {
  return acmeWebhookVerifier.verify({
    rawBody,
    headers,
    credentials: { webhookSecret },
    receivedAtMs: NOW_MS,
    toleranceMs: TOLERANCE_MS,
  });
}

describe('acme webhook signature', () => {
  it('accepts the current secret, and any of several while one is rotated', () => {
    assert.deepEqual(verify(signed()), { kind: 'verified' });
    assert.deepEqual(verify(signed({ secret: 'whs_old' }), BODY, 'whs_new, whs_old'), { kind: 'verified' });
  });

  const refusals: readonly [string, () => ReturnType<typeof verify>, string][] = [
    ['another secret', () => verify(signed({ secret: 'whs_other' })), 'mismatch'],
    [
      'one changed byte of the body',
      () => verify(signed(), Buffer.from(BODY.toString().replace('50.00', '90.00'))),
      'mismatch',
    ],
    ['a re-serialised body', () => verify(signed(), Buffer.from(JSON.stringify(EVENT, null, 1))), 'mismatch'],
    [
      'another time than the signed one',
      () => verify({ ...signed(), 'x-timestamp': String(NOW_SECONDS - 1) }),
      'mismatch',
    ],
    ['no secret at all', () => verify(signed({ secret: 'x' }), BODY, ' , '), 'mismatch'],
    ['no signature header', () => verify({ 'x-timestamp': String(NOW_SECONDS) }), 'missing'],
    ['no timestamp header', () => verify({ 'x-signature': signed()['x-signature'] ?? '' }), 'missing'],
    ['a signature of the wrong length', () => verify({ ...signed(), 'x-signature': 'sha256=ab' }), 'malformed'],
    [
      'another algorithm',
      () => verify({ ...signed(), 'x-signature': (signed()['x-signature'] ?? '').replace('sha256', 'sha1') }),
      'malformed',
    ],
    ['a time that is not unix seconds', () => verify(signed({ seconds: `${NOW_SECONDS}abc` })), 'malformed'],
    ['a time beyond the tolerance in the past', () => verify(signed({ seconds: NOW_SECONDS - 301 })), 'stale'],
    ['a time beyond the tolerance in the future', () => verify(signed({ seconds: NOW_SECONDS + 301 })), 'future'],
  ];
  for (const [what, run, reason] of refusals) {
    it(`refuses ${what}`, () => assert.deepEqual(run(), { kind: 'invalid_signature', reason }));
  }

  it('accepts a time exactly at the tolerance, on both sides', () => {
    assert.deepEqual(verify(signed({ seconds: NOW_SECONDS - 300 })), { kind: 'verified' });
    assert.deepEqual(verify(signed({ seconds: NOW_SECONDS + 300 })), { kind: 'verified' });
  });
});

describe('acme events', () => {
  const parse = (changes: object) => parseAcmeWebhook(Buffer.from(JSON.stringify({ ...EVENT, ...changes })));

  it('reads a captured payment', () => {
    assert.deepEqual(parse({}), [
      {
        eventId: 'evt_1',
        subject: 'payment',
        outcome: 'succeeded',
        reference: 'att_1',
        pspReference: 'apay_1',
        money: { amountMinor: 5_000, currency: 'EUR' },
        code: null,
        type: 'payment.captured',
        occurredAt: Date.parse(EVENT.timestamp),
      },
    ]);
  });

  it('tells what ran out from what was declined', () => {
    assert.equal(parse({ status: 'expired' })[0]?.code, 'expired');
    assert.notEqual(parse({ status: 'declined' })[0]?.code, 'expired');
  });

  it('takes what was captured, not what was asked for', () => {
    assert.equal(parse({ captured_amount: '20.00' })[0]?.money?.amountMinor, 2_000);
  });

  const outcomes: readonly [string, string, string][] = [
    ['payment', 'declined', 'failed'],
    ['payment', 'expired', 'failed'],
    ['payment', 'canceled', 'canceled'],
    ['payment', 'refunded', 'refunded'],
    ['payment', 'authorized', 'authorized'],
    ['payment', 'requires_action', 'pending'],
    ['payment', 'something_new', 'pending'],
    ['payout', 'paid', 'succeeded'],
    ['payout', 'failed', 'failed'],
    ['payout', 'returned', 'returned'],
    ['payout', 'pending', 'pending'],
    ['payout', 'captured', 'pending'],
    ['refund', 'succeeded', 'succeeded'],
    ['refund', 'failed', 'failed'],
    ['refund', 'pending', 'pending'],
    ['dispute', 'open', 'dispute_opened'],
    ['dispute', 'under_review', 'pending'],
    ['dispute', 'won', 'dispute_won'],
    ['dispute', 'lost', 'dispute_lost'],
    ['dispute', 'reversed', 'dispute_won'],
  ];
  for (const [type, status, outcome] of outcomes) {
    it(`reads a ${status} ${type} as ${outcome}`, () => {
      const [event] = parse({ type, status });
      assert.deepEqual([event?.subject, event?.outcome], [type, outcome]);
    });
  }

  it('stores what is about none of our subjects as irrelevant', () => {
    assert.equal(parse({ type: 'settlement', status: 'ready' })[0]?.outcome, 'irrelevant');
  });

  it('names the refund or dispute beside the payment', () => {
    assert.equal(parse({ type: 'refund', status: 'succeeded', refund_id: 'aref_1' })[0]?.partReference, 'aref_1');
    const [dispute] = parse({ type: 'dispute', status: 'open', dispute_id: 'adp_1', reason: 'fraudulent' });
    assert.deepEqual([dispute?.partReference, dispute?.code], ['adp_1', 'fraudulent']);
  });

  it('takes a type that nobody knows for irrelevant, whatever its status says', () => {
    for (const type of ['payment.assay_unheard_of', 'payments', 'Payment', undefined])
      assert.equal(parse({ type, status: 'captured' })[0]?.outcome, 'irrelevant', type);
  });

  const malformed: readonly [string, string][] = [
    ['no JSON', '{'],
    ['an array', '[]'],
    ['no event id', JSON.stringify({ ...EVENT, event_id: undefined })],
    ['no status', JSON.stringify({ ...EVENT, status: undefined })],
    ['no time', JSON.stringify({ ...EVENT, timestamp: 'yesterday' })],
    ['an amount with the wrong decimals', JSON.stringify({ ...EVENT, amount: '50.0' })],
    ['an amount as a number', JSON.stringify({ ...EVENT, amount: 50 })],
    ['an unknown currency', JSON.stringify({ ...EVENT, currency: 'XXQ' })],
  ];
  for (const [what, body] of malformed) {
    it(`refuses ${what} as malformed`, () =>
      assert.throws(() => parseAcmeWebhook(Buffer.from(body)), MalformedWebhookError));
  }
});
