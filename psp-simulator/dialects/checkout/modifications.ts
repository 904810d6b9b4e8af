/**
 * Captures, voids, refunds and reversals: POST /payments/{id}/…. Each is answered 202 with an
 * action id; the event that tells what became of it carries the same id. What the payment's
 * state does not allow is 403 without a body, too much money is 422.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, isPayment, paymentDetails, type CheckoutPaymentDetails } from './details.ts';
import { jsonAnswer, notAllowed, notFound, refusal } from './errors.ts';
import { metadataAt, optionalAmount, optionalReference, textAt } from './fields.ts';
import { actionIdOf, newId } from './ids.ts';
import { cleaned } from './wire.ts';

/** `capture_type` says whether more captures follow; the rest of a final one is released. */
export function capturePayment(call: Call): PspAnswer {
  const payment = paymentIn(call);
  const amountMinor = optionalAmount(call.body, payment.currency);
  const reference = optionalReference(call.body);
  const type = textAt(call.body, 'capture_type') ?? 'Final';
  if (type !== 'Final' && type !== 'NonFinal') throw refusal('capture_type_invalid', 'capture_type');
  const captureId = newId(call.psp, 'act');
  const { captures } = paymentDetails(payment);
  withNote(call, payment, { captures: { ...captures, [captureId]: { reference } } }, () => {
    const part = amountMinor === undefined ? {} : { amountMinor };
    call.psp.bank.capture(payment.pspReference, { ...part, final: type === 'Final', captureId });
  });
  return accepted(call, payment, { actionId: captureId, reference });
}

export function voidPayment(call: Call): PspAnswer {
  const payment = paymentIn(call);
  const amountMinor = optionalAmount(call.body, payment.currency);
  if (payment.capturableMinor === 0) throw notAllowed('Nothing is left to void');
  if (amountMinor !== undefined && amountMinor !== payment.capturableMinor) {
    throw refusal('partial_void_not_simulated', 'amount');
  }
  return voided(call, payment, optionalReference(call.body));
}

export function refundPayment(call: Call): PspAnswer {
  const payment = paymentIn(call);
  return refunded(call, payment, optionalAmount(call.body, payment.currency));
}

/** Voids what is not captured, refunds in full what is. */
export function reversePayment(call: Call): PspAnswer {
  const payment = paymentIn(call);
  if (payment.capturedMinor > 0) return refunded(call, payment, undefined, { action_type: 'Refund' });
  if (payment.capturableMinor === 0) throw notAllowed('Nothing is left to reverse');
  return voided(call, payment, optionalReference(call.body), { action_type: 'Void' });
}

function voided(
  call: Call,
  payment: PaymentRecord,
  reference: string | null,
  more: Record<string, unknown> = {},
): PspAnswer {
  const id = actionIdOf(payment.pspReference, 'void');
  withNote(call, payment, { void: { id, reference } }, () => {
    call.psp.bank.cancel(payment.pspReference);
  });
  return accepted(call, payment, { actionId: id, reference }, more);
}

function refunded(
  call: Call,
  payment: PaymentRecord,
  amountMinor: number | undefined,
  more: Record<string, unknown> = {},
): PspAnswer {
  const reference = optionalReference(call.body);
  const refund = call.psp.bank.createRefund({
    pspReference: newId(call.psp, 'act'),
    paymentPspReference: payment.pspReference,
    reference,
    ...(amountMinor === undefined ? {} : { amountMinor }),
    outcome: 'pending',
    details: asDetails({ metadata: metadataAt(call.body) }),
  });
  return accepted(call, payment, { actionId: refund.pspReference, reference }, more);
}

function paymentIn(call: Call): PaymentRecord {
  const payment = call.psp.bank.findPayment(call.params['id'] ?? '');
  if (payment === undefined || !isPayment(payment)) throw notFound('payment');
  return payment;
}

/** Notes who asked for a change before it is made, and takes the note back when it is not. */
function withNote(
  call: Call,
  payment: PaymentRecord,
  note: Partial<CheckoutPaymentDetails>,
  command: () => void,
): void {
  const details = paymentDetails(payment);
  call.psp.bank.setDetails(payment.pspReference, asDetails({ ...details, ...note }));
  try {
    command();
  } catch (error) {
    call.psp.bank.setDetails(payment.pspReference, asDetails(details));
    throw error;
  }
}

function accepted(
  call: Call,
  payment: PaymentRecord,
  action: { actionId: string; reference: string | null },
  more: Record<string, unknown> = {},
): PspAnswer {
  return jsonAnswer(
    202,
    cleaned({
      action_id: action.actionId,
      reference: action.reference,
      ...more,
      _links: { payment: { href: `${call.psp.url}/payments/${payment.pspReference}` } },
    }),
  );
}
