/**
 * Refunds: create (whole or in parts, until everything captured is given back), retrieve, list.
 * The test card decides whether a refund succeeds, stays pending for a while or fails.
 */
import type { PaymentRecord, RefundRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { chargeObject, hasCharge } from './charge.ts';
import {
  asDetails,
  cardOf,
  chargeIdOf,
  intentDetails,
  intentIdOfCharge,
  isIntent,
  type RefundDetails,
} from './details.ts';
import { invalid, jsonAnswer, noSuch } from './errors.ts';
import {
  amountIn,
  choice,
  expandIn,
  fieldsOf,
  mergedMetadata,
  metadataIn,
  referenceIn,
  refuseUnknown,
} from './fields.ts';
import { text, type FormFields } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { ownMagic } from './magic.ts';
import { minorFromStripe, stripeFromMinor } from './money.ts';
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
const PLAIN_PARAMS = new Set(['expand']);
const UPDATE_PARAMS = new Set(['expand', 'metadata']);
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
    outcome: startsPending(payment) ? 'pending' : 'succeeded',
    details: asDetails(details),
  });
  return jsonAnswer(200, expanded(refund, call, fields));
}

export function retrieveRefund(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, PLAIN_PARAMS);
  return jsonAnswer(200, expanded(refundOf(call), call, fields));
}

export function updateRefund(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, UPDATE_PARAMS);
  const refund = refundOf(call);
  const details = refund.details as unknown as RefundDetails;
  call.psp.bank.setDetails(
    refund.pspReference,
    asDetails({ ...details, metadata: mergedMetadata(details.metadata, fields) }),
  );
  return jsonAnswer(200, expanded(call.psp.bank.refund(refund.pspReference), call, fields));
}

/** Only a refund that waits for the customer's bank details can be canceled, and cards never do. */
export function cancelRefund(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  const { state } = refundOf(call);
  throw invalid(`Cancel is only supported on refunds with a status of requires_action; this one is ${state}.`);
}

function refundOf(call: Call): RefundRecord {
  const id = call.params['id'] ?? '';
  const refund = call.psp.bank.findRefund(id);
  if (refund === undefined || !call.isVisible(refund, 0)) throw noSuch('refund', id, { param: 'refund', inPath: true });
  return refund;
}

/** Does the receiving bank have to be asked first? Else it succeeds at once, as most refunds do. */
function startsPending(payment: PaymentRecord): boolean {
  const own = ownMagic(intentDetails(payment).metadata, 'refund');
  return own === 'fail' || own === 'pending' || cardOf(payment).refund === 'pending';
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
  if (payment !== undefined && isIntent(payment)) return payment;
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
  if (payment.disputedMinor > 0) {
    throw invalid(`Charge ${charge} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
  }
  const leftMinor = payment.capturedMinor - payment.refundedMinor;
  const shown = (minor: number): number => stripeFromMinor(minor, payment.currency);
  if (leftMinor === 0)
    throw invalid(`Charge ${charge} has already been refunded.`, { code: 'charge_already_refunded' });
  if (amountMinor !== undefined && amountMinor > leftMinor) {
    throw invalid(
      `Refund amount (${shown(amountMinor)}) is greater than unrefunded amount on charge (${shown(leftMinor)}).`,
      {
        param: 'amount',
      },
    );
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
