/**
 * SetupIntents: storing a card for later, with the authentication that this may take. In the
 * books each is an authorization of the least amount that nobody captures, which is how a card
 * is verified; it is never shown as a payment.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { outcomeOf } from './card-outcome.ts';
import { declineFor } from './declines.ts';
import { asDetails, isSetup, setupDetails, tailOf, type SetupDetails } from './details.ts';
import { errorBody, invalid, jsonAnswer, noSuch, unexpectedState } from './errors.ts';
import { choice, customerIn, fieldsOf, flag, mergedMetadata, metadataIn, refuseUnknown, urlIn } from './fields.ts';
import { text, textList } from './form.ts';
import { cardIn, clientSecretOf, requestThreeDsIn } from './intent-input.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { testCard } from './magic.ts';
import { changeMethod, findStoredMethod, storeMethod } from './saved-methods.ts';
import { lastSetupError, setupIntentObject, setupStatus } from './setup-wire.ts';

const SHARED_PARAMS = [
  'allowed_payment_method_types',
  'confirmation_token',
  'expand',
  'mandate_data',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
  'return_url',
  'use_stripe_sdk',
];
const CREATE_PARAMS = new Set([
  ...SHARED_PARAMS,
  'attach_to_self',
  'automatic_payment_methods',
  'confirm',
  'customer',
  'customer_account',
  'description',
  'excluded_payment_method_types',
  'flow_directions',
  'metadata',
  'on_behalf_of',
  'payment_method_configuration',
  'payment_method_types',
  'single_use',
  'usage',
]);
const CONFIRM_PARAMS = new Set(SHARED_PARAMS);
const CANCEL_PARAMS = new Set(['cancellation_reason', 'expand']);
const UPDATE_PARAMS = new Set([
  'customer',
  'description',
  'expand',
  'metadata',
  'payment_method',
  'payment_method_data',
]);
const RETRIEVE_PARAMS = new Set(['client_secret', 'expand']);
const LIST_SETUP_PARAMS = new Set<string>([...LIST_PARAMS, 'attach_to_self', 'customer', 'payment_method']);
const CANCELLATION_REASONS = ['abandoned', 'duplicate', 'requested_by_customer'] as const;

/** What is reserved on the card to see that it works; the currency is the account's. */
const VERIFICATION = { amountMinor: 1, currency: 'EUR' } as const;

export function createSetupIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  const pspReference = call.psp.ids.next('seti');
  const confirm = flag(fields, 'confirm');
  const customer = customerIn(call, fields);
  const types = [...textList(fields, 'payment_method_types'), ...textList(fields, 'allowed_payment_method_types')];
  const redirects = choice(fields, ['automatic_payment_methods', 'allow_redirects'], ['always', 'never'], 'always');
  const details: SetupDetails = {
    kind: 'setup',
    metadata: metadataIn(fields),
    description: text(fields, 'description') ?? null,
    customer,
    usage: choice(fields, ['usage'], ['off_session', 'on_session'], 'off_session'),
    paymentMethodTypes: types.length > 0 ? types : ['card'],
    allowRedirects: types.length > 0 ? null : redirects,
    requestThreeDs: requestThreeDsIn(fields, 'automatic'),
    ...(cardIn(call, fields, customer) ?? { card: null, method: null }),
    attempt: confirm ? 1 : 0,
    clientSecret: clientSecretOf(call, pspReference),
    cancellationReason: null,
  };
  const returnUrl = urlIn(fields, 'return_url');
  if (confirm) checkConfirmable(details, returnUrl);
  const method = confirm ? store(call, details, pspReference) : details.method;
  const record = call.psp.bank.createPayment({
    ...VERIFICATION,
    pspReference,
    reference: null,
    captureMode: 'manual',
    outcome: confirm ? outcomeFor(details) : null,
    returnUrl,
    methodToken: method,
    details: asDetails({ ...details, method }),
  });
  return setupAnswer(record, call);
}

export function confirmSetupIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CONFIRM_PARAMS);
  const record = setupOf(call);
  expectStatus(record, call, ['requires_payment_method', 'requires_confirmation'], 'confirm');
  const before = setupDetails(record);
  const given = cardIn(call, fields, before.customer);
  const chosen = given ?? (record.state === 'declined' ? { card: null, method: null } : {});
  const details: SetupDetails = {
    ...before,
    ...chosen,
    requestThreeDs: requestThreeDsIn(fields, before.requestThreeDs),
    attempt: before.attempt + 1,
  };
  const returnUrl = urlIn(fields, 'return_url') ?? record.returnUrl;
  checkConfirmable(details, returnUrl);
  const method = store(call, details, record.pspReference);
  const after = call.psp.bank.confirmPayment({
    pspReference: record.pspReference,
    outcome: outcomeFor(details),
    returnUrl,
    methodToken: method,
    details: asDetails({ ...details, method }),
  });
  return setupAnswer(after, call);
}

