/** The events of Stripe's that tell of disputes, of refunds and of what is on its way, with the fields that the service reads. */
import { Matchers } from '@pact-foundation/pact';
import type { PactState } from '../../index.ts';
import { MONEY } from '../examples.ts';
import { anyId } from '../matchers.ts';
import type { PspEvent } from '../../../reference-service/index.ts';
import {
  authorizedPayment,
  disputed,
  disputeDefended,
  disputeLost,
  disputeWon,
  happened,
  refundedPayment,
  waitingPayment,
} from '../states.ts';
import { stripeMoney } from './wire.ts';

export interface RareEvent {
  event: string;
  why: string;
  given: (named: { reference: string; psp_reference: string }) => PactState;
  /** The object inside, for our reference and Stripe's id of the payment or payout. */
  object(reference: string, id: string): object;
  expected: Partial<PspEvent>;
}

const named =
  (more: object = {}) =>
  (reference: string, id: string): object => ({ id: anyId(id), metadata: { reference }, ...stripeMoney, ...more });

const refund =
  (status: string, more: object = {}) =>
  (_reference: string, id: string): object => ({
    id: anyId('re_contractW'),
    payment_intent: anyId(id),
    status,
    ...stripeMoney,
    ...more,
  });
const ofRefund = { subject: 'refund', reference: null, partReference: 're_contractW', money: MONEY } as const;

/** A dispute names the payment and itself, and nothing of ours. */
const dispute =
  (status: string | null = null) =>
  (_reference: string, id: string): object => ({
    id: anyId('du_contractW'),
    payment_intent: anyId(id),
    reason: Matchers.like('fraudulent'),
    ...(status === null ? {} : { status }),
    ...stripeMoney,
  });
const ofDispute = {
  subject: 'dispute',
  reference: null,
  partReference: 'du_contractW',
  code: 'fraudulent',
  money: MONEY,
} as const;

export const RARE_EVENTS: readonly RareEvent[] = [
  {
    event: 'payment_intent.created',
    given: happened('payment_intent.created'),
    why: 'The payment is known; nothing has moved.',
    object: named(),
    expected: { subject: 'payment', outcome: 'pending' },
  },
  {
    event: 'payment_intent.requires_action',
    given: waitingPayment,
    why: 'The payment waits for the cardholder; nothing has moved.',
    object: named(),
    expected: { subject: 'payment', outcome: 'pending' },
  },
  {
    event: 'payment_intent.amount_capturable_updated',
    given: authorizedPayment,
    why: 'How much is reserved, for a capture of more than that would be refused.',
    object: named({ amount_capturable: stripeMoney.amount, amount_received: 0 }),
    expected: { subject: 'payment', outcome: 'authorized', money: MONEY },
  },
  {
    event: 'refund.created',
    given: refundedPayment,
    why: 'The id ties later events of the refund to it; whether the money has gone is said by its status.',
    object: (reference, id) => ({
      id: anyId('re_contractW'),
      payment_intent: anyId(id),
      metadata: { reference: `${reference}_refund` },
      ...stripeMoney,
    }),
    expected: { subject: 'refund', outcome: 'pending', partReference: 're_contractW' },
  },
  {
    event: 'charge.refund.updated',
    given: happened('charge.refund.updated'),
    why: 'Accounts of older versions are told of a refund by this name.',
    object: refund('failed', { failure_reason: Matchers.like('expired_or_canceled_card') }),
    expected: { ...ofRefund, outcome: 'failed', code: 'expired_or_canceled_card' },
  },
  {
    event: 'refund.failed',
    given: happened('refund.failed'),
    why: 'The money did not reach the cardholder and is ours again, so the refund must be booked back.',
    object: refund('failed', { failure_reason: Matchers.like('expired_or_canceled_card') }),
    expected: { ...ofRefund, outcome: 'failed', code: 'expired_or_canceled_card' },
  },
  {
    event: 'charge.dispute.created',
    given: disputed,
    why: 'A dispute is known; an inquiry moves nothing, so the money is believed gone only when its funds are withdrawn.',
    object: dispute(),
    expected: { ...ofDispute, outcome: 'pending' },
  },
  {
    event: 'charge.dispute.funds_withdrawn',
    given: disputed,
    why: 'The money is taken back on this event, and the player must not spend it meanwhile.',
    object: dispute(),
    expected: { ...ofDispute, outcome: 'dispute_opened' },
  },
  {
    event: 'charge.dispute.updated',
    given: disputeDefended,
    why: 'Our evidence has arrived; nothing has moved.',
    object: dispute(),
    expected: { ...ofDispute, outcome: 'pending' },
  },
  {
    event: 'charge.dispute.funds_reinstated',
    given: disputeWon,
    why: 'The money is ours again, and the player may have it back.',
    object: dispute(),
    expected: { ...ofDispute, outcome: 'dispute_won' },
  },
  {
    event: 'charge.dispute.closed',
    given: disputeWon,
    why: 'The last word on a dispute: won.',
    object: dispute('won'),
    expected: { ...ofDispute, outcome: 'dispute_won' },
  },
  {
    event: 'charge.dispute.closed',
    given: disputeLost,
    why: 'The last word on a dispute: lost, and nobody waits any longer.',
    object: dispute('lost'),
    expected: { ...ofDispute, outcome: 'dispute_lost' },
  },
  {
    event: 'payout.created',
    given: happened('payout.created'),
    why: 'The payout is known; the money stays reserved.',
    object: named(),
    expected: { subject: 'payout', outcome: 'pending' },
  },
  {
    event: 'payout.canceled',
    given: happened('payout.canceled'),
    why: 'A payout that was called off gives the reserved money back to the wallet.',
    object: named(),
    expected: { subject: 'payout', outcome: 'failed', code: 'canceled' },
  },
];
