import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import { parseStripeWebhook } from './events.ts';
import { stripeWebhookVerifier } from './signature.ts';

const NOW_MS = Date.parse('2026-01-05T09:00:00.400Z');
const NOW_SECONDS = Math.floor(NOW_MS / 1000);
const INTENT = {
  id: 'pi_1',
  object: 'payment_intent',
  status: 'succeeded',
  amount: 5_000,
  amount_received: 5_000,
  currency: 'eur',
  metadata: { reference: 'att_1' },
};
const EVENT = {
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  created: NOW_SECONDS,
  data: { object: INTENT },
};
const BODY = Buffer.from(JSON.stringify(EVENT, null, 2));

function v1(secret: string, seconds: number | string, body: Buffer): string {
  return createHmac('sha256', secret)
    .update(Buffer.concat([Buffer.from(`${seconds}.`), body]))
    .digest('hex');
}

function header(options: { secret?: string; seconds?: number | string; body?: Buffer } = {}): string {
  const { secret = 'whsec_current', seconds = NOW_SECONDS, body = BODY } = options;
  return `t=${seconds},v1=${v1(secret, seconds, body)}`;
}

function verify(
  signature: string | undefined,
  rawBody = BODY,
  more: { webhookSecret?: string; toleranceMs?: number } = {},
) {
  return stripeWebhookVerifier.verify({
    rawBody,
    headers: signature === undefined ? {} : { 'stripe-signature': signature },
    credentials: { webhookSecret: more.webhookSecret ?? 'whsec_current' },
    receivedAtMs: NOW_MS,
    toleranceMs: more.toleranceMs ?? 300_000,
  });
}

describe('stripe webhook signature', () => {
  it('accepts the current secret, and any of several while one is rotated', () => {
    assert.deepEqual(verify(header()), { kind: 'verified' });
    assert.deepEqual(verify(header({ secret: 'whsec_old' }), BODY, { webhookSecret: 'whsec_new,whsec_old' }), {
      kind: 'verified',
    });
  });

  it('accepts one fitting signature among several, and ignores other schemes', () => {
    const fitting = v1('whsec_current', NOW_SECONDS, BODY);
    assert.deepEqual(verify(`t=${NOW_SECONDS},v1=${'0'.repeat(64)},v1=${fitting},v0=abc`), { kind: 'verified' });
    assert.deepEqual(verify(`t=${NOW_SECONDS},v1=,v1=${fitting}`), { kind: 'verified' });
  });

  const refusals: readonly [string, () => ReturnType<typeof verify>, string][] = [
    ['another secret', () => verify(header({ secret: 'whsec_other' })), 'mismatch'],
    [
      'one changed byte of the body',
      () => verify(header(), Buffer.from(BODY.toString().replace('5000', '9000'))),
      'mismatch',
    ],
    ['a re-serialised body', () => verify(header(), Buffer.from(JSON.stringify(EVENT))), 'mismatch'],
    [
      'another time than the signed one',
      () => verify(header().replace(`t=${NOW_SECONDS}`, `t=${NOW_SECONDS + 1}`)),
      'mismatch',
    ],
    ['no secret at all', () => verify(header(), BODY, { webhookSecret: '' }), 'mismatch'],
    ['no header', () => verify(undefined), 'missing'],
    ['an empty header', () => verify(''), 'malformed'],
    ['only an old scheme', () => verify(header().replace('v1=', 'v0=')), 'malformed'],
    ['an empty signature', () => verify(`t=${NOW_SECONDS},v1=`), 'malformed'],
    ['no time', () => verify(header().replace(/^t=[0-9]+,/, '')), 'malformed'],
    ['two times', () => verify(`t=${NOW_SECONDS - 4_000},${header()}`), 'malformed'],
    ['a signed time that is not unix seconds', () => verify(header({ seconds: 'soon' })), 'malformed'],
    ['a time beyond the tolerance in the past', () => verify(header({ seconds: NOW_SECONDS - 301 })), 'stale'],
    ['a time beyond the tolerance in the future', () => verify(header({ seconds: NOW_SECONDS + 301 })), 'future'],
  ];
  for (const [what, run, reason] of refusals) {
    it(`refuses ${what}`, () => assert.deepEqual(run(), { kind: 'invalid_signature', reason }));
  }

  it('accepts a time exactly at the tolerance on both sides, and keeps a tolerance of zero', () => {
    assert.deepEqual(verify(header({ seconds: NOW_SECONDS - 300 })), { kind: 'verified' });
    assert.deepEqual(verify(header({ seconds: NOW_SECONDS + 300 })), { kind: 'verified' });
    assert.deepEqual(verify(header({ seconds: NOW_SECONDS - 1 }), BODY, { toleranceMs: 0 }), {
      kind: 'invalid_signature',
      reason: 'stale',
    });
  });

  it('calls a signed body that is no JSON object malformed', () => {
    for (const text of ['', 'hello', '[]', 'null']) {
      const body = Buffer.from(text);
      const verdict = verify(header({ body }), body);
      assert.equal(verdict.kind, 'malformed', JSON.stringify([text, verdict]));
    }
  });
});

