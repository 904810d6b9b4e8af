/** The signed events of Mollie's that the service acts on, with the fields that it reads of the embedded object. */
import { Matchers } from '@pact-foundation/pact';
import type { PactState } from '../../index.ts';
import { EXAMPLE_SECONDS, MONEY } from '../examples.ts';
import { anyId, isoMoment } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  authorizedPayment,
  canceledPayment,
  capturedPayment,
  declinedPayment,
  expiredPayment,
  refundedPayment,
} from '../states.ts';
import { mollieMoney } from './wire.ts';

const { regex } = Matchers;
/** Over the body alone: Mollie signs no time. */
const headers = { 'x-mollie-signature': regex(/^sha256=[0-9a-f]{64}$/, `sha256=${'c0'.repeat(32)}`) };

interface EventNeed {
  type: string;
  why: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  entity: object;
  expected: Parameters<PactBook['webhook']>[1];
}

const EVENTS: readonly EventNeed[] = [
  {
    type: 'payment.paid',
    given: capturedPayment,
    why: 'The wallet is credited on this event: by its reference, and only with the amount and currency that were really taken.',
    entity: { status: 'paid', amount: mollieMoney },
    expected: { outcome: 'succeeded', money: MONEY },
  },
  {
    type: 'payment.authorized',
    given: authorizedPayment,
    why: 'How much is reserved, for a capture of more than that would be refused.',
    entity: { status: 'authorized', amount: mollieMoney },
    expected: { outcome: 'authorized', money: MONEY },
  },
  {
    type: 'payment.failed',
    given: declinedPayment,
    why: 'The attempt ends here; the reason is what the player is told and what allows another provider.',
    entity: { status: 'failed', details: { failureReason: anyId('refused') } },
    expected: { outcome: 'failed', code: 'refused' },
  },
  {
    type: 'payment.canceled',
    given: canceledPayment,
    why: 'Proof that an abandoned payment can no longer take money.',
    entity: { status: 'canceled' },
    expected: { outcome: 'canceled' },
  },
  {
    type: 'payment.expired',
    given: expiredPayment,
    why: 'The payer never came back, and nobody can pay any more.',
    entity: { status: 'expired' },
    expected: { outcome: 'failed', code: 'expired' },
  },
  {
    type: 'refund.pending',
    given: refundedPayment,
    why: 'The refund is known and on its way; nothing has gone back yet.',
    entity: { status: 'pending', amount: mollieMoney },
    expected: { subject: 'refund', outcome: 'pending' },
  },
  {
    type: 'refund.refunded',
    given: refundedPayment,
    why: 'The money has gone back; it carries the reference of the refund, and the payment is found by its id.',
    entity: { status: 'refunded', amount: mollieMoney },
    expected: { subject: 'refund', outcome: 'succeeded', money: MONEY },
  },
];

export function writeWebhooks(book: PactBook): void {
  for (const { type, why, given, entity, expected } of EVENTS) {
    const word = type.replace('.', '_');
    const [reference, id] = [`att_mollie_w_${word}`, `tr_contractW${word.replace('_', '')}`];
    const { subject = 'payment' } = expected;
    const isRefund = subject === 'refund';
    const stated = isRefund ? `${reference}_refund` : reference;
    const names = isRefund ? { id: anyId('re_contractW'), paymentId: anyId(id) } : { id: anyId(id) };
    book.webhook(
      {
        event: type,
        why,
        given: given({ reference, psp_reference: id }),
        headers,
        content: {
          id: anyId('event_contract'),
          type,
          createdAt: isoMoment,
          _embedded: { entity: { ...names, mode: 'test', metadata: { reference: stated }, ...entity } },
        },
      },
      {
        eventId: 'event_contract',
        type,
        occurredAt: EXAMPLE_SECONDS * 1000,
        environment: 'test',
        subject,
        reference: stated,
        pspReference: id,
        ...(isRefund ? { partReference: 're_contractW' } : {}),
        ...expected,
      },
    );
  }
}
