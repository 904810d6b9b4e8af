/** What a merchant asks for when it creates a payment, checked in Mollie's words → the bank's command. */
import type { CreatePayment } from '../../core/bank.ts';
import type { Call } from '../dialect.ts';
import { asDetails, referenceIn } from './details.ts';
import type { SequenceType } from './details.ts';
import { unprocessable } from './errors.ts';
import { choice, metadataIn, optionalText, optionalUrl, textField } from './fields.ts';
import { instrument } from './instrument.ts';
import { findCustomer } from './mandate-store.ts';
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
  const paidWith = instrument(call, { sequenceType, customerId, asked, pspReference, metadata });
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
