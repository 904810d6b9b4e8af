/**
 * The parameters of a PaymentIntent: what a create or confirm call says about the card, its
 * authentication and the intent itself. Throws the problems that Stripe answers with.
 */
import { PspProblem } from '../../core/problem.ts';
import type { CardOutcome } from '../../core/records.ts';
import type { Call } from '../dialect.ts';
import type { IntentDetails } from './details.ts';
import { invalid, noSuch } from './errors.ts';
import { choice, flag, metadataIn } from './fields.ts';
import { text, textList, type FormFields } from './form.ts';
import { findTestCard, outcomeOf } from './magic.ts';

/** Details of a new intent, from the parameters of its creation. */
export function newDetails(call: Call, fields: FormFields, pspReference: string): IntentDetails {
  const allowed = textList(fields, 'allowed_payment_method_types');
  const types = [...textList(fields, 'payment_method_types'), ...allowed];
  const redirects = choice(fields, ['automatic_payment_methods', 'allow_redirects'], ['always', 'never'], 'always');
  return {
    metadata: metadataIn(fields),
    description: text(fields, 'description') ?? null,
    receiptEmail: text(fields, 'receipt_email') ?? null,
    customer: text(fields, 'customer') ?? null,
    statementDescriptor: text(fields, 'statement_descriptor') ?? null,
    statementDescriptorSuffix: text(fields, 'statement_descriptor_suffix') ?? null,
    setupFutureUsage: text(fields, 'setup_future_usage') ?? null,
    transferGroup: text(fields, 'transfer_group') ?? null,
    paymentMethodTypes: types.length > 0 ? types : ['card'],
    allowedTypes: allowed.length > 0 ? allowed : null,
    allowRedirects: types.length > 0 ? null : redirects,
    captureMethod: choice(fields, ['capture_method'], ['automatic', 'automatic_async', 'manual'], 'automatic'),
    confirmationMethod: choice(fields, ['confirmation_method'], ['automatic', 'manual'], 'automatic'),
    requestThreeDs: requestThreeDsIn(fields, 'automatic'),
    card: cardIn(fields),
    attempt: 0,
    clientSecret: `${pspReference}_secret_${call.psp.random.hex(12, 'stripe-client-secret', pspReference)}`,
    cancellationReason: null,
  };
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

/** The card in any of the forms that Stripe takes; refuses one that is no test card. */
export function cardIn(fields: FormFields): string | null {
  const method = text(fields, 'payment_method');
  const data =
    text(fields, 'payment_method_data', 'card', 'token') ?? text(fields, 'payment_method_data', 'card', 'number');
  if (method !== undefined && findTestCard(method) === undefined)
    throw noSuch('PaymentMethod', method, { param: 'payment_method' });
  if (data !== undefined && findTestCard(data) === undefined) {
    throw invalid('The card is not one of the test cards that are simulated.', {
      type: 'card_error',
      code: 'incorrect_number',
      param: 'payment_method_data[card]',
    });
  }
  return method ?? data ?? null;
}

/** What the bank will make of the card; a merchant without a cardholder at hand cannot have it challenged. */
export function cardOutcome(details: IntentDetails, fields: FormFields): CardOutcome {
  const card = findTestCard(details.card ?? '');
  if (card === undefined) throw new PspProblem('internal', 'a confirmed intent has no card');
  const outcome = outcomeOf(card, details.requestThreeDs);
  const mayChallenge = !flag(fields, 'error_on_requires_action') && text(fields, 'off_session') !== 'true';
  if (outcome.threeDs !== 'challenge' || mayChallenge) return outcome;
  return { threeDs: 'none', issuer: { kind: 'decline', reason: 'authentication_error' } };
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
