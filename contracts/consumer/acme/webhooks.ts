/** The events of acme's that the service acts on, with the fields that it reads of each. */
import { Matchers } from '@pact-foundation/pact';
import { isoTime } from '../../../kernel/index.ts';
import type { PactState } from '../../index.ts';
import { EXAMPLE_SECONDS, MONEY } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  canceledPayment,
  capturedPayment,
  declinedPayment,
  disputeDefended,
  disputed,
  disputeLost,
  disputeReversed,
  disputeWon,
  expiredPayment,
  failedPayout,
  failedRefund,
  happened,
  paidPayout,
  refundedPayment,
  returnedPayout,
  waitingPayment,
} from '../states.ts';
import { acmeMoney } from './wire.ts';

const { regex } = Matchers;

/** acme signs the time together with the body, so an old delivery cannot pass as a new one. */
const headers = {
  'x-timestamp': regex(/^\d{10}$/, String(EXAMPLE_SECONDS)),
  'x-signature': regex(/^sha256=[0-9a-f]{64}$/, `sha256=${'c0'.repeat(32)}`),
};

interface EventNeed {
  type: 'payment' | 'payout' | 'refund' | 'dispute';
  status: string;
  why: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  more?: object;
  expected: Parameters<PactBook['webhook']>[1];
}

/** An event of a dispute names it by an id of its own. */
const DISPUTES: readonly Omit<EventNeed, 'type'>[] = [
  {
    status: 'open',
    given: disputed,
    why: 'The money is taken back on this event, and the player must not spend it meanwhile.',
    more: { dispute_id: anyId('adis_contract') },
    expected: { outcome: 'dispute_opened', partReference: 'adis_contract' },
  },
  {
    status: 'under_review',
    given: disputeDefended,
    why: 'Our evidence has arrived; nothing has moved.',
    more: { dispute_id: anyId('adis_contract') },
    expected: { outcome: 'pending', partReference: 'adis_contract' },
  },
  {
    status: 'won',
    given: disputeWon,
    why: 'The money is ours again, and the player may have it back.',
    more: { dispute_id: anyId('adis_contract') },
    expected: { outcome: 'dispute_won', partReference: 'adis_contract' },
  },
  {
    status: 'lost',
    given: disputeLost,
    why: 'The money stays with the cardholder, and nobody waits any longer.',
    more: { dispute_id: anyId('adis_contract') },
    expected: { outcome: 'dispute_lost', partReference: 'adis_contract' },
  },
  {
    status: 'reversed',
    given: disputeReversed,
    why: 'What was lost came back after all, and is booked back.',
    more: { dispute_id: anyId('adis_contract') },
    expected: { outcome: 'dispute_won', partReference: 'adis_contract' },
  },
];

export function writeWebhooks(book: PactBook): void {
  const event = ({ type, status, why, given, more = {}, expected }: EventNeed): void => {
    const reference = `${type === 'payout' ? 'pot' : 'att'}_acme_w_${type}_${status}`;
    const example = `${type === 'payout' ? 'apo' : 'apay'}_contractW${type}${status}`;
    const stated = type === 'refund' ? `${reference}_refund` : reference;
    book.webhook(
      {
        event: `${type}.${status}`,
        why,
        given: given({ reference, psp_reference: example }),
        headers,
        content: {
          event_id: anyId('aevt_contract'),
          type,
          status,
          payment_id: anyId(example),
          reference: stated,
          ...acmeMoney,
          ...more,
          timestamp: regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, isoTime(EXAMPLE_SECONDS * 1000)),
        },
      },
      {
        eventId: 'aevt_contract',
        type: `${type}.${status}`,
        occurredAt: EXAMPLE_SECONDS * 1000,
        subject: type,
        reference: stated,
        pspReference: example,
        money: MONEY,
        ...expected,
      },
    );
  };

  event({
    type: 'payment',
    status: 'captured',
    given: capturedPayment,
    more: { captured_amount: acmeMoney.amount },
    why: 'The wallet is credited on this event: by its reference, and only with the amount and currency that were really taken.',
    expected: { outcome: 'succeeded' },
  });
  event({
    type: 'payment',
    status: 'requires_action',
    given: waitingPayment,
    why: 'The payment waits for the cardholder; nothing has moved.',
    expected: { outcome: 'pending' },
  });
  event({
    type: 'payment',
    status: 'authorized',
    given: authorizedPayment,
    why: 'How much is reserved, for a capture of more than that would be refused.',
    expected: { outcome: 'authorized' },
  });
  event({
    type: 'payment',
    status: 'declined',
    given: declinedPayment,
    why: 'The attempt ends here.',
    expected: { outcome: 'failed' },
  });
  event({
    type: 'payment',
    status: 'canceled',
    given: canceledPayment,
    why: 'Proof that an abandoned payment can no longer take money.',
    expected: { outcome: 'canceled' },
  });
  event({
    type: 'payment',
    status: 'expired',
    given: expiredPayment,
    why: 'The challenge ran out at acme; the attempt ends without waiting for our own clock.',
    expected: { outcome: 'failed' },
  });
  event({
    type: 'refund',
    status: 'succeeded',
    given: refundedPayment,
    why: 'A refund that was pending ends here; it carries the reference of the refund, not of the payment.',
    expected: { outcome: 'succeeded' },
  });
  event({
    type: 'refund',
    status: 'failed',
    given: failedRefund,
    why: 'The money did not reach the cardholder and is ours again, so the refund must be booked back.',
    expected: { outcome: 'failed' },
  });
  for (const dispute of DISPUTES) event({ ...dispute, type: 'dispute' });
  event({
    type: 'payout',
    status: 'canceled',
    given: happened('payout.canceled'),
    why: 'A payout that was called off gives the reserved money back to the wallet.',
    expected: { outcome: 'failed' },
  });
  event({
    type: 'payout',
    status: 'paid',
    given: paidPayout,
    why: 'The reserved money leaves the wallet on this event.',
    expected: { outcome: 'succeeded' },
  });
  event({
    type: 'payout',
    status: 'failed',
    given: failedPayout,
    why: 'The reserved money goes back to the wallet on this event.',
    expected: { outcome: 'failed' },
  });
  event({
    type: 'payout',
    status: 'returned',
    given: returnedPayout,
    why: 'A payout that was booked as paid came back and must be booked back.',
    expected: { outcome: 'returned' },
  });
}
