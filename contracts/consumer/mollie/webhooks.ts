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
  disputed,
  disputeWon,
  expiredPayment,
  failedRefund,
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

/** A chargeback names the payment and itself, and nothing of ours. */
const chargeback = {
  subject: 'dispute',
  partReference: 'chb_contractW',
  reference: null,
  money: MONEY,
  code: '10.4',
} as const;

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
  {
    type: 'refund.processing',
    given: refundedPayment,
    why: 'The refund is on its way and can no longer be called off; nothing has gone back yet.',
    entity: { status: 'processing', amount: mollieMoney },
    expected: { subject: 'refund', outcome: 'pending' },
  },
  {
    type: 'refund.failed',
    given: failedRefund,
    why: 'The money did not reach the payer and is ours again, so the refund must be booked back.',
    entity: { status: 'failed', amount: mollieMoney },
    expected: { subject: 'refund', outcome: 'failed', code: 'failed' },
  },
  {
    type: 'chargeback.received',
    given: disputed,
    why: 'The money is taken back on this event, and the player must not spend it meanwhile.',
    entity: { amount: mollieMoney, reason: { code: anyId('10.4') } },
    expected: { ...chargeback, outcome: 'dispute_opened' },
  },
  {
    type: 'chargeback.reversed',
    given: disputeWon,
    why: 'The money is ours again, and the player may have it back.',
    entity: { amount: mollieMoney, reason: { code: anyId('10.4') } },
    expected: { ...chargeback, outcome: 'dispute_won' },
  },
];

export function writeWebhooks(book: PactBook): void {
  for (const { type, why, given, entity, expected } of EVENTS) {
    const word = type.replace('.', '_');
    const [reference, id] = [`att_mollie_w_${word}`, `tr_contractW${word.replace('_', '')}`];
    const { subject = 'payment' } = expected;
    const isRefund = subject === 'refund';
    const stated = isRefund ? `${reference}_refund` : reference;
    const own = { payment: id, refund: 're_contractW', dispute: 'chb_contractW', payout: '' }[subject];
    const names = { id: anyId(own), ...(subject === 'payment' ? {} : { paymentId: anyId(id) }) };
    const ours = subject === 'dispute' ? {} : { mode: 'test', metadata: { reference: stated } };
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
          _embedded: { entity: { ...names, ...ours, ...entity } },
        },
      },
      {
        eventId: 'event_contract',
        type,
        occurredAt: EXAMPLE_SECONDS * 1000,
        ...(subject === 'dispute' ? {} : { environment: 'test' as const }),
        subject,
        reference: stated,
        pspReference: id,
        ...(isRefund ? { partReference: 're_contractW' } : {}),
        ...expected,
      },
    );
  }
}
