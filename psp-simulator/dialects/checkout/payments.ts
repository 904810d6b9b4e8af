/**
 * POST /payments: a payment by card, token, stored instrument or customer; with a `destination`
 * it is a payout. A synchronous result is 201, a decline too; a 3DS challenge is 202 with a
 * redirect. An approved payment is answered `Authorized` even when it is captured at once:
 * captures are asynchronous for the merchant.
 */
import type { CardOutcome } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { asDetails, type CardView, type CheckoutPaymentDetails, type ThreeDsWish } from './details.ts';
import { jsonAnswer, refusal } from './errors.ts';
import {
  flagAt,
  metadataAt,
  objectAt,
  optionalReference,
  requiredAmount,
  requiredCurrency,
  textAt,
  urlAt,
  type JsonObject,
} from './fields.ts';
import { newId } from './ids.ts';
import { link } from './instruments.ts';
import { isExemption, outcomeOf, schemeOfWord, testCard } from './magic.ts';
import { checkoutAmount } from './money.ts';
import { createPayout } from './payouts.ts';
import {
  customerIn,
  findCustomer,
  findInstrument,
  instrumentsOf,
  readCard,
  saveInstrument,
  tokenCard,
  type Customer,
  type KnownCard,
} from './vault.ts';
import { paymentAnswer } from './wire.ts';

const PAYMENT_TYPES = ['Regular', 'Recurring', 'MOTO', 'Installment', 'PayLater', 'Unscheduled'];
const CHALLENGE_INDICATORS = [
  'no_preference',
  'no_challenge_requested',
  'challenge_requested',
  'challenge_requested_mandate',
];

export function createPayment(call: Call): PspAnswer {
  return objectAt(call.body, 'destination') === undefined ? pay(call) : createPayout(call);
}

function pay(call: Call): PspAnswer {
  const { body, psp } = call;
  const currency = requiredCurrency(body);
  const amountMinor = requiredAmount(body, currency);
  const reference = optionalReference(body);
  const source = sourceIn(body, psp);
  const threeDs = threeDsWish(body);
  const request = requestDetails(body, threeDs);
  // Nothing is refused from here on, so what the request used up or made may be written.
  source.consume();
  const { view } = source;
  const keeps = flagAt(objectAt(body, 'source'), 'store_for_future_use') !== false;
  const customerId = link(psp, source.customer, keeps ? view.id : null);
  if (keeps) saveInstrument(psp, { view, name: source.name }, customerId);
  const record = psp.bank.createPayment({
    pspReference: newId(psp, 'pay'),
    reference,
    amountMinor,
    currency,
    captureMode: flagAt(body, 'capture') === false ? 'manual' : 'automatic',
    outcome: chargeOutcome(source, threeDs, checkoutAmount(amountMinor, currency)),
    returnUrl: request.successUrl,
    methodToken: source.stored ? view.id : null,
    details: asDetails({
      ...request,
      card: view,
      customerId,
      declineCode: testCard(source.name).declineCode ?? null,
    }),
  });
  return jsonAnswer(record.state === 'requires_action' ? 202 : 201, paymentAnswer(record, psp));
}

/** What the request says beside money and source. */
export function requestDetails(body: JsonObject, threeDs: ThreeDsWish): CheckoutPaymentDetails {
  const paymentType = textAt(body, 'payment_type') ?? 'Regular';
  if (!PAYMENT_TYPES.includes(paymentType)) throw refusal('payment_type_invalid', 'payment_type');
  return {
    card: null,
    customerId: null,
    paymentType,
    description: textAt(body, 'description') ?? null,
    metadata: metadataAt(body),
    processingChannelId: textAt(body, 'processing_channel_id') ?? null,
    declineCode: null,
    threeDs,
    successUrl: urlAt(body, 'success_url'),
    failureUrl: urlAt(body, 'failure_url'),
    cancelUrl: urlAt(body, 'cancel_url'),
    hosted: false,
    captures: {},
    void: null,
  };
}

export function threeDsWish(body: JsonObject): ThreeDsWish {
  const given = objectAt(body, '3ds');
  const challengeIndicator = textAt(given, 'challenge_indicator') ?? 'no_preference';
  if (!CHALLENGE_INDICATORS.includes(challengeIndicator)) {
    throw refusal('challenge_indicator_invalid', '3ds.challenge_indicator');
  }
  const exemption = textAt(given, 'exemption') ?? null;
  if (exemption !== null && exemption !== 'none' && !isExemption(exemption)) {
    throw refusal('exemption_invalid', '3ds.exemption');
  }
  return {
    enabled: flagAt(given, 'enabled') === true,
    attemptN3d: flagAt(given, 'attempt_n3d') === true,
    challengeIndicator,
    exemption: exemption === 'none' ? null : exemption,
    merchantInitiated: flagAt(body, 'merchant_initiated') === true,
  };
}

interface Source extends KnownCard {
  customer: Customer | null;
  /** True: charged by the id of an instrument. */
  stored: boolean;
  consume(): void;
}

function sourceIn(body: JsonObject, psp: PspContext): Source {
  const source = objectAt(body, 'source');
  if (source === undefined) throw refusal('payment_source_required', 'source');
  const type = textAt(source, 'type');
  const customer = customerIn(psp, objectAt(body, 'customer'));
  switch (type) {
    case 'card':
      return { ...readCard(source, psp), customer, stored: false, consume: nothing };
    case 'token':
      return { ...tokenCard(psp, textAt(source, 'token') ?? ''), customer, stored: false };
    case 'id': {
      const known = findInstrument(psp, textAt(source, 'id') ?? '');
      if (known === undefined) throw refusal('source_id_invalid', 'source.id');
      const owner = known.customerId === null ? undefined : findCustomer(psp, known.customerId);
      return {
        view: known.view,
        name: known.name,
        customer: customer ?? owner ?? null,
        stored: true,
        consume: nothing,
      };
    }
    case 'customer':
      return customerSource(psp, textAt(source, 'id') ?? textAt(source, 'email') ?? '');
    case undefined:
      throw refusal('source_type_required', 'source.type');
    default:
      throw refusal(`source_type_${type}_not_simulated`, 'source.type');
  }
}

function customerSource(psp: PspContext, idOrEmail: string): Source {
  const owner = findCustomer(psp, idOrEmail);
  if (owner === undefined) throw refusal('customer_id_invalid', 'source.id');
  const id = owner.defaultId ?? instrumentsOf(psp, owner.id)[0]?.id ?? '';
  const known = findInstrument(psp, id);
  if (known === undefined) throw refusal('customer_default_instrument_required', 'source.id');
  return { view: known.view, name: known.name, customer: owner, stored: true, consume: nothing };
}

function chargeOutcome(source: KnownCard, threeDs: ThreeDsWish, amount: number): CardOutcome {
  const { scheme, expiryMonth, expiryYear }: CardView = source.view;
  return outcomeOf(source.name, threeDs, { scheme: schemeOfWord(scheme), amount, expiryMonth, expiryYear });
}

function nothing(): void {}
