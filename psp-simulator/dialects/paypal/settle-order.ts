/**
 * `POST /v2/checkout/orders/{id}/capture` and `/authorize`: the merchant goes on after the payer
 * did. Nothing moves before that. What is declined depends on the source: a card leaves a
 * declined capture in a completed order, a PayPal account is refused with INSTRUMENT_DECLINED
 * and its payer may try again.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, orderDetails } from './details.ts';
import { jsonAnswer, unprocessable } from './errors.ts';
import { wantsRepresentation } from './fields.ts';
import { afterCharge, confirm, instrumentDeclined, orderOf } from './order-steps.ts';
import { sourceIn } from './source.ts';
import { orderAnswer, payerActionLink, wasAnswered } from './wire.ts';

export function captureOrder(call: Call): PspAnswer {
  return settle(call, 'CAPTURE');
}

export function authorizeOrder(call: Call): PspAnswer {
  return settle(call, 'AUTHORIZE');
}

function settle(call: Call, intent: 'CAPTURE' | 'AUTHORIZE'): PspAnswer {
  const { psp } = call;
  const order = orderOf(call);
  if (orderDetails(order).intent !== intent) throw otherIntent(intent);
  const charged = charge(call, order);
  if (charged.state === 'declined' && charged.method === 'paypal') throw declinedWallet(charged, psp);
  const record = afterCharge(charged, psp);
  return jsonAnswer(201, orderAnswer(record, psp, wantsRepresentation(call) ? 'whole' : 'with-payments'));
}

function charge(call: Call, order: PaymentRecord): PaymentRecord {
  const { psp, body } = call;
  const given = sourceIn(body, psp);
  switch (order.state) {
    case 'created': {
      const { pending, attempt } = orderDetails(order);
      if (given !== null) return confirm(call, order, given);
      if (pending === null) throw notApproved();
      return psp.bank.confirmPayment({
        pspReference: order.pspReference,
        outcome: pending,
        method: 'card',
        details: asDetails({ attempt: attempt + 1, pending: null }),
      });
    }
    case 'requires_action':
      if (wasAnswered(order, psp)) return psp.bank.submitChallenge(order.challengeId ?? '');
      throw order.method === 'paypal' ? notApproved() : payerActionRequired(order, psp);
    case 'expired':
    case 'canceled':
      throw unprocessable('ORDER_EXPIRED', 'The order has expired and cannot be processed any more.');
    case 'declined':
      if (order.method === 'paypal' && given !== null) return confirm(call, order, given);
      throw alreadyDone(orderDetails(order).intent);
    default:
      throw alreadyDone(orderDetails(order).intent);
  }
}

/** The payer may choose something else: the page opens again, and its link is part of the refusal. */
function declinedWallet(declined: PaymentRecord, psp: PspContext): Error {
  if (declined.challengeId === null) return instrumentDeclined();
  const again = psp.bank.confirmPayment({
    pspReference: declined.pspReference,
    outcome: psp.bank.challenge(declined.challengeId).outcome,
    details: asDetails({ attempt: orderDetails(declined).attempt + 1 }),
  });
  return instrumentDeclined([{ ...payerActionLink(again, psp), rel: 'redirect' }, payerActionLink(again, psp)]);
}

function notApproved(): Error {
  return unprocessable(
    'ORDER_NOT_APPROVED',
    "Payer has not yet approved the Order for payment. Please redirect the payer to the 'rel':'approve' url returned as part of the HATEOAS links within the Create Order call or provide a valid payment_source in the request.",
  );
}

function payerActionRequired(order: PaymentRecord, psp: PspContext): Error {
  return unprocessable(
    'PAYER_ACTION_REQUIRED',
    "Payer needs to perform the following action before proceeding with payment. Please redirect the payer to the 'rel':'payer-action' url.",
    undefined,
    [payerActionLink(order, psp)],
  );
}

function alreadyDone(intent: 'CAPTURE' | 'AUTHORIZE'): Error {
  return intent === 'CAPTURE'
    ? unprocessable(
        'ORDER_ALREADY_CAPTURED',
        "Order already captured. If 'intent=CAPTURE' only one capture per order is allowed.",
      )
    : unprocessable(
        'ORDER_ALREADY_AUTHORIZED',
        "Order already authorized. If 'intent=AUTHORIZE' only one authorization per order is allowed.",
      );
}

function otherIntent(wanted: 'CAPTURE' | 'AUTHORIZE'): Error {
  const made = wanted === 'CAPTURE' ? 'AUTHORIZE' : 'CAPTURE';
  return unprocessable(
    'ACTION_DOES_NOT_MATCH_INTENT',
    `Order was created with an intent to '${made}'. Please use v2/checkout/orders/order_id/${made.toLowerCase()} to complete the transaction or alternately Create an order with an intent of '${wanted}'.`,
  );
}