describe('stripe events', () => {
  const parse = (type: string, object: object, previous_attributes?: object) =>
    parseStripeWebhook(
      Buffer.from(JSON.stringify({ ...EVENT, type, data: { object, previous_attributes } })),
      'test',
    )[0];

  it('reads a succeeded payment', () => {
    assert.deepEqual(parseStripeWebhook(BODY, 'test'), [
      {
        eventId: 'evt_1',
        subject: 'payment',
        outcome: 'succeeded',
        reference: 'att_1',
        pspReference: 'pi_1',
        money: { amountMinor: 5_000, currency: 'EUR' },
        code: null,
        type: 'payment_intent.succeeded',
        occurredAt: NOW_SECONDS * 1000,
      },
    ]);
  });

  it('takes what was received, not what was asked for', () => {
    assert.equal(parse('payment_intent.succeeded', { ...INTENT, amount_received: 4_000 })?.money?.amountMinor, 4_000);
  });

  it("reads a failed payment with the issuer's code", () => {
    const event = parse('payment_intent.payment_failed', {
      ...INTENT,
      status: 'requires_payment_method',
      last_payment_error: { code: 'card_declined', decline_code: 'lost_card' },
    });
    assert.deepEqual([event?.outcome, event?.code], ['failed', 'lost_card']);
  });

  const payout = {
    id: 'po_1',
    amount: 2_000,
    currency: 'eur',
    metadata: { reference: 'pot_1' },
    failure_code: 'account_closed',
  };
  const refund = {
    id: 're_1',
    payment_intent: 'pi_1',
    amount: 2_000,
    currency: 'eur',
    metadata: { reference: 'ref_1' },
  };
  const charge = {
    id: 'ch_1',
    payment_intent: 'pi_1',
    amount: 5_000,
    amount_refunded: 5_000,
    currency: 'eur',
    metadata: { reference: 'att_1' },
  };
  const dispute = {
    id: 'dp_1',
    payment_intent: 'pi_1',
    amount: 5_000,
    currency: 'eur',
    reason: 'fraudulent',
    status: 'needs_response',
    metadata: {},
  };
  const outcomes: readonly [string, object, object | undefined, string, string, string][] = [
    ['payment_intent.canceled', INTENT, undefined, 'payment', 'canceled', 'pi_1'],
    ['payment_intent.created', INTENT, undefined, 'payment', 'pending', 'pi_1'],
    ['payment_intent.processing', INTENT, undefined, 'payment', 'pending', 'pi_1'],
    ['payment_intent.something_new', INTENT, undefined, 'payment', 'pending', 'pi_1'],
    ['payout.created', payout, undefined, 'payout', 'pending', 'po_1'],
    ['payout.paid', payout, undefined, 'payout', 'succeeded', 'po_1'],
    ['payout.failed', payout, { status: 'pending' }, 'payout', 'failed', 'po_1'],
    ['payout.failed', payout, undefined, 'payout', 'failed', 'po_1'],
    ['payout.failed', payout, { status: 'paid' }, 'payout', 'returned', 'po_1'],
    ['payout.canceled', payout, undefined, 'payout', 'failed', 'po_1'],
    ['payout.reconciliation_completed', payout, undefined, 'payout', 'irrelevant', 'po_1'],
    ['refund.created', { ...refund, status: 'pending' }, undefined, 'refund', 'pending', 'pi_1'],
    ['refund.updated', { ...refund, status: 'succeeded' }, undefined, 'refund', 'succeeded', 'pi_1'],
    ['refund.failed', { ...refund, status: 'failed' }, undefined, 'refund', 'failed', 'pi_1'],
    ['charge.refund.updated', { ...refund, status: 'failed' }, undefined, 'refund', 'failed', 'pi_1'],
    ['charge.refunded', { ...charge, refunded: true }, undefined, 'payment', 'irrelevant', 'ch_1'],
    [
      'payment_intent.amount_capturable_updated',
      { ...INTENT, amount_received: 0, amount_capturable: 5_000 },
      undefined,
      'payment',
      'authorized',
      'pi_1',
    ],
    ['payment_intent.amount_capturable_updated', INTENT, undefined, 'payment', 'pending', 'pi_1'],
    ['payout.paid', { ...payout, automatic: true, metadata: {} }, undefined, 'payout', 'irrelevant', 'po_1'],
    ['charge.dispute.created', dispute, undefined, 'dispute', 'pending', 'pi_1'],
    ['charge.dispute.funds_withdrawn', dispute, undefined, 'dispute', 'dispute_opened', 'pi_1'],
    ['charge.dispute.updated', dispute, undefined, 'dispute', 'pending', 'pi_1'],
    ['charge.dispute.funds_reinstated', dispute, undefined, 'dispute', 'dispute_won', 'pi_1'],
    ['charge.dispute.closed', { ...dispute, status: 'won' }, undefined, 'dispute', 'dispute_won', 'pi_1'],
    ['charge.dispute.closed', { ...dispute, status: 'lost' }, undefined, 'dispute', 'dispute_lost', 'pi_1'],
    ['charge.dispute.closed', { ...dispute, status: 'warning_closed' }, undefined, 'dispute', 'pending', 'pi_1'],
    ['charge.succeeded', charge, undefined, 'payment', 'irrelevant', 'ch_1'],
    ['balance.available', { object: 'balance' }, undefined, 'payment', 'irrelevant', ''],
  ];
  for (const [type, object, previous, subject, outcome, pspReference] of outcomes) {
    it(`reads ${type}${previous === undefined ? '' : ` after ${JSON.stringify(previous)}`} as ${outcome} (${subject})`, () => {
      const event = parse(type, object, previous);
      assert.deepEqual([event?.subject, event?.outcome, event?.pspReference ?? ''], [subject, outcome, pspReference]);
    });
  }

  it('states of a refund or dispute its own id and amount', () => {
    const money = { amountMinor: 2_000, currency: 'EUR' };
    const refunded = parse('refund.updated', { ...refund, status: 'succeeded' });
    assert.deepEqual([refunded?.reference, refunded?.partReference, refunded?.money], ['ref_1', 're_1', money]);
    const disputed = parse('charge.dispute.funds_withdrawn', dispute);
    assert.deepEqual([disputed?.reference, disputed?.partReference, disputed?.code], [null, 'dp_1', 'fraudulent']);
  });

  it('names no payment for a refund that does not', () => {
    assert.equal(parse('refund.updated', { ...refund, payment_intent: undefined })?.pspReference, null);
  });

  it('reads the environment of event and object, and believes the one that is not ours', () => {
    const read = (event: unknown, object: unknown, own: 'test' | 'live' | null) =>
      parseStripeWebhook(
        Buffer.from(JSON.stringify({ ...EVENT, livemode: event, data: { object: { ...INTENT, livemode: object } } })),
        own,
      )[0]?.environment;
    assert.equal(read(false, false, 'test'), 'test');
    assert.equal(read(true, true, 'test'), 'live');
    assert.equal(read(false, true, 'test'), 'live');
    assert.equal(read(true, false, 'live'), 'test');
    assert.equal(read(undefined, true, 'live'), 'live');
    assert.equal(read(undefined, undefined, 'live'), undefined);
  });

  const malformed: readonly [string, string][] = [
    ['no JSON', '{'],
    ['an array', '[]'],
    ['no id', JSON.stringify({ ...EVENT, id: undefined })],
    ['no type', JSON.stringify({ ...EVENT, type: 7 })],
    ['no time', JSON.stringify({ ...EVENT, created: 'now' })],
    ['no object', JSON.stringify({ ...EVENT, data: {} })],
    [
      'a success without an amount',
      JSON.stringify({ ...EVENT, data: { object: { ...INTENT, amount_received: undefined } } }),
    ],
    [
      'a success with an amount in quotes',
      JSON.stringify({ ...EVENT, data: { object: { ...INTENT, amount_received: '5000' } } }),
    ],
    ['a success without a currency', JSON.stringify({ ...EVENT, data: { object: { ...INTENT, currency: null } } })],
  ];
  for (const [what, body] of malformed) {
    it(`refuses ${what} as malformed`, () =>
      assert.throws(() => parseStripeWebhook(Buffer.from(body), 'test'), MalformedWebhookError));
  }
});