export function cancelSetupIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CANCEL_PARAMS);
  const record = setupOf(call);
  expectStatus(record, call, ['requires_payment_method', 'requires_confirmation', 'requires_action'], 'cancel');
  const cancellationReason =
    text(fields, 'cancellation_reason') === undefined
      ? null
      : choice(fields, ['cancellation_reason'], CANCELLATION_REASONS, 'abandoned');
  call.psp.bank.setDetails(record.pspReference, asDetails({ ...setupDetails(record), cancellationReason }));
  return jsonAnswer(200, setupIntentObject(call.psp.bank.cancel(record.pspReference), call.psp));
}

export function updateSetupIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, UPDATE_PARAMS);
  const record = setupOf(call);
  const before = setupDetails(record);
  const customer = customerIn(call, fields) ?? before.customer;
  const card = cardIn(call, fields, customer);
  if (card !== null) expectStatus(record, call, ['requires_payment_method', 'requires_confirmation'], 'update');
  call.psp.bank.setDetails(
    record.pspReference,
    asDetails({
      ...before,
      ...card,
      customer,
      description: text(fields, 'description') ?? before.description,
      metadata: mergedMetadata(before.metadata, fields),
    }),
  );
  return jsonAnswer(200, setupIntentObject(call.psp.bank.payment(record.pspReference), call.psp));
}

export function retrieveSetupIntent(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), RETRIEVE_PARAMS);
  return jsonAnswer(200, setupIntentObject(setupOf(call), call.psp));
}

export function listSetupIntents(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_SETUP_PARAMS);
  const customer = text(fields, 'customer');
  const method = text(fields, 'payment_method');
  const items = call.psp.bank
    .payments()
    .filter(
      (record) =>
        isSetup(record) &&
        (customer === undefined || setupDetails(record).customer === customer) &&
        (method === undefined || setupDetails(record).method === method),
    )
    .map((record) => ({
      id: record.pspReference,
      createdAtMs: record.createdAtMs,
      render: () => setupIntentObject(record, call.psp),
    }));
  return listAnswer(items, fields, { url: '/v1/setup_intents', what: 'setup_intent' });
}

/** Keeps the card as a payment method, which belongs to the customer once the setup succeeds; answers its id. */
function store(call: Call, details: SetupDetails, pspReference: string): string {
  const setUp = details.usage === 'off_session';
  const stored = details.method === null ? undefined : findStoredMethod(call.psp, details.method);
  if (stored !== undefined) return changeMethod(call.psp, stored, { setUp, attachedBy: pspReference }).id;
  const id = `pm_${tailOf(pspReference)}${details.attempt}`;
  return storeMethod(call.psp, {
    id,
    card: testCard(details.card ?? ''),
    customer: null,
    setUp,
    attachedBy: pspReference,
  }).id;
}

/** Setting up asks the issuer as a charge does, but for cards that only a later charge shows to be bad. */
function outcomeFor(details: SetupDetails): ReturnType<typeof outcomeOf> {
  const { decline, ...card } = testCard(details.card ?? '');
  const wish = { requestThreeDs: details.requestThreeDs, offSession: false, setUp: false, lowRisk: false };
  const verified = decline === undefined || card.attaches === true ? card : { ...card, decline };
  // Nothing is charged, so nothing is disputed or refunded later.
  return { ...outcomeOf(verified, { ...wish, metadata: {} }), fate: {} };
}

function setupAnswer(record: PaymentRecord, call: Call): PspAnswer {
  const setup = setupIntentObject(record, call.psp);
  if (record.state !== 'declined') return jsonAnswer(200, setup);
  const decline = declineFor(record.declineReason);
  return errorBody(402, decline.message, {
    type: 'card_error',
    code: decline.code,
    ...(decline.declineCode === undefined ? {} : { declineCode: decline.declineCode }),
    more: { payment_method: lastSetupError(record)['payment_method'], setup_intent: setup },
  });
}

function checkConfirmable(details: SetupDetails, returnUrl: string | null): void {
  if (details.card === null) {
    throw invalid(
      "You cannot confirm this SetupIntent because it's missing a payment method. You can either update the SetupIntent with a payment method and then confirm it again, or confirm it again directly with a payment method or ConfirmationToken.",
      { code: 'setup_intent_unexpected_state' },
    );
  }
  if (details.allowRedirects === 'always' && returnUrl === null) {
    throw invalid(
      'This SetupIntent may use payment methods that redirect the customer, so you must provide a `return_url`, or set `automatic_payment_methods[allow_redirects]` to `never`.',
      { param: 'return_url' },
    );
  }
}

function expectStatus(
  record: PaymentRecord,
  call: Call,
  allowed: readonly string[],
  verb: 'confirm' | 'cancel' | 'update',
): void {
  const status = setupStatus(record);
  if (allowed.includes(status)) return;
  throw unexpectedState(
    `You cannot ${verb} this SetupIntent because it has a status of ${status}.`,
    'setup_intent_unexpected_state',
    { setup_intent: setupIntentObject(record, call.psp) },
  );
}

function setupOf(call: Call): PaymentRecord {
  const id = call.params['id'] ?? '';
  const record = call.psp.bank.findPayment(id);
  if (record === undefined || !isSetup(record)) throw noSuch('setupintent', id, { param: 'intent', inPath: true });
  return record;
}
