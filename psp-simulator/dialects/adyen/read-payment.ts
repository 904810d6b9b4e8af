/**
 * What a request to /payments, to a session's payments or to /storedPaymentMethods says about the
 * card and about authentication, as the details and the outcome that the bank takes.
 */
import type { CardOutcome } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { newPspReference, type AdyenPaymentDetails, type CardDetails, type StoreWish } from './details.ts';
import { missing, unprocessable } from './errors.ts';
import { objectAt, textAt, textMapAt, type JsonObject } from './fields.ts';
import { cardBrand, cardDigits, cardName, exemptionNamed, outcomeOf, wantedRefusal } from './magic.ts';
import { cardOfMethod } from './stored-card.ts';

const MODELS = ['CardOnFile', 'Subscription', 'UnscheduledCardOnFile'];

export interface PaymentInput {
  details: AdyenPaymentDetails;
  outcome: CardOutcome;
  methodToken: string | null;
  /** Native 3DS2 in the merchant's app instead of a redirect. */
  native: boolean;
}

/** @throws PspProblem for a payment method that is missing, wrong, or not simulated */
export function readPayment(body: JsonObject, psp: PspContext): PaymentInput {
  const method = objectAt(body, 'paymentMethod');
  if (method === undefined)
    throw unprocessable('14_004', "Required object 'paymentMethod' is not provided.", 'paymentMethod');
  const more = objectAt(body, 'additionalData');
  const shopperReference = textAt(body, 'shopperReference') ?? null;
  const stored = textAt(method, 'storedPaymentMethodId');
  const card = stored === undefined ? readCard(method) : storedCard(stored, shopperReference, psp);
  const refusal = wantedRefusal({
    holderName: textAt(method, 'holderName') ?? card.holderName ?? undefined,
    responseCode: textAt(more, 'RequestedTestAcquirerResponseCode'),
  });
  const recurringModel = recurringModelIn(body);
  const scaExemption = textAt(more, 'scaExemption') ?? null;
  const wish = {
    authenticate: wantsAuthentication(body),
    exemption: scaExemption === null ? null : exemptionNamed(scaExemption),
    merchantInitiated: textAt(body, 'shopperInteraction') === 'ContAuth',
  };
  const holderName = textAt(method, 'holderName') ?? card.holderName ?? undefined;
  const store = storeWish(body, {
    method,
    model: recurringModel,
    shopperReference,
    isStored: stored !== undefined,
    psp,
  });
  return {
    details: {
      ...card,
      holderName: holderName ?? null,
      metadata: textMapAt(body, 'metadata'),
      refusal,
      shopperReference,
      recurringModel,
      scaExemption,
      ...(store === undefined ? {} : { store }),
    },
    outcome: outcomeOf({ name: card.card, brand: card.brand, holderName, refusal }, wish),
    methodToken: stored ?? null,
    native: isNative(body),
  };
}

/** The card in `paymentMethod`, plain or `test_` encrypted. */
export function readCard(method: JsonObject): CardDetails {
  const type = textAt(method, 'type') ?? 'scheme';
  if (type !== 'scheme')
    throw unprocessable(
      '14_006',
      `The payment method type '${type}' is not simulated: only scheme is.`,
      'paymentMethod.type',
    );
  const number = cardDigits(textAt(method, 'number') ?? textAt(method, 'encryptedCardNumber'));
  if (number === undefined) throw unprocessable('101', 'Invalid card number', 'paymentMethod.number');
  const month = plain(textAt(method, 'expiryMonth') ?? textAt(method, 'encryptedExpiryMonth')) ?? '03';
  const year = plain(textAt(method, 'expiryYear') ?? textAt(method, 'encryptedExpiryYear')) ?? '2030';
  return {
    brand: cardBrand(number),
    cardSummary: number.slice(-4),
    expiry: `${month}/${year}`,
    card: cardName(number),
    holderName: textAt(method, 'holderName') ?? null,
  };
}

/** The stored card of this shopper; another shopper's is refused as if there were no contract. */
function storedCard(token: string, shopperReference: string | null, psp: PspContext): CardDetails {
  const found = psp.bank.findMethod(token);
  if (found === undefined) throw unprocessable('803', 'PaymentDetail not found', 'paymentMethod.storedPaymentMethodId');
  if (found.customer !== shopperReference) throw unprocessable('800', 'Contract not found', 'shopperReference');
  return cardOfMethod(found);
}

function storeWish(
  body: JsonObject,
  about: {
    method: JsonObject;
    model: string | null;
    shopperReference: string | null;
    isStored: boolean;
    psp: PspContext;
  },
): StoreWish | undefined {
  const wishes = ['storePaymentMethod', 'enableRecurring', 'enableOneClick'].some(
    (name) => textAt(body, name) === 'true',
  );
  const wanted = wishes || textAt(about.method, 'storeDetails') === 'true';
  if (!wanted || about.isStored) return undefined;
  if (about.shopperReference === null) throw missing('shopperReference');
  const { shopperReference, model, psp } = about;
  return { token: newPspReference(psp), shopperReference, model: model ?? 'CardOnFile' };
}

export function recurringModelIn(body: JsonObject): string | null {
  const model = textAt(body, 'recurringProcessingModel') ?? null;
  if (model !== null && !MODELS.includes(model))
    throw unprocessable('702', `Unexpected recurringProcessingModel '${model}'`, 'recurringProcessingModel');
  return model;
}

export function wantsAuthentication(body: JsonObject): boolean {
  const attempt = textAt(objectAt(body, 'authenticationData'), 'attemptAuthentication');
  return attempt === 'always' || textAt(objectAt(body, 'additionalData'), 'executeThreeD') === 'true';
}

/** `threeDSRequestData.nativeThreeDS: preferred`, or the older `additionalData.allow3DS2: true`. */
function isNative(body: JsonObject): boolean {
  const data = objectAt(body, 'authenticationData');
  const request = data === undefined ? undefined : objectAt(data, 'threeDSRequestData');
  return (
    textAt(request, 'nativeThreeDS') === 'preferred' || textAt(objectAt(body, 'additionalData'), 'allow3DS2') === 'true'
  );
}

function plain(value: string | undefined): string | undefined {
  return value?.replace(/^test_/, '');
}
