/**
 * What a merchant asks for when it creates a payment → the bank's command. A card token or a
 * mandate is charged at once; everything else leads the payer to the hosted page.
 */
import { APPROVED } from '../../core/records.ts';
import type { CardOutcome } from '../../core/records.ts';
import type { CreatePayment } from '../../core/bank.ts';
import type { Call } from '../dialect.ts';
import { asDetails, referenceIn } from './details.ts';
import type { SequenceType } from './details.ts';
import { unprocessable } from './errors.ts';
import { choice, metadataIn, optionalText, optionalUrl, textField } from './fields.ts';
import { scriptNames, scriptOf, tokenOutcome } from './magic.ts';
import { chargeableMandate, findCustomer, newMandate } from './mandate-store.ts';
import { findMethod, takes } from './methods.ts';
import type { Method } from './methods.ts';
import { minorFromAmount } from './money.ts';

const MOST_DESCRIPTION = 255;

/** Given back in the answer, without any effect, when they are of this JSON type. */
const ECHOED_AS: Readonly<Record<string, 'list' | 'object' | 'text'>> = {
  lines: 'list',
  billingAddress: 'object',
  shippingAddress: 'object',
  restrictPaymentMethodsToCountry: 'text',
};
const ECHOED = Object.keys(ECHOED_AS);
/** Taken, without any effect. */
const IGNORED = [
  'billingEmail',
  'consumerName',
  'customerReference',
  'dueDate',
  'issuer',
  'extraMerchantData',
  'digitalGoods',
];

export const PAYMENT_PARAMS = [
  ...ECHOED,
  ...IGNORED,
  'amount',
  'applePayPaymentToken',
  'cancelUrl',
  'captureMode',
  'cardToken',
  'consumerAccount',
  'customerId',
  'description',
  'locale',
  'mandateId',
  'metadata',
  'method',
  'redirectUrl',
  'sequenceType',
  'webhookUrl',
];
export const PAYMENT_PARAMS_NOT_SIMULATED = [
  'applicationFee',
  'captureDelay',
  'company',
  'orderId',
  'routing',
  'sessionId',
  'storeCredentials',
  'subscriptionId',
  'terminalId',
  'voucherNumber',
  'voucherPin',
];

/** `customerId` where the route names the customer. */
export function paymentCommand(call: Call, customerInPath: string | null): CreatePayment {
  const { body, psp } = call;
  if (body['amount'] === undefined || body['amount'] === null)
    throw unprocessable('The amount is required for payments', 'amount');
  const money = minorFromAmount(body['amount'], 'amount');
  if (money.amountMinor === 0) throw unprocessable('The amount is lower than the minimum', 'amount.value');
  const description = textField(body, 'description', { most: MOST_DESCRIPTION });
  const metadata = metadataIn(body);
  const sequenceType = choice<SequenceType>(body, 'sequenceType', ['oneoff', 'first', 'recurring'], 'oneoff');
  const customerId = customerInPath ?? optionalText(body, 'customerId', { most: 64 });
  if (customerId !== null && findCustomer(psp, customerId) === undefined)
    throw unprocessable('The customer id is invalid', 'customerId');
  const asked = methodIn(body, money);
  const captureMode = choice(body, 'captureMode', ['automatic', 'manual'], 'automatic');
  if (captureMode === 'manual' && asked !== null && !asked.manualCapture)
    throw unprocessable('The capture mode manual is not supported for this payment method', 'captureMode');
  const redirectUrl = optionalUrl(body, 'redirectUrl');
  if (redirectUrl === null && sequenceType !== 'recurring')
    throw unprocessable('The redirect URL is required for this payment', 'redirectUrl');

  const texts = {
    webhookUrl: optionalUrl(body, 'webhookUrl'),
    cancelUrl: optionalUrl(body, 'cancelUrl'),
    locale: optionalText(body, 'locale', { most: 5 }),
  };

  const echo = echoIn(body);

  // From here on nothing is refused but by the instrument, which may write down a mandate at its end.
  const pspReference = psp.ids.next('tr');
  const paidWith = instrument(call, { sequenceType, customerId, asked, captureMode, pspReference, metadata });
  return {
    pspReference,
    reference: referenceIn(metadata),
    ...money,
    captureMode,
    outcome: paidWith.outcome,
    returnUrl: redirectUrl,
    method: paidWith.method,
    methodToken: sequenceType === 'recurring' ? paidWith.mandateId : null,
    details: asDetails({
      description,
      metadata,
      ...texts,
      askedMethod: paidWith.askedMethod,
      sequenceType,
      customerId,
      mandateId: paidWith.mandateId,
      scheme: paidWith.outcome.scheme ?? 'visa',
      wallet: paidWith.wallet,
      echo,
      captureNotes: {},
    }),
  };
}

