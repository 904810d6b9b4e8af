/**
 * The parameters of a PaymentIntent: what a create or confirm call says about the card, its
 * authentication and the intent itself. Throws the problems that Stripe answers with.
 */
import type { CardOutcome } from '../../core/records.ts';
import type { Call } from '../dialect.ts';
import { outcomeOf } from './card-outcome.ts';
import type { IntentDetails } from './details.ts';
import { invalid, noSuch } from './errors.ts';
import { choice, customerIn, flag, metadataIn, refuseUnknown } from './fields.ts';
import { text, textList, type FormFields } from './form.ts';
import { findTestCard, testCard, type TestCard } from './magic.ts';
import { usedBefore } from './payment-methods.ts';
import { changeMethod, findStoredMethod, storeMethod } from './saved-methods.ts';

const CARD_OPTIONS = new Set([
  'capture_method',
  'cvc_token',
  'installments',
  'mandate_options',
  'moto',
  'network',
  'request_decremental_authorization',
  'request_extended_authorization',
  'request_incremental_authorization',
  'request_multicapture',
  'request_overcapture',
  'request_partial_authorization',
  'request_three_d_secure',
  'require_cvc_recollection',
  'setup_future_usage',
  'statement_descriptor_suffix_kana',
  'statement_descriptor_suffix_kanji',
  'three_d_secure',
]);
const AUTOMATIC_METHODS = new Set(['enabled', 'allow_redirects']);
const METHOD_DATA = new Set(['type', 'card', 'billing_details', 'metadata', 'allow_redisplay', 'radar_options']);

/** Details of a new intent, from the parameters of its creation. */
export function newDetails(call: Call, fields: FormFields, pspReference: string): IntentDetails {
  refuseUnknown(fields, CARD_OPTIONS, 'payment_method_options', 'card');
  refuseUnknown(fields, AUTOMATIC_METHODS, 'automatic_payment_methods');
  const allowed = textList(fields, 'allowed_payment_method_types');
  const types = [...textList(fields, 'payment_method_types'), ...allowed];
  const redirects = choice(fields, ['automatic_payment_methods', 'allow_redirects'], ['always', 'never'], 'always');
  const customer = customerIn(call, fields);
  return {
    kind: 'intent',
    metadata: metadataIn(fields),
    description: text(fields, 'description') ?? null,
    receiptEmail: text(fields, 'receipt_email') ?? null,
    customer,
    statementDescriptor: text(fields, 'statement_descriptor') ?? null,
    statementDescriptorSuffix: text(fields, 'statement_descriptor_suffix') ?? null,
    setupFutureUsage: futureUsageIn(fields, null),
    transferGroup: text(fields, 'transfer_group') ?? null,
    paymentMethodTypes: types.length > 0 ? types : ['card'],
    allowedTypes: allowed.length > 0 ? allowed : null,
    allowRedirects: types.length > 0 ? null : redirects,
    captureMethod: choice(fields, ['capture_method'], ['automatic', 'automatic_async', 'manual'], 'automatic'),
    confirmationMethod: choice(fields, ['confirmation_method'], ['automatic', 'manual'], 'automatic'),
    multicapture:
      choice(fields, ['payment_method_options', 'card', 'request_multicapture'], ['if_available', 'never'], 'never') ===
      'if_available',
    requestThreeDs: requestThreeDsIn(fields, 'automatic'),
    ...(cardIn(call, fields, customer) ?? { card: null, method: null }),
    attempt: 0,
    clientSecret: clientSecretOf(call, pspReference),
    cancellationReason: null,
    lockShown: false,
    session: null,
  };
}

export function clientSecretOf(call: Call, pspReference: string): string {
  return `${pspReference}_secret_${call.psp.random.hex(12, 'stripe-client-secret', pspReference)}`;
}

export function requestThreeDsIn(
  fields: FormFields,
  fallback: IntentDetails['requestThreeDs'],
): IntentDetails['requestThreeDs'] {
  return choice(
    fields,
    ['payment_method_options', 'card', 'request_three_d_secure'],
    ['automatic', 'any', 'challenge'],
    fallback,
  );
}

export function futureUsageIn(fields: FormFields, fallback: string | null): string | null {
  if (text(fields, 'setup_future_usage') === undefined) return fallback;
  return choice(fields, ['setup_future_usage'], ['off_session', 'on_session'], 'off_session');
}

