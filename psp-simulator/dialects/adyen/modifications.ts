/**
 * Modifications: capture, cancel, refund, reversal and the technical cancel by the merchant's
 * own reference. Adyen answers 201 `received` to all of them, as long as the payment exists and
 * the request is well-formed; the outcome is a webhook of its own, whose `pspReference` is the
 * modification's and whose `originalReference` is the payment's. What the books do not allow is
 * refused there, with `success: "false"` and a reason: a merchant who takes `received` for a
 * yes is wrong.
 *
 * A capture may be a part: the account has several partial captures enabled, so the rest stays
 * authorized until it is captured, cancelled or expired.
 */
import { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, newPspReference, paymentDetails, type AdyenPaymentDetails, type CancelWord } from './details.ts';
import { jsonAnswer, unknownPayment, unprocessable } from './errors.ts';
import { checkMerchantAccount, optionalReference, requiredAmount, textAt } from './fields.ts';
import { adyenAmount } from './money.ts';
import { testCard } from './magic.ts';
import { modificationNews } from './notification.ts';
import { CANCEL_CODES } from './webhooks.ts';

/** One accepted request for a modification. */
interface Modification {
  call: Call;
  merchantAccount: string;
  pspReference: string;
  reference: string | null;
}

export function capturePayment(call: Call): PspAnswer {
  const modification = accept(call);
  const payment = paymentOf(call);
  const amountMinor = amountFor(call, payment);
  capture(modification, payment, amountMinor);
  return received(modification, {
    paymentPspReference: payment.pspReference,
    amount: adyenAmount(amountMinor, payment.currency),
  });
}

export function cancelPayment(call: Call): PspAnswer {
  const modification = accept(call);
  const payment = paymentOf(call);
  cancel(modification, payment, 'cancel');
  return received(modification, { paymentPspReference: payment.pspReference });
}

/** Cancel by the merchant's reference, for a merchant who never learned the pspReference, or whether there is one. */
export function technicalCancel(call: Call): PspAnswer {
  const modification = accept(call);
  const paymentReference = textAt(call.body, 'paymentReference');
  if (paymentReference === undefined) throw unprocessable('130', 'Reference Missing', 'paymentReference');
  const payments = call.psp.bank.payments({ reference: paymentReference });
  const payment = payments.find(isCancelable) ?? payments.at(-1);
  if (payment !== undefined) cancel(modification, payment, 'technical');
  else {
    const { pspReference, reference } = modification;
    const merchantReference = reference ?? paymentReference;
    const about = { pspReference, merchantReference, key: paymentReference, payment: null, amountMinor: 0 };
    const eventCode = CANCEL_CODES.technical;
    const refusal = { ...about, eventCode, success: false, reason: 'Original payment not found' };
    call.psp.announce(modificationNews(refusal, call.psp));
  }
  return received(modification, { paymentReference });
}

export function refundPayment(call: Call): PspAnswer {
  const modification = accept(call);
  const payment = paymentOf(call);
  const amountMinor = amountFor(call, payment);
  refund(modification, payment, { amountMinor, word: 'refund' });
  return received(modification, {
    paymentPspReference: payment.pspReference,
    amount: adyenAmount(amountMinor, payment.currency),
  });
}

/** Cancels what is not captured, refunds in full what is. */
export function reversePayment(call: Call): PspAnswer {
  const modification = accept(call);
  const payment = paymentOf(call);
  if (payment.capturedMinor === 0 && isCancelable(payment)) cancel(modification, payment, 'reversal');
  else refund(modification, payment, { word: 'reversal' });
  return received(modification, { paymentPspReference: payment.pspReference });
}

/** In whole, or what is left of it. */
function isCancelable({ state, capturableMinor }: PaymentRecord): boolean {
  return state === 'created' || state === 'requires_action' || state === 'authorized' || capturableMinor > 0;
}

