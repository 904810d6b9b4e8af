/** The events of Stripe's that the service acts on, with the fields that it reads of each. */
import { Matchers } from '@pact-foundation/pact';
import { EXAMPLE_SECONDS, MONEY } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { PactBook, WebhookNeed } from '../pact-book.ts';
import {
  canceledPayment,
  capturedPayment,
  declinedPayment,
  failedPayout,
  paidPayout,
  refundedPayment,
  returnedPayout,
} from '../states.ts';
import { RARE_EVENTS } from './rare-webhooks.ts';
import { stripeMoney } from './wire.ts';

const { integer, like, regex } = Matchers;
const headers = {
  'stripe-signature': regex(/^t=\d+(,v\d=[0-9a-f]{64})+$/, `t=${EXAMPLE_SECONDS},v1=${'c0'.repeat(32)}`),
};

function eventOf(type: string, object: object, previous?: object): object {
  return {
    id: anyId('evt_contract'),
    type,
    created: integer(EXAMPLE_SECONDS),
    data: { object, ...(previous === undefined ? {} : { previous_attributes: previous }) },
  };
}

export function writeWebhooks(book: PactBook): void {
  const webhook = (
    need: Omit<WebhookNeed, 'content' | 'headers'>,
    object: object,
    expected: Parameters<PactBook['webhook']>[1],
    previous?: object,
  ) =>
    book.webhook(
      { ...need, headers, content: eventOf(need.event, object, previous) },
      { eventId: 'evt_contract', type: need.event, occurredAt: EXAMPLE_SECONDS * 1000, ...expected },
    );
  const intent = (id: string, reference: string, more: object) => ({ id: anyId(id), metadata: { reference }, ...more });
  const payout = (id: string, reference: string, more: object = {}) => ({
    id: anyId(id),
    metadata: { reference },
    ...stripeMoney,
    ...more,
  });

  webhook(
    {
      event: 'payment_intent.succeeded',
      why: 'The wallet is credited on this event: by its reference, and only with the amount and currency that were really received.',
      given: capturedPayment({ reference: 'att_stripe_w_paid', psp_reference: 'pi_contractWPaid' }),
    },
    intent('pi_contractWPaid', 'att_stripe_w_paid', {
      amount_received: stripeMoney.amount,
      currency: stripeMoney.currency,
    }),
    {
      subject: 'payment',
      outcome: 'succeeded',
      reference: 'att_stripe_w_paid',
      pspReference: 'pi_contractWPaid',
      money: MONEY,
    },
  );

  webhook(
    {
      event: 'payment_intent.payment_failed',
      why: 'The attempt ends here; the decline code is what the player is told and what allows another provider.',
      given: declinedPayment({ reference: 'att_stripe_w_no', psp_reference: 'pi_contractWNo' }),
    },
    intent('pi_contractWNo', 'att_stripe_w_no', {
      ...stripeMoney,
      last_payment_error: { code: 'card_declined', decline_code: like('generic_decline') },
    }),
    {
      subject: 'payment',
      outcome: 'failed',
      reference: 'att_stripe_w_no',
      pspReference: 'pi_contractWNo',
      code: 'generic_decline',
    },
  );

  webhook(
    {
      event: 'payment_intent.canceled',
      why: 'Proof that an abandoned payment can no longer take money.',
      given: canceledPayment({ reference: 'att_stripe_w_off', psp_reference: 'pi_contractWOff' }),
    },
    intent('pi_contractWOff', 'att_stripe_w_off', stripeMoney),
    { subject: 'payment', outcome: 'canceled', reference: 'att_stripe_w_off', pspReference: 'pi_contractWOff' },
  );

  webhook(
    {
      event: 'refund.updated',
      why: 'A refund that was pending ends here. It carries the reference of the refund, so the payment is found by its id.',
      given: refundedPayment({ reference: 'att_stripe_w_ref', psp_reference: 'pi_contractWRef' }),
    },
    {
      payment_intent: anyId('pi_contractWRef'),
      metadata: { reference: 'att_stripe_w_ref_refund' },
      status: 'succeeded',
      ...stripeMoney,
    },
    {
      subject: 'refund',
      outcome: 'succeeded',
      reference: 'att_stripe_w_ref_refund',
      pspReference: 'pi_contractWRef',
      money: MONEY,
    },
  );

  webhook(
    {
      event: 'payout.paid',
      why: 'The reserved money leaves the wallet on this event.',
      given: paidPayout({ reference: 'pot_stripe_w_paid', psp_reference: 'po_contractWPaid' }),
    },
    payout('po_contractWPaid', 'pot_stripe_w_paid'),
    {
      subject: 'payout',
      outcome: 'succeeded',
      reference: 'pot_stripe_w_paid',
      pspReference: 'po_contractWPaid',
      money: MONEY,
    },
  );

  webhook(
    {
      event: 'payout.failed',
      why: 'The reserved money goes back to the wallet on this event.',
      given: failedPayout({ reference: 'pot_stripe_w_no', psp_reference: 'po_contractWNo' }),
    },
    payout('po_contractWNo', 'pot_stripe_w_no', { failure_code: like('account_closed') }),
    {
      subject: 'payout',
      outcome: 'failed',
      reference: 'pot_stripe_w_no',
      pspReference: 'po_contractWNo',
      code: 'account_closed',
    },
  );

  webhook(
    {
      event: 'payout.failed',
      why: 'Banks return payouts for days. Only the status before tells a return, which must be booked back, from a payout that never left.',
      given: returnedPayout({ reference: 'pot_stripe_w_back', psp_reference: 'po_contractWBack' }),
    },
    payout('po_contractWBack', 'pot_stripe_w_back', { failure_code: like('account_closed') }),
    {
      subject: 'payout',
      outcome: 'returned',
      reference: 'pot_stripe_w_back',
      pspReference: 'po_contractWBack',
      money: MONEY,
    },
    { status: 'paid' },
  );

  RARE_EVENTS.forEach(({ event, why, given, object, expected }, index) => {
    const { subject } = expected;
    const reference = `${subject === 'payout' ? 'pot' : 'att'}_stripe_w_rare_${index}`;
    const id = `${subject === 'payout' ? 'po' : 'pi'}_contractWRare${String(index).padStart(2, '0')}`;
    const stated = subject === 'refund' ? `${reference}_refund` : reference;
    webhook({ event, why, given: given({ reference, psp_reference: id }) }, object(reference, id), {
      reference: stated,
      pspReference: id,
      ...expected,
    });
  });
}
