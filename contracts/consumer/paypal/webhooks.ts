/** The events of PayPal's that the service acts on, with the fields that it reads of each. */
import { Matchers } from '@pact-foundation/pact';
import type { PactState } from '../../index.ts';
import { EXAMPLE_SECONDS, MONEY } from '../examples.ts';
import { anyId, isoMoment } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  canceledPayment,
  capturedPayment,
  challengePassed,
  declinedPayment,
  disputeDefended,
  disputed,
  disputeLost,
  disputeWon,
  failedPayout,
  failedRefund,
  happened,
  paidPayout,
  refundedPayment,
  returnedPayout,
} from '../states.ts';
import { paypalMoney } from './wire.ts';

const { regex } = Matchers;
const text = (example: string) => regex(/^.+$/, example);
/** The signature is over id, time, the webhook's id and a checksum of the body; the certificate is fetched. */
const headers = {
  'paypal-transmission-id': text('11111111-1111-4111-8111-111111111111'),
  'paypal-transmission-time': regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, '2026-01-05T09:00:00Z'),
  'paypal-transmission-sig': regex(/^[A-Za-z0-9+/]+=*$/, 'c2lnbmF0dXJl'),
  'paypal-cert-url': regex(/^https?:\/\/.+$/, 'https://psp.example/certificate'),
  'paypal-auth-algo': 'SHA256withRSA' as unknown as ReturnType<typeof regex>,
};

interface EventNeed {
  type: string;
  why: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  /** The resource, for our reference and PayPal's id of the order or batch. */
  resource(reference: string, id: string): object;
  expected: Parameters<PactBook['webhook']>[1];
}

/** A capture or an authorization, which names its order. */
const part =
  (own: string, more: object = {}) =>
  (reference: string, id: string): object => ({
    id: anyId(own),
    custom_id: reference,
    amount: paypalMoney,
    supplementary_data: { related_ids: { order_id: anyId(id) } },
    ...more,
  });

const item =
  (more: object = {}) =>
  (reference: string, id: string): object => ({
    payout_batch_id: anyId(id),
    payout_item_id: anyId('ITEMCONTRACT'),
    payout_item: { sender_item_id: reference, amount: { currency: 'EUR', value: '50.00' } },
    ...more,
  });
const payout = { subject: 'payout', partReference: 'ITEMCONTRACT', money: MONEY } as const;

const refunded = (reference: string): object => ({
  id: anyId('REFUNDCONTRACTW'),
  custom_id: `${reference}_refund`,
  amount: paypalMoney,
});

/** A dispute names our reference, and neither order nor capture by the id that we know. */
const disputeOf =
  (more: object = {}) =>
  (reference: string): object => ({
    dispute_id: anyId('PP-R-CONTRACT'),
    reason: anyId('UNAUTHORISED'),
    dispute_amount: paypalMoney,
    disputed_transactions: [{ custom: reference }],
    ...more,
  });
const dispute = { subject: 'dispute', partReference: 'PP-R-CONTRACT', code: 'UNAUTHORISED', money: MONEY } as const;
const ended = (code: string) => disputeOf({ dispute_outcome: { outcome_code: code } });

const DISPUTES: readonly EventNeed[] = [
  {
    type: 'CUSTOMER.DISPUTE.CREATED',
    given: disputed,
    why: 'The money is taken back on this event, and the player must not spend it meanwhile.',
    resource: disputeOf(),
    expected: { ...dispute, outcome: 'dispute_opened' },
  },
  {
    type: 'CUSTOMER.DISPUTE.UPDATED',
    given: disputeDefended,
    why: 'Our evidence has arrived; nothing has moved.',
    resource: disputeOf(),
    expected: { ...dispute, outcome: 'pending' },
  },
  {
    type: 'CUSTOMER.DISPUTE.RESOLVED',
    given: disputeWon,
    why: 'The code says that the money is ours again, and the player may have it back.',
    resource: ended('RESOLVED_SELLER_FAVOUR'),
    expected: { ...dispute, outcome: 'dispute_won' },
  },
  {
    type: 'CUSTOMER.DISPUTE.RESOLVED',
    given: disputeLost,
    why: 'The code says that the money stays with the payer, and nobody waits any longer.',
    resource: ended('RESOLVED_BUYER_FAVOUR'),
    expected: { ...dispute, outcome: 'dispute_lost' },
  },
];

