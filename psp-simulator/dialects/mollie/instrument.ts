/**
 * What a payment is paid with, and how that ends: a card token or a mandate is charged at once,
 * everything else leads the payer to the hosted page.
 */
import { APPROVED } from '../../core/records.ts';
import type { CardOutcome } from '../../core/records.ts';
import type { Call } from '../dialect.ts';
import type { SequenceType } from './details.ts';
import { unprocessable } from './errors.ts';
import { optionalText } from './fields.ts';
import { scriptNames, scriptOf, tokenOutcome } from './magic.ts';
import { chargeableMandate, newMandate } from './mandate-store.ts';
import { findMethod } from './methods.ts';
import type { Method } from './methods.ts';

export interface Wish {
  sequenceType: SequenceType;
  customerId: string | null;
  asked: Method | null;
  pspReference: string;
  metadata: unknown;
}

export interface Instrument {
  outcome: CardOutcome;
  method: string;
  askedMethod: string | null;
  mandateId: string | null;
  wallet: string | null;
}

/** Throws Mollie's 422. A first payment leaves a mandate, which is the last thing that is done. */
export function instrument(call: Call, wish: Wish): Instrument {
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
