/**
 * POST /payments/details: the merchant hands in what the browser or app brought back, a
 * `redirectResult` of a redirect, or a `threeDSResult` of the native flow (base64 of JSON with
 * the `authorisationToken` of the action, and `threeDSCompInd` after the fingerprint or
 * `transStatus` after the challenge). What the shopper did is asked of the issuer's server; a
 * `transStatus` that claims otherwise changes nothing.
 */
import { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, challengeIdIn, paymentDetails, unsealed } from './details.ts';
import { unprocessable } from './errors.ts';
import { objectAt, textAt, type JsonObject } from './fields.ts';
import { answerFor } from './payments.ts';
import { AUTHORISATION_TOKEN } from './three-ds.ts';

export function submitDetails({ body, psp }: Call): PspAnswer {
  const details = objectAt(body, 'details');
  return answerFor(goOn(details ?? {}, psp), psp);
}

/** The payment after the result in `details`. @throws PspProblem for a result that is none of this account's */
export function goOn(details: JsonObject, psp: PspContext): PaymentRecord {
  const redirectResult = textAt(details, 'redirectResult');
  const threeDsResult = textAt(details, 'threeDSResult');
  if (threeDsResult !== undefined) return nativeStep(threeDsResult, psp);
  if (redirectResult === undefined)
    throw unprocessable(
      '702',
      "Required field 'details.redirectResult' or 'details.threeDSResult' is not provided (other kinds of details are not simulated).",
      'details',
    );
  const challengeId = challengeIdIn(redirectResult, psp);
  if (challengeId === undefined)
    throw unprocessable('702', 'The redirectResult is not one that this account has issued.', 'details.redirectResult');
  return psp.bank.submitChallenge(challengeId);
}

/** Merchant reference of the payment that a details call belongs to. Never throws: the body may be nonsense. */
export function referenceOfDetails({ body, psp }: Call): string | null {
  try {
    const details = objectAt(body, 'details');
    const challengeId = challengeIdIn(textAt(details, 'redirectResult') ?? '', psp);
    if (challengeId !== undefined)
      return psp.bank.payment(psp.bank.challenge(challengeId).paymentPspReference).reference;
    const threeDsResult = textAt(details, 'threeDSResult');
    return threeDsResult === undefined ? null : nativePayment(threeDsResult, psp).payment.reference;
  } catch (error) {
    if (error instanceof PspProblem) return null;
    throw error;
  }
}

function nativeStep(threeDsResult: string, psp: PspContext): PaymentRecord {
  const { payment, isFingerprint } = nativePayment(threeDsResult, psp);
  const { native, ...details } = paymentDetails(payment);
  if (isFingerprint && payment.state === 'created' && native !== undefined)
    return psp.bank.confirmPayment({
      pspReference: payment.pspReference,
      outcome: native.outcome,
      details: asDetails({ ...details, native }),
    });
  return isFingerprint || payment.challengeId === null ? payment : psp.bank.submitChallenge(payment.challengeId);
}

function nativePayment(threeDsResult: string, psp: PspContext): { payment: PaymentRecord; isFingerprint: boolean } {
  const result = decoded(threeDsResult);
  const pspReference = unsealed(AUTHORISATION_TOKEN, textAt(result, 'authorisationToken') ?? '', psp);
  const payment = pspReference === undefined ? undefined : psp.bank.findPayment(pspReference);
  if (payment === undefined)
    throw unprocessable('702', 'The threeDSResult is not one of an action of this account.', 'details.threeDSResult');
  return { payment, isFingerprint: textAt(result, 'transStatus') === undefined };
}

function decoded(threeDsResult: string): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(threeDsResult, 'base64').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
  } catch {
    return {};
  }
}