/** The card in any of the forms that Stripe takes, null when there is none; refuses one that is no test card. */
export function cardIn(
  call: Call,
  fields: FormFields,
  customer: string | null,
): { card: string; method: string | null } | null {
  refuseUnknown(fields, METHOD_DATA, 'payment_method_data');
  const method = text(fields, 'payment_method');
  if (method !== undefined) return methodIn(call, method, customer);
  const data =
    text(fields, 'payment_method_data', 'card', 'token') ?? text(fields, 'payment_method_data', 'card', 'number');
  if (data === undefined) return null;
  const card = findTestCard(data);
  if (card === undefined) {
    throw invalid('The card is not one of the test cards that are simulated.', {
      type: 'card_error',
      code: 'incorrect_number',
      param: 'payment_method_data[card]',
    });
  }
  return { card: card.name, method: null };
}

function methodIn(call: Call, id: string, customer: string | null): { card: string; method: string | null } {
  const card = findTestCard(id);
  if (card !== undefined) return { card: card.name, method: null };
  const stored = findStoredMethod(call.psp, id);
  if (stored === undefined) throw noSuch('PaymentMethod', id, { param: 'payment_method' });
  if (stored.details.used) throw usedBefore();
  if (stored.customer !== null && stored.customer !== customer) {
    throw invalid(
      `The PaymentMethod ${id} belongs to the Customer ${stored.customer}. Please include the Customer in the \`customer\` parameter on the PaymentIntent.`,
      { param: 'payment_method' },
    );
  }
  return { card: stored.card.name, method: id };
}

/** What the bank will make of the card; a merchant without a cardholder at hand cannot have it challenged. */
export function cardOutcome(call: Call, details: IntentDetails, fields: FormFields): CardOutcome {
  const offSession = isOffSession(fields);
  const stored = details.method === null ? undefined : findStoredMethod(call.psp, details.method);
  const outcome = outcomeOf(testCard(details.card ?? ''), {
    requestThreeDs: details.requestThreeDs,
    offSession,
    setUp: stored?.details.setUp === true,
    lowRisk: text(fields, 'payment_method_options', 'card', 'three_d_secure', 'exemption_indicator') === 'low_risk',
    metadata: details.metadata,
  });
  if (outcome.threeDs !== 'challenge' || !flag(fields, 'error_on_requires_action')) return outcome;
  return { ...outcome, threeDs: 'none', issuer: { kind: 'decline', reason: 'authentication_required' } };
}

/** Stores the card for its customer, or notes that a method without one is used up. Call it right before the charge. */
export function keepMethod(call: Call, details: IntentDetails, pspReference: string, methodId: string): void {
  const stored = details.method === null ? undefined : findStoredMethod(call.psp, details.method);
  const { customer, setupFutureUsage } = details;
  if (customer !== null && setupFutureUsage !== null && stored?.customer !== customer) {
    const card: TestCard = testCard(details.card ?? '');
    const setUp = setupFutureUsage === 'off_session';
    if (stored === undefined)
      storeMethod(call.psp, { id: methodId, card, customer: null, setUp, attachedBy: pspReference });
    else changeMethod(call.psp, stored, { setUp, attachedBy: pspReference });
    return;
  }
  if (stored !== undefined && stored.customer === null) changeMethod(call.psp, stored, { used: true });
}

export function checkConfirmable(details: IntentDetails, returnUrl: string | null): void {
  if (details.card === null) {
    throw invalid(
      "You cannot confirm this PaymentIntent because it's missing a payment method. You can either update the PaymentIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      { code: 'payment_intent_unexpected_state' },
    );
  }
  if (details.allowRedirects === 'always' && returnUrl === null) {
    throw invalid(
      "This PaymentIntent is configured to accept payment methods enabled in your Dashboard. Because some of these payment methods might redirect your customer off of your page, you must provide a `return_url`. If you don't want to accept redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and Payment Intents.",
      { param: 'return_url' },
    );
  }
}

/** `off_session` is `true`, or the reason for it (`recurring`, `one_off`). */
function isOffSession(fields: FormFields): boolean {
  const given = text(fields, 'off_session');
  return given !== undefined && given !== 'false';
}
