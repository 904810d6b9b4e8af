import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { MalformedWebhookError } from '../../../ports/psp-adapter.ts';
import { parseAdyenWebhook } from './events.ts';
import { adyenWebhookVerifier } from './signature.ts';

/** Key, item and signature as Adyen publishes them. */
const PUBLISHED_KEY = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
const PUBLISHED_SIGNATURE = 'coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=';
const PUBLISHED_ITEM = {
  additionalData: { hmacSignature: PUBLISHED_SIGNATURE },
  amount: { value: 1130, currency: 'EUR' },
  pspReference: '7914073381342284',
  eventCode: 'AUTHORISATION',
  eventDate: '2019-05-06T17:15:34.121+02:00',
  merchantAccountCode: 'TestMerchant',
  merchantReference: 'TestPayment-1407325143704',
  paymentMethod: 'visa',
  success: 'true',
};
const OTHER_KEY = 'DFB1EB5485895CFA84146406857104ABB4CBCABDC8AAF103A624C8F6A3EAAB00';

type Item = Record<string, unknown>;

function bodyOf(...items: Item[]): Buffer {
  return Buffer.from(
    JSON.stringify({ live: 'false', notificationItems: items.map((item) => ({ NotificationRequestItem: item })) }),
  );
}

/** Signs by hand, from the published scheme, not with the SDK. */
function signed(changes: Item, key = PUBLISHED_KEY): Item {
  const item: Item = { ...PUBLISHED_ITEM, ...changes };
  const amount = item['amount'] as { value: number; currency: string };
  const fields = [
    item['pspReference'],
    item['originalReference'] ?? '',
    item['merchantAccountCode'],
    item['merchantReference'],
    amount.value,
    amount.currency,
    item['eventCode'],
    item['success'],
  ];
  const hmacSignature = createHmac('sha256', Buffer.from(key, 'hex')).update(fields.join(':'), 'utf8').digest('base64');
  return { ...item, additionalData: { hmacSignature } };
}

function verify(rawBody: Buffer, hmacKey = PUBLISHED_KEY) {
  return adyenWebhookVerifier.verify({
    rawBody,
    headers: {},
    credentials: { hmacKey },
    receivedAtMs: 0,
    toleranceMs: 300_000,
  });
}

describe('adyen webhook signature', () => {
  it('accepts the published test vector', () => {
    assert.deepEqual(verify(bodyOf(PUBLISHED_ITEM)), { kind: 'verified' });
    assert.equal((signed({})['additionalData'] as { hmacSignature: string }).hmacSignature, PUBLISHED_SIGNATURE);
  });

  it('accepts any of several keys while one is rotated, in either case', () => {
    assert.deepEqual(verify(bodyOf(PUBLISHED_ITEM), `${OTHER_KEY}, ${PUBLISHED_KEY.toLowerCase()}`), {
      kind: 'verified',
    });
  });

  it('accepts an item with an original reference, and several items that are all signed', () => {
    const refund = signed({ eventCode: 'REFUND', pspReference: 'MOD1', originalReference: '7914073381342284' });
    assert.deepEqual(verify(bodyOf(refund, PUBLISHED_ITEM)), { kind: 'verified' });
  });

  const changes: readonly [string, Item][] = [
    ['amount', { amount: { value: 11_300, currency: 'EUR' } }],
    ['currency', { amount: { value: 1130, currency: 'USD' } }],
    ['success', { success: 'false' }],
    ['event code', { eventCode: 'CAPTURE' }],
    ['merchant reference', { merchantReference: 'TestPayment-2' }],
    ['PSP reference', { pspReference: '7914073381342285' }],
    ['original reference', { originalReference: '7914073381342284' }],
    ['merchant account', { merchantAccountCode: 'OtherMerchant' }],
  ];
  for (const [what, change] of changes) {
    it(`refuses a changed ${what}`, () =>
      assert.deepEqual(verify(bodyOf({ ...PUBLISHED_ITEM, ...change })), {
        kind: 'invalid_signature',
        reason: 'mismatch',
      }));
  }

  const refusals: readonly [string, () => ReturnType<typeof verify>, string][] = [
    ['another key', () => verify(bodyOf(signed({}, OTHER_KEY))), 'mismatch'],
    ['no key, or one that is not hexadecimal', () => verify(bodyOf(PUBLISHED_ITEM), 'not-a-key,'), 'mismatch'],
    ['a missing signature', () => verify(bodyOf({ ...PUBLISHED_ITEM, additionalData: {} })), 'missing'],
    ['missing additional data', () => verify(bodyOf({ ...PUBLISHED_ITEM, additionalData: undefined })), 'missing'],
    [
      'a signature of another length',
      () => verify(bodyOf({ ...PUBLISHED_ITEM, additionalData: { hmacSignature: 'abcd' } })),
      'malformed',
    ],
    [
      'one unsigned item among signed ones',
      () => verify(bodyOf(PUBLISHED_ITEM, { ...PUBLISHED_ITEM, additionalData: {} })),
      'missing',
    ],
    [
      'one forged item among signed ones',
      () => verify(bodyOf(PUBLISHED_ITEM, signed({ merchantReference: 'x' }, OTHER_KEY))),
      'mismatch',
    ],
  ];
  for (const [what, run, reason] of refusals) {
    it(`refuses ${what}`, () => assert.deepEqual(run(), { kind: 'invalid_signature', reason }));
  }

  const malformed: readonly [string, string][] = [
    ['no JSON', '{'],
    ['no items', '{}'],
    ['an empty list of items', '{"live":"false","notificationItems":[]}'],
    ['an item without its envelope', JSON.stringify({ notificationItems: [PUBLISHED_ITEM] })],
    [
      'an item of texts only, which the validator would sign in another way',
      JSON.stringify({ notificationItems: [{ NotificationRequestItem: { success: 'true' } }] }),
    ],
  ];
  for (const [what, body] of malformed) {
    it(`calls ${what} malformed`, () => {
      assert.equal(verify(Buffer.from(body)).kind, 'malformed');
      assert.throws(
        () =>
          parseAdyenWebhook(Buffer.from(body), {
            merchantAccount: 'TestMerchant',
            environment: 'test',
            receivedAtMs: 0,
          }),
        MalformedWebhookError,
      );
    });
  }
});