function echoIn(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const given = ECHOED.filter((name) => body[name] !== undefined && body[name] !== null);
  for (const name of given) {
    const value = body[name];
    const type = Array.isArray(value) ? 'list' : typeof value === 'object' ? 'object' : 'text';
    const fits = type === ECHOED_AS[name] && (type !== 'text' || typeof value === 'string');
    if (!fits) throw unprocessable(`The ${name} is invalid`, name);
  }
  return Object.fromEntries(given.map((name) => [name, body[name]]));
}

interface Wish {
  sequenceType: SequenceType;
  customerId: string | null;
  asked: Method | null;
  captureMode: 'automatic' | 'manual';
  pspReference: string;
  metadata: unknown;
}

interface Instrument {
  outcome: CardOutcome;
  method: string;
  askedMethod: string | null;
  mandateId: string | null;
  wallet: string | null;
}

/** What it is paid with, and how that ends. */
function instrument(call: Call, wish: Wish): Instrument {
  const { body } = call;
  if (wish.sequenceType === 'recurring') return recurring(call, wish);
  const cardToken = optionalText(body, 'cardToken', { most: 255 });
  const applePay = optionalText(body, 'applePayPaymentToken', { most: 16_384 });
  // Without a choice of the merchant's the payer takes a card, the one method that every account and currency has.
  const chosen = cardToken === null ? (wish.asked?.id ?? 'creditcard') : 'creditcard';
  const method = chosen === 'applepay' ? 'creditcard' : chosen;
  const direct = cardToken !== null ? cardOutcome(cardToken) : applePay !== null ? APPROVED : null;
  const script = scriptIn(wish.metadata);
  const outcome: CardOutcome = direct ?? { ...(script ?? APPROVED), threeDs: 'none', page: 'hosted' };
  return {
    outcome,
    method,
    askedMethod: cardToken === null ? (wish.asked?.id ?? null) : 'creditcard',
    mandateId: wish.sequenceType === 'first' ? firstMandate(call, wish, { method, outcome: script ?? outcome }) : null,
    wallet: chosen === 'applepay' ? 'applepay' : null,
  };
}

function recurring(call: Call, { customerId, asked }: Wish): Instrument {
  if (customerId === null) throw unprocessable('A customer is required for recurring payments', 'customerId');
  const wanted = optionalText(call.body, 'mandateId', { most: 64 });
  const mandate = chargeableMandate(call.psp, customerId, { mandateId: wanted, method: asked?.id ?? null });
  if (mandate === undefined)
    throw unprocessable(
      wanted === null ? 'The customer has no valid mandate for this payment' : 'The mandate is invalid',
      'mandateId',
    );
  const { type: method, token: mandateId } = mandate;
  const outcome: CardOutcome = { ...mandate.outcome, threeDs: 'none', exemption: 'merchant_initiated' };
  return { outcome, method, askedMethod: method, mandateId, wallet: null };
}

/** The mandate of a first payment is written down now and becomes valid when the payment is paid. */
function firstMandate(
  call: Call,
  { customerId, pspReference }: Wish,
  { method, outcome }: { method: string; outcome: CardOutcome },
): string {
  if (customerId === null) throw unprocessable('A customer is required for a first payment', 'customerId');
  const type = findMethod(method)?.mandate ?? null;
  if (type === null) throw unprocessable('The payment method cannot be used for a first payment', 'method');
  return newMandate(call.psp, customerId, { type, outcome, paymentId: pspReference }).token;
}

function cardOutcome(cardToken: string): CardOutcome {
  const outcome = tokenOutcome(cardToken);
  if (outcome === undefined)
    throw unprocessable(
      `The card token is invalid. Of this simulator are ${scriptNames()
        .map((name) => `tkn_assay_${name}`)
        .join(', ')}`,
      'cardToken',
    );
  return outcome;
}

/** `metadata.assay_outcome` names a script for payments without a card token. */
function scriptIn(metadata: unknown): CardOutcome | null {
  const name = (metadata as Record<string, unknown> | null)?.['assay_outcome'];
  if (typeof name !== 'string') return null;
  const script = scriptOf(name);
  if (script === undefined)
    throw unprocessable(`metadata.assay_outcome should be one of ${scriptNames().join(', ')}`, 'metadata');
  return script;
}

/** One method, or several of which the payer chooses, or null. */
function methodIn(
  body: Readonly<Record<string, unknown>>,
  money: { amountMinor: number; currency: string },
): Method | null {
  const value = body['method'];
  if (value === undefined || value === null) return null;
  const ids = Array.isArray(value) ? value : typeof value === 'object' ? Object.values(value) : [value];
  const methods = ids.map((id) => {
    const known = typeof id === 'string' ? findMethod(id) : undefined;
    if (known === undefined) throw unprocessable('The payment method is invalid or not activated', 'method');
    return known;
  });
  for (const known of methods) {
    if (!takes(known, money))
      throw unprocessable(`The amount or its currency is not supported by ${known.description}`, 'amount');
  }
  return methods.length === 1 ? (methods[0] ?? null) : null;
}
