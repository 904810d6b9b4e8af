/**
 * POST /payments. The card decides whether the payment is authorized, refused or first sent
 * through authentication; after that nothing is authorized until the merchant hands the result in.
 *
 * Without `additionalData.manualCapture` an authorized payment counts as captured at once, as
 * on a merchant account with immediate capture.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, newPspReference } from './details.ts';
import { jsonAnswer, unprocessable } from './errors.ts';
import {
  checkMerchantAccount,
  objectAt,
  requiredAmount,
  requiredReference,
  textAt,
  type JsonObject,
} from './fields.ts';
import { readPayment } from './read-payment.ts';
import { keepCardOf } from './stored-card.ts';
import { paymentAnswer } from './wire.ts';

export function createPayment(call: Call): PspAnswer {
  const { body, psp } = call;
  checkMerchantAccount(call);
  const { amountMinor, currency } = requiredAmount(body);
  const reference = requiredReference(body);
  const input = readPayment(body, psp);
  const { details, outcome, methodToken } = input;
  const merchantInitiated = textAt(body, 'shopperInteraction') === 'ContAuth';
  const returnUrl = textAt(body, 'returnUrl');
  if (returnUrl === undefined && !merchantInitiated)
    throw unprocessable('14_030', 'Return URL is missing.', 'returnUrl');
  const native = input.native && outcome.threeDs !== 'none';
  const record = psp.bank.createPayment({
    pspReference: newPspReference(psp),
    reference,
    amountMinor,
    currency,
    captureMode: captureModeIn(body),
    // The issuer is asked when the fingerprint is there.
    outcome: native ? null : outcome,
    methodToken,
    returnUrl: returnUrl ?? null,
    details: asDetails(native ? { ...details, native: { outcome } } : details),
  });
  return answerFor(record, psp);
}

/** Keeps the card where that was wished, and says where the payment stands. */
export function answerFor(record: PaymentRecord, psp: PspContext): PspAnswer {
  keepCardOf(record, psp);
  return jsonAnswer(200, paymentAnswer(record, psp));
}

export function captureModeIn(body: JsonObject): 'automatic' | 'manual' {
  return textAt(objectAt(body, 'additionalData'), 'manualCapture') === 'true' ? 'manual' : 'automatic';
}
