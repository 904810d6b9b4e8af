/**
 * /payments and /payments/details. The card decides whether the payment is authorized, refused
 * or first sent through a challenge; after a challenge nothing is authorized until the merchant
 * hands in the `redirectResult` that the browser brought back.
 *
 * Without `additionalData.manualCapture` an authorized payment counts as captured at once, as
 * on a merchant account with immediate capture.
 */
import { PspProblem } from '../../core/problem.ts';
import type { CardOutcome } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { asDetails, challengeIdIn, newPspReference, type AdyenPaymentDetails } from './details.ts';
import { jsonAnswer, unprocessable } from './errors.ts';
import {
  checkMerchantAccount,
  objectAt,
  requiredAmount,
  requiredReference,
  textAt,
  textMapAt,
  type JsonObject,
} from './fields.ts';
import { cardBrand, cardDigits, isChallenged, neutralReason, refusalFor, type Refusal } from './magic.ts';
import { paymentAnswer } from './wire.ts';

export function createPayment(call: Call): PspAnswer {
  const { body, psp } = call;
  checkMerchantAccount(call);
  const { amountMinor, currency } = requiredAmount(body);
  const reference = requiredReference(body);
  const returnUrl = textAt(body, 'returnUrl');
  if (returnUrl === undefined) throw unprocessable('14_030', 'Return URL is missing.', 'returnUrl');
  const card = cardIn(body);
  const record = psp.bank.createPayment({
    pspReference: newPspReference(psp),
    reference,
    amountMinor,
    currency,
    captureMode: textAt(objectAt(body, 'additionalData'), 'manualCapture') === 'true' ? 'manual' : 'automatic',
    outcome: outcomeOf(card, wantsAuthentication(body)),
    returnUrl,
    details: asDetails(detailsOf(card, body)),
  });
  return jsonAnswer(200, paymentAnswer(record, psp));
}

export function submitDetails(call: Call): PspAnswer {
  const { psp } = call;
  const redirectResult = textAt(objectAt(call.body, 'details'), 'redirectResult');
  if (redirectResult === undefined)
    throw unprocessable(
      '702',
      "Required field 'details.redirectResult' is not provided (other kinds of details are not simulated).",
      'details',
    );
  const challengeId = challengeIdIn(redirectResult, psp);
  if (challengeId === undefined)
    throw unprocessable('702', 'The redirectResult is not one that this account has issued.', 'details.redirectResult');
  return jsonAnswer(200, paymentAnswer(psp.bank.submitChallenge(challengeId), psp));
}

/** Merchant reference of the payment that a details call belongs to. Never throws: the body may be nonsense. */
export function referenceOfDetails({ body, psp }: Call): string | null {
  try {
    const challengeId = challengeIdIn(textAt(objectAt(body, 'details'), 'redirectResult') ?? '', psp);
    if (challengeId === undefined) return null;
    return psp.bank.payment(psp.bank.challenge(challengeId).paymentPspReference).reference;
  } catch (error) {
    if (error instanceof PspProblem) return null;
    throw error;
  }
}

interface Card {
  number: string;
  expiry: string;
  refusal: Refusal | null;
}

function cardIn(body: JsonObject): Card {
  const method = objectAt(body, 'paymentMethod');
  if (method === undefined)
    throw unprocessable('14_004', "Required object 'paymentMethod' is not provided.", 'paymentMethod');
  const type = textAt(method, 'type') ?? 'scheme';
  if (type !== 'scheme')
    throw unprocessable(
      '14_006',
      `The payment method type '${type}' is not simulated: only scheme is.`,
      'paymentMethod.type',
    );
  const stored = textAt(method, 'storedPaymentMethodId');
  const number = cardDigits(
    textAt(method, 'number') ??
      textAt(method, 'encryptedCardNumber') ??
      (stored === undefined ? undefined : STORED_CARD),
  );
  if (number === undefined) throw unprocessable('101', 'Invalid card number', 'paymentMethod.number');
  const month = plain(textAt(method, 'expiryMonth') ?? textAt(method, 'encryptedExpiryMonth')) ?? '03';
  const year = plain(textAt(method, 'expiryYear') ?? textAt(method, 'encryptedExpiryYear')) ?? '2030';
  const refusal = refusalFor({
    holderName: textAt(method, 'holderName'),
    requestedResponseCode: textAt(objectAt(body, 'additionalData'), 'RequestedTestAcquirerResponseCode'),
  });
  return { number, expiry: `${month}/${year}`, refusal };
}

/** Any stored payment method is this card: storing is not simulated. */
const STORED_CARD = '4111111145551142';

function plain(value: string | undefined): string | undefined {
  return value?.replace(/^test_/, '');
}

function wantsAuthentication(body: JsonObject): boolean {
  const attempt = textAt(objectAt(body, 'authenticationData'), 'attemptAuthentication');
  return attempt === 'always' || textAt(objectAt(body, 'additionalData'), 'executeThreeD') === 'true';
}

function outcomeOf({ number, refusal }: Card, authenticate: boolean): CardOutcome {
  const issuer =
    refusal === null ? ({ kind: 'approve' } as const) : ({ kind: 'decline', reason: neutralReason(refusal) } as const);
  return { threeDs: isChallenged(number, authenticate) ? 'challenge' : 'none', issuer };
}

function detailsOf({ number, expiry, refusal }: Card, body: JsonObject): AdyenPaymentDetails {
  return {
    brand: cardBrand(number),
    cardSummary: number.slice(-4),
    expiry,
    metadata: textMapAt(body, 'metadata'),
    refusal,
  };
}