describe('adyen events', () => {
  const parse = (...items: Item[]) =>
    parseAdyenWebhook(bodyOf(...items.map((item) => ({ ...PUBLISHED_ITEM, ...item }))), {
      merchantAccount: 'TestMerchant',
      environment: 'test',
      receivedAtMs: 7,
    });

  it('reads a successful authorisation as the final success of an immediate capture', () => {
    assert.deepEqual(parse({}), [
      {
        eventId: 'AUTHORISATION:7914073381342284:true',
        environment: 'test',
        subject: 'payment',
        outcome: 'succeeded',
        onlyIfAutomatic: true,
        reference: 'TestPayment-1407325143704',
        pspReference: '7914073381342284',
        money: { amountMinor: 1_130, currency: 'EUR' },
        code: null,
        type: 'AUTHORISATION',
        occurredAt: Date.parse('2019-05-06T17:15:34.121+02:00'),
      },
    ]);
  });

  const outcomes: readonly [string, string, string, string][] = [
    ['AUTHORISATION', 'false', 'payment', 'failed'],
    ['CAPTURE', 'true', 'payment', 'succeeded'],
    ['CAPTURE', 'false', 'payment', 'failed'],
    ['CAPTURE_FAILED', 'true', 'payment', 'failed'],
    ['CANCELLATION', 'true', 'payment', 'canceled'],
    ['CANCELLATION', 'false', 'payment', 'pending'],
    ['TECHNICAL_CANCEL', 'true', 'payment', 'canceled'],
    ['OFFER_CLOSED', 'true', 'payment', 'failed'],
    ['EXPIRE', 'true', 'payment', 'canceled'],
    ['REFUND', 'true', 'refund', 'succeeded'],
    ['REFUND', 'false', 'refund', 'failed'],
    ['REFUND_FAILED', 'true', 'refund', 'failed'],
    ['CANCEL_OR_REFUND', 'true', 'refund', 'succeeded'],
    ['CANCEL_OR_REFUND', 'false', 'refund', 'pending'],
    ['PAYOUT_THIRDPARTY', 'true', 'payout', 'succeeded'],
    ['PAYOUT_THIRDPARTY', 'false', 'payout', 'failed'],
    ['PAYOUT_DECLINE', 'true', 'payout', 'failed'],
    ['PAIDOUT_REVERSED', 'true', 'payout', 'returned'],
    ['NOTIFICATION_OF_CHARGEBACK', 'true', 'dispute', 'pending'],
    ['CHARGEBACK', 'true', 'dispute', 'dispute_opened'],
    ['CHARGEBACK_REVERSED', 'true', 'dispute', 'dispute_won'],
    ['ISSUER_RESPONSE_TIMEFRAME_EXPIRED', 'true', 'dispute', 'dispute_won'],
    ['SECOND_CHARGEBACK', 'true', 'dispute', 'dispute_lost'],
    ['DISPUTE_DEFENSE_PERIOD_ENDED', 'true', 'dispute', 'dispute_lost'],
    ['NOTIFICATION_OF_FRAUD', 'true', 'payment', 'irrelevant'],
    ['RECURRING_CONTRACT', 'true', 'payment', 'irrelevant'],
    ['REPORT_AVAILABLE', 'true', 'payment', 'irrelevant'],
    ['SOMETHING_NEW', 'true', 'payment', 'irrelevant'],
  ];
  for (const [eventCode, success, subject, outcome] of outcomes) {
    it(`reads ${eventCode} success=${success} as ${outcome} (${subject})`, () => {
      const [event] = parse({ eventCode, success });
      assert.deepEqual([event?.subject, event?.outcome], [subject, outcome]);
    });
  }

  it('names the payment, not the modification, but keeps the modification in the event id', () => {
    const [event] = parse({ eventCode: 'CANCELLATION', pspReference: 'MOD1', originalReference: 'PSP1' });
    assert.deepEqual([event?.pspReference, event?.eventId], ['PSP1', 'CANCELLATION:MOD1:true']);
  });

  it('says of a capture itself that it succeeded, not only if it is automatic', () => {
    const read = (eventCode: string) => parse({ eventCode, originalReference: 'PSP1' })[0];
    assert.equal(read('AUTHORISATION')?.onlyIfAutomatic, true);
    assert.equal(read('CAPTURE')?.onlyIfAutomatic, undefined);
  });

  it('names refunds and disputes by their own ids, beside the payment', () => {
    for (const eventCode of ['REFUND', 'REFUND_FAILED', 'CHARGEBACK']) {
      const [event] = parse({ eventCode, pspReference: 'PART1', originalReference: 'PSP1' });
      assert.deepEqual([event?.pspReference, event?.partReference], ['PSP1', 'PART1']);
    }
    assert.equal(parse({ eventCode: 'REFUNDED_REVERSED', originalReference: 'PSP1' })[0]?.partReference, undefined);
  });

  it('does not say whether a reversal cancelled or refunded, because Adyen does not sign that', () => {
    for (const action of ['cancel', 'refund']) {
      const additionalData = { 'modification.action': action };
      const [event] = parse({
        eventCode: 'CANCEL_OR_REFUND',
        pspReference: 'REV1',
        originalReference: 'PSP1',
        additionalData,
      });
      assert.deepEqual([event?.outcome, event?.cancelOrRefund], ['succeeded', true]);
      assert.deepEqual([event?.pspReference, event?.partReference], ['PSP1', 'REV1']);
    }
  });

  it('waits while a reversed chargeback is not decided, and takes it for no double of the decided one', () => {
    const read = (disputeStatus: string) =>
      parse({ eventCode: 'CHARGEBACK_REVERSED', originalReference: 'PSP1', additionalData: { disputeStatus } })[0];
    assert.deepEqual([read('Pending')?.outcome, read('Won')?.outcome], ['pending', 'dispute_won']);
    assert.notEqual(read('Pending')?.eventId, read('Won')?.eventId);
  });

  it('reads the environment, and never takes an event of the other one for its double', () => {
    const read = (live: unknown, environment: 'test' | 'live') =>
      parseAdyenWebhook(
        Buffer.from(JSON.stringify({ live, notificationItems: [{ NotificationRequestItem: PUBLISHED_ITEM }] })),
        { merchantAccount: 'TestMerchant', environment, receivedAtMs: 7 },
      )[0];
    const own = 'AUTHORISATION:7914073381342284:true';
    assert.deepEqual([read('false', 'test')?.environment, read('false', 'test')?.eventId], ['test', own]);
    assert.deepEqual([read('true', 'test')?.environment, read('true', 'test')?.eventId], ['live', `${own}:live`]);
    assert.deepEqual([read('true', 'live')?.environment, read('true', 'live')?.eventId], ['live', own]);
    assert.deepEqual([read(undefined, 'live')?.environment, read(undefined, 'live')?.eventId], [undefined, own]);
  });

  it('gives no id where a modification does not name its payment', () => {
    assert.equal(parse({ eventCode: 'REFUND', originalReference: '' })[0]?.pspReference, null);
  });

  it('gives both outcomes of one reference different event ids', () => {
    const ids = parse({ success: 'true' }, { success: 'false' }).map(({ eventId }) => eventId);
    assert.equal(new Set(ids).size, 2);
  });

  it('takes an event of another merchant account for irrelevant', () => {
    assert.equal(parse({ merchantAccountCode: 'OtherMerchant' })[0]?.outcome, 'irrelevant');
  });

  it('gives the reason of a failure, and our own time where the date cannot be read', () => {
    const [event] = parse({ success: 'false', reason: 'Refused', eventDate: 'lately' });
    assert.deepEqual([event?.code, event?.occurredAt], ['Refused', 7]);
  });

  it('refuses a success without an amount, and an item without its names, as malformed', () => {
    for (const change of [
      { amount: { value: '1130', currency: 'EUR' } },
      { eventCode: '' },
      { pspReference: undefined },
      { success: 'maybe' },
    ]) {
      assert.throws(() => parse(change), MalformedWebhookError, JSON.stringify(change));
    }
  });
});
