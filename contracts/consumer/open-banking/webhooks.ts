/** The events of a pay-by-bank provider that the service acts on, with the fields that it reads of each. */
import { Matchers } from '@pact-foundation/pact';
import type { PactState } from '../../index.ts';
import { EXAMPLE_SECONDS } from '../examples.ts';
import { anyId, isoMoment } from '../matchers.ts';
import type { PactBook } from '../pact-book.ts';
import {
  canceledPayment,
  capturedPayment,
  declinedPayment,
  failedPayout,
  failedRefund,
  paidPayout,
  refundedPayment,
  returnedPayout,
} from '../states.ts';

const { regex } = Matchers;
/** The signature is over the path, the time and the body. */
const headers = {
  'tl-signature': regex(/^[\w-]+\.\.[\w-]+$/, 'eyJhbGciOiJFUzUxMiJ9..c2lnbmF0dXJl'),
  'x-tl-webhook-timestamp': regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, '2026-01-05T09:00:00Z'),
};

interface EventNeed {
  type: string;
  /** Tells two needs of the same event apart. */
  word?: string;
  why: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  /** When it happened, in the event's own field. */
  at: string;
  more?: object;
  expected: Parameters<PactBook['webhook']>[1];
}

/** It moves money and states none, so it is read at the provider before anything is believed. */
const asked = { outcome: 'pending', askFirst: true, reference: null, money: null } as const;

const EVENTS: readonly EventNeed[] = [
  {
    type: 'payment_authorized',
    given: capturedPayment,
    why: 'The payer has agreed at his bank, but nothing is ours yet.',
    at: 'authorized_at',
    expected: { outcome: 'pending' },
  },
  {
    type: 'payment_executed',
    given: capturedPayment,
    why: "The payer's bank says that the money has left, but nothing is ours yet.",
    at: 'executed_at',
    expected: { outcome: 'pending' },
  },
  {
    type: 'payment_settled',
    given: capturedPayment,
    why: 'The money is in our account; by this id the payment is read, and credited with what is found there.',
    at: 'settled_at',
    expected: asked,
  },
  {
    type: 'payment_failed',
    given: declinedPayment,
    why: 'The attempt ends here; the reason is what the player is told and what allows another provider.',
    at: 'failed_at',
    more: { failure_reason: anyId('provider_rejected') },
    expected: { outcome: 'failed', code: 'provider_rejected' },
  },
  {
    type: 'payment_failed',
    word: 'canceled',
    given: canceledPayment,
    why: 'Proof that an abandoned payment can no longer take money: only this reason says that we gave it up ourselves.',
    at: 'failed_at',
    more: { failure_reason: 'canceled' },
    expected: { outcome: 'canceled', code: 'canceled' },
  },
  {
    type: 'refund_executed',
    given: refundedPayment,
    why: 'The money has gone back; by the id of the payment its refunds are read, and booked with what is found there.',
    at: 'executed_at',
    expected: { ...asked, subject: 'refund' },
  },
  {
    type: 'refund_failed',
    given: failedRefund,
    why: 'The money did not reach the payer and is ours again, so the refund must be booked back.',
    at: 'failed_at',
    more: { failure_reason: anyId('scheme_error') },
    expected: { subject: 'refund', outcome: 'failed', code: 'scheme_error' },
  },
  {
    type: 'payout_executed',
    given: paidPayout,
    why: 'The reserved money leaves the wallet, once the payout of this id was read.',
    at: 'executed_at',
    expected: { ...asked, subject: 'payout' },
  },
  {
    type: 'payout_failed',
    given: failedPayout,
    why: 'The reserved money goes back to the wallet on this event; the reason is what the player is told.',
    at: 'failed_at',
    more: { failure_reason: anyId('invalid_iban') },
    expected: { subject: 'payout', outcome: 'failed', code: 'invalid_iban' },
  },
  {
    type: 'payout_failed',
    word: 'returned',
    given: returnedPayout,
    why: 'A payout that was booked as paid came back: only this reason tells it, and how much it was is read by its id.',
    at: 'failed_at',
    more: { failure_reason: 'returned' },
    expected: { ...asked, subject: 'payout' },
  },
];

export function writeWebhooks(book: PactBook): void {
  for (const { type, word = type, why, given, at, more, expected } of EVENTS) {
    const { subject = 'payment' } = expected;
    const reference = `${subject === 'payout' ? 'pot' : 'att'}_open_banking_w_${word}`;
    const id = `contract-w-${word.replace('_', '-')}`;
    const ids = subject === 'payout' ? { payout_id: anyId(id) } : { payment_id: anyId(id) };
    const stated = subject === 'refund' ? `${reference}_refund` : reference;
    book.webhook(
      {
        event: type,
        why,
        given: given({ reference, psp_reference: id }),
        headers,
        content: {
          type,
          event_id: anyId('contract-event'),
          ...ids,
          [at]: isoMoment,
          metadata: { reference: stated },
          ...more,
        },
      },
      {
        eventId: 'contract-event',
        type,
        occurredAt: EXAMPLE_SECONDS * 1000,
        subject,
        pspReference: id,
        ...(expected.askFirst === true ? {} : { reference: stated }),
        ...expected,
      },
    );
  }
}
