/** The events of acme's that the service acts on, with the fields that it reads of each. */
import { Matchers } from '@pact-foundation/pact';
import { isoTime } from '../../../kernel/index.ts';
import type { PactState } from '../../index.ts';
import { EXAMPLE_SECONDS, MONEY } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  canceledPayment,
  capturedPayment,
  declinedPayment,
  expiredPayment,
  failedPayout,
  paidPayout,
  refundedPayment,
  returnedPayout,
} from '../states.ts';
import { acmeMoney } from './wire.ts';

const { regex } = Matchers;

/** acme signs the time together with the body, so an old delivery cannot pass as a new one. */
const headers = {
  'x-timestamp': regex(/^\d{10}$/, String(EXAMPLE_SECONDS)),
  'x-signature': regex(/^sha256=[0-9a-f]{64}$/, `sha256=${'c0'.repeat(32)}`),
};

interface EventNeed {
  type: 'payment' | 'payout' | 'refund';
  status: string;
  why: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  more?: object;
  expected: Parameters<PactBook['webhook']>[1];
}

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
