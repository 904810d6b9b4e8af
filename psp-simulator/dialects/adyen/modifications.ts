/**
 * Modifications: capture, cancel, refund, reversal and the technical cancel by the merchant's
 * own reference. Adyen answers 201 `received`; the outcome is a webhook of its own, whose
 * `pspReference` is the modification's and whose `originalReference` is the payment's.
 */
import { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, newPspReference, paymentDetails, type CancelWord } from './details.ts';
import { jsonAnswer, unknownPayment, unprocessable } from './errors.ts';
import { checkMerchantAccount, optionalReference, requiredAmount, textAt } from './fields.ts';
import { adyenAmount } from './money.ts';

/** States in which a payment can still be cancelled. */
const CANCELABLE: ReadonlySet<PaymentRecord['state']> = new Set(['created', 'requires_action', 'authorized']);

export function capturePayment(call: Call): PspAnswer {
  const merchantAccount = checkMerchantAccount(call);
  const payment = paymentOf(call);
  const amountMinor = amountFor(call, payment);
  const reference = optionalReference(call.body);
  if (payment.state !== 'authorized')
    throw new PspProblem('invalid-state', `The payment cannot be captured: it is ${payment.state}`);
  if (amountMinor > payment.amountMinor)
    throw unprocessable('137', 'The amount is larger than the authorised amount', 'amount.value');
  const pspReference = newPspReference(call.psp);
  call.psp.bank.setDetails(
    payment.pspReference,
    asDetails({ ...paymentDetails(payment), capture: { pspReference, reference } }),
  );
  call.psp.bank.capture(payment.pspReference, amountMinor);
  return received({
    merchantAccount,
    pspReference,
    reference,
    more: { paymentPspReference: payment.pspReference, amount: adyenAmount(amountMinor, payment.currency) },
  });
}

export function cancelPayment(call: Call): PspAnswer {
  const merchantAccount = checkMerchantAccount(call);
  const payment = paymentOf(call);
  const { pspReference, reference } = cancel(call, payment, 'cancel');
  return received({ merchantAccount, pspReference, reference, more: { paymentPspReference: payment.pspReference } });
}

/** Cancel by the merchant's reference, for a merchant who never learned the pspReference. */
export function technicalCancel(call: Call): PspAnswer {
  const merchantAccount = checkMerchantAccount(call);
  const paymentReference = textAt(call.body, 'paymentReference');
  if (paymentReference === undefined) throw unprocessable('130', 'Reference Missing', 'paymentReference');
  const payments = call.psp.bank.payments({ reference: paymentReference });
  const payment = payments.find((candidate) => CANCELABLE.has(candidate.state)) ?? payments.at(-1);
  if (payment === undefined) throw new PspProblem('not-found', 'No payment with this reference');
  const { pspReference, reference } = cancel(call, payment, 'technical');
  return received({ merchantAccount, pspReference, reference, more: { paymentReference } });
}

export function refundPayment(call: Call): PspAnswer {
  const merchantAccount = checkMerchantAccount(call);
  const payment = paymentOf(call);
  const amountMinor = amountFor(call, payment);
  const { pspReference, reference } = refund(call, payment, { amountMinor, word: 'refund' });
  return received({
    merchantAccount,
    pspReference,
    reference,
    more: { paymentPspReference: payment.pspReference, amount: adyenAmount(amountMinor, payment.currency) },
  });
}

/** Cancels what is not captured, refunds in full what is. */
export function reversePayment(call: Call): PspAnswer {
  const merchantAccount = checkMerchantAccount(call);
  const payment = paymentOf(call);
  const { pspReference, reference } = CANCELABLE.has(payment.state)
    ? cancel(call, payment, 'reversal')
    : refund(call, payment, { word: 'reversal' });
  return received({ merchantAccount, pspReference, reference, more: { paymentPspReference: payment.pspReference } });
}

interface Modification {
  pspReference: string;
  reference: string | null;
}

function cancel(call: Call, payment: PaymentRecord, word: CancelWord): Modification {
  const reference = optionalReference(call.body);
  if (!CANCELABLE.has(payment.state))
    throw new PspProblem('invalid-state', `The payment cannot be cancelled: it is ${payment.state}`);
  const pspReference = newPspReference(call.psp);
  call.psp.bank.setDetails(
    payment.pspReference,
    asDetails({ ...paymentDetails(payment), cancel: { pspReference, reference, word } }),
  );
  call.psp.bank.cancel(payment.pspReference);
  return { pspReference, reference };
}

function refund(
  call: Call,
  payment: PaymentRecord,
  options: { amountMinor?: number; word: 'refund' | 'reversal' },
): Modification {
  const reference = optionalReference(call.body);
  const pspReference = newPspReference(call.psp);
  call.psp.bank.createRefund({
    pspReference,
    paymentPspReference: payment.pspReference,
    reference,
    ...(options.amountMinor === undefined ? {} : { amountMinor: options.amountMinor }),
    details: asDetails({
      brand: paymentDetails(payment).brand,
      word: options.word,
      paymentReference: payment.reference,
    }),
  });
  return { pspReference, reference };
}

function paymentOf(call: Call): PaymentRecord {
  const payment = call.psp.bank.findPayment(call.params['ref'] ?? '');
  if (payment === undefined) throw unknownPayment();
  return payment;
}

function amountFor(call: Call, payment: PaymentRecord): number {
  const { amountMinor, currency } = requiredAmount(call.body);
  if (currency !== payment.currency)
    throw unprocessable('138', 'Currency differs from the currency of the payment', 'amount.currency');
  return amountMinor;
}

function received(answer: {
  merchantAccount: string;
  pspReference: string;
  reference: string | null;
  more: Record<string, unknown>;
}): PspAnswer {
  const { merchantAccount, pspReference, reference, more } = answer;
  return jsonAnswer(201, {
    merchantAccount,
    ...more,
    pspReference,
    ...(reference === null ? {} : { reference }),
    status: 'received',
  });
}