function capture(modification: Modification, payment: PaymentRecord, amountMinor: number): void {
  const { call, pspReference, reference } = modification;
  const details = paymentDetails(payment);
  if (testCard(details.card).captureFails === true && amountMinor <= payment.capturableMinor) {
    // Confirmed first and failed at the scheme: the books never have it.
    const merchantReference = reference ?? payment.reference ?? '';
    const about = { pspReference, payment, merchantReference, key: payment.reference, amountMinor, success: true };
    call.psp.announce(modificationNews({ ...about, eventCode: 'CAPTURE', reason: '' }, call.psp));
    const failed = { ...about, eventCode: 'CAPTURE_FAILED', reason: 'Capture Failed' };
    call.psp.announce(modificationNews(failed, call.psp));
    return;
  }
  perform(modification, { payment, eventCode: 'CAPTURE', amountMinor }, () =>
    withDetails(call, payment, { captures: { ...details.captures, [pspReference]: reference } }, () =>
      call.psp.bank.capture(payment.pspReference, { amountMinor, final: false, captureId: pspReference }),
    ),
  );
}

function cancel(modification: Modification, payment: PaymentRecord, word: CancelWord): void {
  const { call, pspReference, reference } = modification;
  const amountMinor = payment.capturedMinor > 0 ? payment.capturableMinor : payment.amountMinor;
  perform(modification, { payment, eventCode: CANCEL_CODES[word], amountMinor }, () =>
    withDetails(call, payment, { cancel: { pspReference, reference, word } }, () =>
      call.psp.bank.cancel(payment.pspReference),
    ),
  );
}

function refund(
  modification: Modification,
  payment: PaymentRecord,
  options: { amountMinor?: number; word: 'refund' | 'reversal' },
): void {
  const { call, pspReference, reference } = modification;
  const { amountMinor, word } = options;
  const eventCode = word === 'reversal' ? CANCEL_CODES.reversal : 'REFUND';
  perform(modification, { payment, eventCode, amountMinor: amountMinor ?? payment.amountMinor }, () =>
    call.psp.bank.createRefund({
      pspReference,
      paymentPspReference: payment.pspReference,
      reference,
      ...(amountMinor === undefined ? {} : { amountMinor }),
      // A refund that the shopper's bank will refuse is not done yet.
      ...(payment.fate.refunds === 'failed' ? { outcome: 'pending' as const } : {}),
      details: asDetails({ brand: paymentDetails(payment).brand, word, paymentReference: payment.reference }),
    }),
  );
}

function accept(call: Call): Modification {
  const merchantAccount = checkMerchantAccount(call);
  const reference = optionalReference(call.body);
  return { call, merchantAccount, reference, pspReference: newPspReference(call.psp) };
}

/** Lets the bank do it, or tells the merchant by webhook that it cannot be done. */
function perform(
  { call, pspReference, reference }: Modification,
  about: { payment: PaymentRecord; eventCode: string; amountMinor: number },
  command: () => unknown,
): void {
  try {
    command();
  } catch (error) {
    if (!(error instanceof PspProblem) || (error.code !== 'invalid-state' && error.code !== 'amount-too-large'))
      throw error;
    const reason = error.code === 'amount-too-large' ? 'Insufficient balance on payment' : REFUSED_BY_STATE;
    const merchantReference = reference ?? about.payment.reference ?? '';
    const key = about.payment.reference;
    const refusal = { ...about, success: false, pspReference, merchantReference, key, reason };
    call.psp.announce(modificationNews(refusal, call.psp));
  }
}

const REFUSED_BY_STATE = 'The state of the payment does not allow this modification';

/** Notes who asked for the change before it is made, and takes the note back when it is not. */
function withDetails(
  call: Call,
  payment: PaymentRecord,
  note: Partial<AdyenPaymentDetails>,
  command: () => unknown,
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

function paymentOf(call: Call): PaymentRecord {
  const payment = call.psp.bank.findPayment(call.params['ref'] ?? '');
  if (payment === undefined) throw unknownPayment();
  return payment;
}

function amountFor(call: Call, payment: PaymentRecord): number {
  const { amountMinor, currency } = requiredAmount(call.body);
  if (currency !== payment.currency) {
    throw unprocessable('138', 'Currency differs from the currency of the payment', 'amount.currency');
  }
  return amountMinor;
}

function received(
  { merchantAccount, pspReference, reference }: Modification,
  more: Record<string, unknown>,
): PspAnswer {
  const own = reference === null ? {} : { reference };
  return jsonAnswer(201, { merchantAccount, ...more, pspReference, ...own, status: 'received' });
}
