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
  disputeDefended,
  disputed,
  disputeReversed,
  disputeWon,
  failedPayout,
  failedRefund,
  happened,
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
  subject?: 'payment' | 'refund' | 'payout' | 'dispute';
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
    type: 'payment_refund_declined',
    given: failedRefund,
    subject: 'refund',
    why: 'The money did not reach the cardholder and is ours again, so the refund must be booked back.',
    more: { action_id: anyId('act_contractW'), response_code: code },
    expected: { outcome: 'failed', code: '20062', partReference: 'act_contractW' },
  },
  {
    type: 'payment_canceled',
    given: happened('payment_canceled'),
    why: 'The payer turned back: nobody can pay any more, and another provider may be tried.',
    expected: { outcome: 'canceled' },
  },
  {
    type: 'payment_expired',
    given: happened('payment_expired'),
    why: 'Nobody came back to pay, and nobody can any more.',
    expected: { outcome: 'canceled' },
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

interface DisputeNeed {
  type: string;
  why: string;
  given: EventNeed['given'];
  outcome: NonNullable<EventNeed['expected']['outcome']>;
}

const DISPUTES: readonly DisputeNeed[] = [
  {
    type: 'dispute_evidence_required',
    given: disputed,
    why: 'The money is taken back on this event, and the player must not spend it meanwhile.',
    outcome: 'dispute_opened',
  },
  {
    type: 'dispute_evidence_submitted',
    given: disputeDefended,
    why: 'Our evidence has arrived; nothing has moved.',
    outcome: 'pending',
  },
  {
    type: 'dispute_won',
    given: disputeWon,
    why: 'The money is ours again, and the player may have it back.',
    outcome: 'dispute_won',
  },
  {
    type: 'dispute_lost',
    given: happened('dispute_lost'),
    why: 'The money stays with the cardholder, and nobody waits any longer.',
    outcome: 'dispute_lost',
  },
  {
    type: 'dispute_arbitration_won',
    given: disputeReversed,
    why: 'What was lost came back after all, and is booked back.',
    outcome: 'dispute_won',
  },
  {
    type: 'dispute_accepted',
    given: happened('dispute_accepted'),
    why: 'We gave the dispute up: the money stays with the cardholder.',
    outcome: 'dispute_lost',
  },
  {
    type: 'dispute_expired',
    given: happened('dispute_expired'),
    why: 'No evidence came in time: the money stays with the cardholder.',
    outcome: 'dispute_lost',
  },
];

/** A dispute names the payment, and itself by an id of its own. */
function writeDisputes(book: PactBook): void {
  for (const { type, why, given, outcome } of DISPUTES) {
    const [reference, id] = [`att_checkout_w_${type}`, `pay_contractW${type}`];
    const about = { payment_id: anyId(id), payment_reference: reference };
    const reason = { reason_code: anyId('10.4') };
    book.webhook(
      {
        event: type,
        why,
        given: given({ reference, psp_reference: id }),
        headers,
        content: {
          id: anyId('evt_contract'),
          type,
          created_on: isoMoment,
          data: { id: anyId('dsp_contract'), ...about, ...checkoutMoney, ...reason },
        },
      },
      {
        eventId: 'evt_contract',
        subject: 'dispute',
        outcome,
        reference,
        pspReference: id,
        partReference: 'dsp_contract',
        money: MONEY,
        code: '10.4',
      },
    );
  }
}

export function writeWebhooks(book: PactBook): void {
  writeDisputes(book);
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
