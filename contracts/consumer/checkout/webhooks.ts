/** The events of Checkout.com's that the service acts on, with the fields that it reads of each. */
import { Matchers } from '@pact-foundation/pact';
import type { PactState } from '../../index.ts';
import { EXAMPLE_SECONDS, MONEY } from '../examples.ts';
import { anyId, isoMoment } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  canceledPayment,
  capturedPayment,
  challengeFailed,
  declinedPayment,
  failedPayout,
  paidPayout,
  refundedPayment,
  returnedPayout,
  waitingPayment,
} from '../states.ts';
import { checkoutMoney } from './wire.ts';

const { regex } = Matchers;
/** Over the body alone: Checkout.com signs no time. */
const headers = { 'cko-signature': regex(/^[0-9a-f]{64}$/, 'c0'.repeat(32)) };
const code = regex(/^[2-4]\d{4}$/, '20062');

interface EventNeed {
  type: string;
  why: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  subject?: 'payment' | 'refund' | 'payout';
  more?: object;
  expected: Parameters<PactBook['webhook']>[1];
}

const EVENTS: readonly EventNeed[] = [
  {
    type: 'payment_captured',
    given: capturedPayment,
    why: 'The wallet is credited on this event: by its reference, and only with the amount and currency that were really taken.',
    expected: { outcome: 'succeeded', money: MONEY },
  },
  {
    type: 'payment_approved',
    given: authorizedPayment,
    why: 'Our own word in the metadata would tell an authorization that is an end from one on its way to the capture; without it nothing is credited.',
    expected: { outcome: 'pending', money: MONEY },
  },
  {
    type: 'payment_pending',
    given: waitingPayment,
    why: 'The payment waits for the cardholder; nothing has moved.',
    expected: { outcome: 'pending' },
  },
  {
    type: 'payment_declined',
    given: declinedPayment,
    why: 'The attempt ends here; the code is what the player is told and what allows another provider.',
    more: { response_code: code },
    expected: { outcome: 'failed', code: '20062' },
  },
  {
    type: 'payment_authentication_failed',
    given: challengeFailed,
    why: 'The cardholder failed the challenge, and the attempt ends here.',
    expected: { outcome: 'failed' },
  },
  {
    type: 'payment_voided',
    given: canceledPayment,
    why: 'Proof that an abandoned payment can no longer take money: only when nothing of it was captured.',
    more: { balances: { total_captured: 0 } },
    expected: { outcome: 'canceled' },
  },
  {
    type: 'payment_refunded',
    given: refundedPayment,
    subject: 'refund',
    why: 'The refund call was only accepted; this says that the money has gone back, and the action id which refund it was.',
    more: { action_id: anyId('act_contractW') },
    expected: { outcome: 'succeeded', money: MONEY, partReference: 'act_contractW' },
  },
  {
    type: 'payment_paid',
    given: paidPayout,
    subject: 'payout',
    why: 'The reserved money leaves the wallet on this event.',
    expected: { outcome: 'succeeded', money: MONEY },
  },
  {
    type: 'payment_declined',
    given: failedPayout,
    subject: 'payout',
    why: 'The reserved money goes back to the wallet on this event; only its destination tells it from a declined payment.',
    more: { destination: Matchers.like({ type: 'card' }), response_code: code },
    expected: { outcome: 'failed', code: '20062' },
  },
  {
    type: 'payment_returned',
    given: returnedPayout,
    subject: 'payout',
    why: 'A payout that was booked as paid came back and must be booked back.',
    expected: { outcome: 'returned', money: MONEY },
  },
];

export function writeWebhooks(book: PactBook): void {
  for (const { type, why, given, subject = 'payment', more = {}, expected } of EVENTS) {
    const word = type.replace('payment_', '');
    const reference = `${subject === 'payout' ? 'pot' : 'att'}_checkout_w_${word}`;
    const example = `pay_contractW${subject}${word}`;
    const stated = subject === 'refund' ? `${reference}_refund` : reference;
    const moved = expected.money === undefined ? {} : checkoutMoney;
    book.webhook(
      {
        event: type,
        why,
        given: given({ reference, psp_reference: example }),
        headers,
        content: {
          id: anyId('evt_contract'),
          type,
          created_on: isoMoment,
          data: { id: anyId(example), reference: stated, ...moved, ...more },
        },
      },
      {
        eventId: 'evt_contract',
        type,
        occurredAt: EXAMPLE_SECONDS * 1000,
        subject,
        reference: stated,
        pspReference: example,
        ...expected,
      },
    );
  }
}
