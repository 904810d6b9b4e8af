/**
 * Stored payment methods: GET, POST and DELETE /storedPaymentMethods, and POST /paymentMethods,
 * which offers a returning shopper the cards that are stored.
 */
import type { SavedMethod } from '../../core/records.ts';
import { isoTime } from '../../../kernel/index.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { newPspReference } from './details.ts';
import { jsonAnswer, missing, unprocessable } from './errors.ts';
import { checkMerchantAccount, objectAt, textAt } from './fields.ts';
import { readCard, recurringModelIn } from './read-payment.ts';
import { cardOfMethod, keepCard } from './stored-card.ts';

export function listStoredMethods(call: Call): PspAnswer {
  const { psp, request } = call;
  const merchantAccount = checkMerchantAccount(call);
  const shopperReference = request.query.get('shopperReference') ?? '';
  if (shopperReference === '') throw missing('shopperReference');
  const methods = psp.bank.methods({ customer: shopperReference });
  return jsonAnswer(200, { merchantAccount, shopperReference, storedPaymentMethods: methods.map(resource) });
}

/** Stores a card without a payment. */
export function storeMethod(call: Call): PspAnswer {
  const { body, psp } = call;
  checkMerchantAccount(call);
  const shopperReference = textAt(body, 'shopperReference');
  if (shopperReference === undefined) throw missing('shopperReference');
  const model = recurringModelIn(body);
  if (model === null) throw missing('recurringProcessingModel');
  const method = objectAt(body, 'paymentMethod');
  if (method === undefined) throw missing('paymentMethod');
  const token = newPspReference(psp);
  return jsonAnswer(201, resource(keepCard(readCard(method), { token, shopperReference, model }, psp)));
}

export function removeStoredMethod(call: Call): PspAnswer {
  const { psp, request, params } = call;
  checkMerchantAccount(call);
  const found = psp.bank.findMethod(params['id'] ?? '');
  if (found === undefined || found.customer !== request.query.get('shopperReference'))
    throw unprocessable('803', 'PaymentDetail not found', 'storedPaymentMethodId');
  psp.bank.removeMethod(found.token);
  return { status: 204, headers: {}, body: '' };
}

export function listPaymentMethods(call: Call): PspAnswer {
  const { body, psp } = call;
  checkMerchantAccount(call);
  const shopperReference = textAt(body, 'shopperReference');
  const stored = shopperReference === undefined ? [] : psp.bank.methods({ customer: shopperReference });
  return jsonAnswer(200, {
    paymentMethods: [{ brands: ['visa', 'mc', 'amex', 'bcmc'], name: 'Cards', type: 'scheme' }],
    ...(stored.length === 0 ? {} : { storedPaymentMethods: stored.map(offer) }),
  });
}

function resource(method: SavedMethod): Record<string, unknown> {
  return { ...offer(method), createdAt: isoTime(method.createdAtMs), shopperReference: method.customer };
}

function offer(method: SavedMethod): Record<string, unknown> {
  const { holderName, expiry } = cardOfMethod(method);
  const [expiryMonth, expiryYear] = expiry.split('/');
  return {
    brand: method.brand,
    expiryMonth,
    expiryYear,
    ...(holderName === null ? {} : { holderName }),
    id: method.token,
    lastFour: method.last4,
    name: method.brand === 'mc' ? 'MasterCard' : (method.brand ?? '').toUpperCase(),
    supportedRecurringProcessingModels: ['CardOnFile', 'Subscription', 'UnscheduledCardOnFile'],
    supportedShopperInteractions: ['Ecommerce', 'ContAuth'],
    type: 'scheme',
  };
}
