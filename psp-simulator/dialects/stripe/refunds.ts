/**
 * Refunds: create (whole or in parts, until everything captured is given back), retrieve, list.
 * The test card decides whether a refund succeeds, stays pending for a while or fails.
 */
import type { PaymentRecord, RefundRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { cardOf, chargeObject, hasCharge } from './charge.ts';
import { asDetails, chargeIdOf, intentIdOfCharge, type RefundDetails } from './details.ts';
import { invalid, jsonAnswer, noSuch } from './errors.ts';
import { amountIn, choice, expandIn, fieldsOf, metadataIn, referenceIn, refuseUnknown } from './fields.ts';
import { text, type FormFields } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { minorFromStripe } from './money.ts';
import { paymentIntentObject, refundObject } from './wire.ts';

const CREATE_PARAMS = new Set([
  'payment_intent',
  'charge',
  'amount',
  'currency',
  'customer',
  'reason',
  'metadata',
  'expand',
  'instructions_email',
  'origin',
  'refund_application_fee',
  'reverse_transfer',
]);
const LIST_REFUND_PARAMS = new Set<string>([...LIST_PARAMS, 'payment_intent', 'charge']);
const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

const URL_PATH = '/v1/refunds';

export function createRefund(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  const payment = paymentToRefund(call, fields);
  const amount = amountIn(fields, 'amount');
  const amountMinor = amount === undefined ? undefined : minorFromStripe(amount, payment.currency);
  checkRefundable(payment, amountMinor);
  const metadata = metadataIn(fields);
  const behaviour = cardOf(payment).refund;
  const details: RefundDetails = {
    metadata,
    reason: text(fields, 'reason') === undefined ? null : choice(fields, ['reason'], REASONS, 'requested_by_customer'),
    chargeId: chargeIdOf(payment),
  };
  const refund = call.psp.bank.createRefund({
    pspReference: call.psp.ids.next('re'),
    paymentPspReference: payment.pspReference,
    reference: referenceIn(metadata),
    ...(amountMinor === undefined ? {} : { amountMinor }),
    outcome: behaviour === 'fails' ? 'failed' : behaviour === 'pending' ? 'pending' : 'succeeded',
    details: asDetails(details),
  });
  return jsonAnswer(200, expanded(refund, call, fields));
}

export function retrieveRefund(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  const id = call.params['id'] ?? '';
  const refund = call.psp.bank.findRefund(id);
  if (refund === undefined || !call.isVisible(refund, 0)) throw noSuch('refund', id, { param: 'refund', inPath: true });
  return jsonAnswer(200, expanded(refund, call, fields));
}

export function listRefunds(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_REFUND_PARAMS);
  const charge = text(fields, 'charge');
  const intent = text(fields, 'payment_intent') ?? (charge === undefined ? undefined : intentIdOfCharge(charge));
  const refunds = call.psp.bank
    .refunds(intent === undefined ? {} : { paymentPspReference: intent })
    .filter((refund) => call.isVisible(refund, 0));
  const items = refunds.map((refund) => ({
    id: refund.pspReference,
    createdAtMs: refund.createdAtMs,
    render: () => expanded(refund, call, fields),
  }));
  return listAnswer(items, fields, { url: URL_PATH, what: 'refund' });
}

/** The payment that a refund call is about; undefined when it names none. */
export function refundedPayment(call: Call): PaymentRecord | undefined {
  const fields = call.body as FormFields;
  const charge = text(fields, 'charge');
  const intent = text(fields, 'payment_intent') ?? (charge === undefined ? undefined : intentIdOfCharge(charge));
  return intent === undefined ? undefined : call.psp.bank.findPayment(intent);
}

function paymentToRefund(call: Call, fields: FormFields): PaymentRecord {
  const intent = text(fields, 'payment_intent');
  const charge = text(fields, 'charge');
  const payment = refundedPayment(call);
  if (payment !== undefined) return payment;
  if (intent !== undefined) throw noSuch('payment_intent', intent, { param: 'payment_intent' });
  if (charge !== undefined) throw noSuch('charge', charge, { param: 'charge' });
  throw invalid('One of the following params should be provided for this request: payment_intent or charge.', {
    code: 'parameter_missing',
  });
}

function checkRefundable(payment: PaymentRecord, amountMinor: number | undefined): void {
  const charged = payment.state === 'captured' || payment.state === 'refunded';
  if (!charged)
    throw invalid(`This PaymentIntent (${payment.pspReference}) does not have a successful charge to refund.`);
  const charge = chargeIdOf(payment);
  const leftMinor = payment.capturedMinor - payment.refundedMinor;
  if (leftMinor === 0)
    throw invalid(`Charge ${charge} has already been refunded.`, { code: 'charge_already_refunded' });
  if (amountMinor !== undefined && amountMinor > leftMinor) {
    throw invalid(`Refund amount (${amountMinor}) is greater than unrefunded amount on charge (${leftMinor}).`, {
      param: 'amount',
    });
  }
}

function expanded(refund: RefundRecord, call: Call, fields: FormFields): Record<string, unknown> {
  const object = refundObject(refund);
  const payment = call.psp.bank.findPayment(refund.paymentPspReference);
  const expand = expandIn(fields);
  if (payment === undefined) return object;
  return {
    ...object,
    ...(expand.has('payment_intent') ? { payment_intent: paymentIntentObject(payment, call.psp) } : {}),
    ...(expand.has('charge') && hasCharge(payment) ? { charge: chargeObject(payment) } : {}),
  };
}