const EVENTS: readonly EventNeed[] = [
  {
    type: 'CHECKOUT.ORDER.APPROVED',
    given: challengePassed,
    why: 'The payer may never come back to us: this event tells that the order waits for our call, which takes the money.',
    resource: (reference, id) => ({ id: anyId(id), purchase_units: [{ custom_id: reference }] }),
    expected: { subject: 'payment', outcome: 'pending', askPsp: true, money: null },
  },
  {
    type: 'PAYMENT.CAPTURE.COMPLETED',
    given: capturedPayment,
    why: 'The wallet is credited on this event: by its reference, and only with the amount and currency that were really taken.',
    resource: part('CAPTCONTRACTW'),
    expected: { subject: 'payment', outcome: 'succeeded', money: MONEY, partReference: 'CAPTCONTRACTW' },
  },
  {
    type: 'PAYMENT.CAPTURE.DECLINED',
    given: declinedPayment,
    why: 'The attempt ends here; the code is what the player is told and what allows another provider.',
    resource: part('CAPTCONTRACTNO', { processor_response: { response_code: '0500' } }),
    expected: { subject: 'payment', outcome: 'failed', code: '0500' },
  },
  {
    type: 'PAYMENT.AUTHORIZATION.CREATED',
    given: authorizedPayment,
    why: 'How much is reserved, and under which id it will be captured.',
    resource: part('AUTHCONTRACTW', { status: 'CREATED' }),
    expected: { subject: 'payment', outcome: 'authorized', money: MONEY, partReference: 'AUTHCONTRACTW' },
  },
  {
    type: 'PAYMENT.AUTHORIZATION.VOIDED',
    given: canceledPayment,
    why: 'Proof that an abandoned payment can no longer take money: only the status tells it from the rest of a captured one.',
    resource: part('AUTHCONTRACTOFF', { status: 'VOIDED' }),
    expected: { subject: 'payment', outcome: 'canceled' },
  },
  {
    type: 'PAYMENT.CAPTURE.REFUNDED',
    given: refundedPayment,
    why: 'The money has gone back; our reference of the refund says which one it was, for the event names no order.',
    resource: refunded,
    expected: { subject: 'refund', outcome: 'succeeded', money: MONEY, partReference: 'REFUNDCONTRACTW' },
  },
  {
    type: 'PAYMENT.REFUND.PENDING',
    given: failedRefund,
    why: 'The refund is known and on its way; nothing has gone back yet.',
    resource: refunded,
    expected: { subject: 'refund', outcome: 'pending' },
  },
  {
    type: 'PAYMENT.REFUND.FAILED',
    given: failedRefund,
    why: 'The money did not reach the payer and is ours again, so the refund must be booked back.',
    resource: refunded,
    expected: { subject: 'refund', outcome: 'failed' },
  },
  ...DISPUTES,
  {
    type: 'PAYMENT.PAYOUTS-ITEM.CANCELED',
    given: happened('PAYMENT.PAYOUTS-ITEM.CANCELED'),
    why: 'A payout that was called off gives the reserved money back to the wallet.',
    resource: item(),
    expected: { ...payout, outcome: 'failed' },
  },
  {
    type: 'PAYMENT.PAYOUTS-ITEM.SUCCEEDED',
    given: paidPayout,
    why: 'The reserved money leaves the wallet on this event.',
    resource: item(),
    expected: { ...payout, outcome: 'succeeded' },
  },
  {
    type: 'PAYMENT.PAYOUTS-ITEM.FAILED',
    given: failedPayout,
    why: 'The reserved money goes back to the wallet on this event; the name of the error is what the player is told.',
    resource: item({ errors: { name: anyId('RECEIVER_UNREGISTERED') } }),
    expected: { ...payout, outcome: 'failed', code: 'RECEIVER_UNREGISTERED' },
  },
  {
    type: 'PAYMENT.PAYOUTS-ITEM.RETURNED',
    given: returnedPayout,
    why: 'A payout that was booked as paid came back and must be booked back.',
    resource: item(),
    expected: { ...payout, outcome: 'returned' },
  },
];

export function writeWebhooks(book: PactBook): void {
  for (const { type, why, given, resource, expected } of EVENTS) {
    const word = type.toLowerCase().replace(/[^a-z]+/g, '_');
    const end = expected.outcome === 'dispute_lost' ? '_lost' : '';
    const reference = `${expected.subject === 'payout' ? 'pot' : 'att'}_paypal_w_${word}${end}`;
    const id = `${expected.subject === 'payout' ? 'BATCH' : 'ORDER'}W${`${type}${end.toUpperCase()}`.replace(/[^A-Z]/g, '')}`;
    const isRefund = expected.subject === 'refund';
    book.webhook(
      {
        event: type,
        why,
        given: given({ reference, psp_reference: id }),
        headers,
        content: {
          id: anyId('WH-CONTRACT'),
          event_type: type,
          create_time: isoMoment,
          resource: resource(reference, id),
        },
      },
      {
        eventId: 'WH-CONTRACT',
        type,
        occurredAt: EXAMPLE_SECONDS * 1000,
        reference: isRefund ? `${reference}_refund` : reference,
        pspReference: isRefund || expected.subject === 'dispute' ? null : id,
        ...expected,
      },
    );
  }
}
