/**
 * Cards that Adyen keeps for a shopper: when a payment stores one, under which token, and what
 * is told about it. Only what a receipt shows is kept; the number never is.
 */
import type { PaymentRecord, SavedMethod } from '../../core/records.ts';
import { APPROVED } from '../../core/records.ts';
import type { PspContext } from '../dialect.ts';
import { asDetails, paymentDetails, type CardDetails, type StoreWish } from './details.ts';

/** The token that this payment stored, once it is authorized; undefined where it stored none. */
export function storedBy(record: PaymentRecord): StoreWish | undefined {
  const { store } = paymentDetails(record);
  const authorized = record.state === 'authorized' || record.state === 'captured' || record.state === 'refunded';
  if (store === undefined || !authorized) return undefined;
  return store.onlyAfterChallenge === true && record.threeDs !== 'challenge' ? undefined : store;
}

/** Keeps the card of a payment that was just authorized, when the shopper agreed to it. */
export function keepCardOf(record: PaymentRecord, psp: PspContext): void {
  const store = storedBy(record);
  if (store !== undefined) keepCard(paymentDetails(record), store, psp);
}

export function keepCard(card: CardDetails, { token, shopperReference }: StoreWish, psp: PspContext): SavedMethod {
  const [month, year] = card.expiry.split('/');
  return psp.bank.saveMethod({
    token,
    customer: shopperReference,
    type: 'card',
    brand: card.brand,
    last4: card.cardSummary,
    expiryMonth: Number(month),
    expiryYear: Number(year),
    // What charging it does is decided anew from the name of the test card, by the wish of each payment.
    outcome: APPROVED,
    details: asDetails({
      brand: card.brand,
      cardSummary: card.cardSummary,
      expiry: card.expiry,
      card: card.card,
      holderName: card.holderName,
    }),
  });
}

export function cardOfMethod(method: SavedMethod): CardDetails {
  return method.details as unknown as CardDetails;
}

/** What answers and webhooks say about a stored card. */
export function tokenData(record: PaymentRecord): Record<string, string> {
  const store = storedBy(record);
  if (store === undefined) return {};
  const { token, shopperReference } = store;
  return {
    'recurring.recurringDetailReference': token,
    'recurring.shopperReference': shopperReference,
    'tokenization.shopperReference': shopperReference,
    'tokenization.store.operationType': 'created',
    'tokenization.storedPaymentMethodId': token,
  };
}
