/**
 * Checkout Sessions in `payment` mode: a page hosted by the PSP. The payment behind a session
 * waits in the books until somebody acts on the page; its PaymentIntent is shown only then, as
 * at Stripe.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { outcomeOf } from './card-outcome.ts';
import { lineItemObjects, sessionIdOf, sessionObject, sessionStatus } from './checkout-wire.ts';
import {
  asDetails,
  intentDetails,
  sessionOf as sessionDetailsOf,
  tailOf,
  type IntentDetails,
  type SessionDetails,
} from './details.ts';
import { invalid, jsonAnswer, missingParam, noSuch } from './errors.ts';
import {
  checkedCurrency,
  choice,
  customerIn,
  fieldsOf,
  metadataIn,
  readAmount,
  refuseUnknown,
  urlIn,
} from './fields.ts';
import { inside, text, type FormFields } from './form.ts';
import { clientSecretOf, futureUsageIn } from './intent-input.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { testCard } from './magic.ts';
import { minorFromStripe } from './money.ts';

const CREATE_PARAMS = new Set([
  'allowed_payment_method_types',
  'billing_address_collection',
  'cancel_url',
  'client_reference_id',
  'currency',
  'customer',
  'customer_creation',
  'customer_email',
  'expand',
  'expires_at',
  'line_items',
  'locale',
  'metadata',
  'mode',
  'payment_intent_data',
  'payment_method_options',
  'payment_method_types',
  'submit_type',
  'success_url',
  'ui_mode',
]);
const INTENT_DATA = new Set([
  'capture_method',
  'description',
  'metadata',
  'receipt_email',
  'setup_future_usage',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
]);
const PLAIN_PARAMS = new Set(['expand']);
const LIST_SESSION_PARAMS = new Set<string>([...LIST_PARAMS, 'customer', 'payment_intent', 'status']);
const LINE_PARAMS = new Set<string>([...LIST_PARAMS]);

/** Stripe's own bound. */
const MAX_LINE_ITEMS = 100;

export function createSession(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  refuseUnknown(fields, INTENT_DATA, 'payment_intent_data');
  const mode = text(fields, 'mode');
  if (mode === undefined) throw missingParam('mode');
  if (mode !== 'payment') throw invalid(`The mode "${mode}" is not simulated; only "payment" is.`, { param: 'mode' });
  const successUrl = urlIn(fields, 'success_url');
  if (successUrl === null) throw missingParam('success_url');
  const { currency, amount, lineItems } = linesIn(fields);
  const pspReference = call.psp.ids.next('pi');
  const session: SessionDetails = {
    metadata: metadataIn(fields),
    clientReferenceId: text(fields, 'client_reference_id') ?? null,
    successUrl,
    cancelUrl: urlIn(fields, 'cancel_url'),
    customerEmail: text(fields, 'customer_email') ?? null,
    lineItems,
  };
  const details = intentOf(call, fields, { pspReference, session });
  const record = call.psp.bank.createPayment({
    pspReference,
    reference: referenceOfSession(session, details.metadata),
    amountMinor: minorFromStripe(amount, currency, 'line_items'),
    currency,
    captureMode: details.captureMethod === 'manual' ? 'manual' : 'automatic',
    // The payer types in a card that is approved, or presses the button that fails.
    outcome: {
      ...outcomeOf(testCard('visa'), {
        requestThreeDs: 'automatic',
        offSession: false,
        setUp: false,
        lowRisk: false,
        metadata: details.metadata,
      }),
      page: 'hosted',
    },
    returnUrl: successUrl.replaceAll('{CHECKOUT_SESSION_ID}', sessionIdOf({ pspReference })),
    details: asDetails(details),
  });
  return jsonAnswer(200, sessionObject(record, call.psp));
}

export function retrieveSession(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  return jsonAnswer(200, sessionObject(sessionOf(call), call.psp));
}

export function expireSession(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  const record = sessionOf(call);
  const status = sessionStatus(record);
  if (status !== 'open') {
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${status}.`,
    );
  }
  return jsonAnswer(200, sessionObject(call.psp.bank.cancel(record.pspReference), call.psp));
}

export function listSessions(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_SESSION_PARAMS);
  const [customer, intent, status] = ['customer', 'payment_intent', 'status'].map((name) => text(fields, name));
  const items = call.psp.bank
    .payments()
    .filter(
      (record) =>
        sessionDetailsOf(record) !== null &&
        (customer === undefined || intentDetails(record).customer === customer) &&
        (intent === undefined || record.pspReference === intent) &&
        (status === undefined || sessionStatus(record) === status),
    )
    .map((record) => ({
      id: sessionIdOf(record),
      createdAtMs: record.createdAtMs,
      render: () => sessionObject(record, call.psp),
    }));
  return listAnswer(items, fields, { url: '/v1/checkout/sessions', what: 'checkout session' });
}

export function listLineItems(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LINE_PARAMS);
  const record = sessionOf(call);
  const items = lineItemObjects(record).map((item) => ({
    id: String(item['id']),
    createdAtMs: record.createdAtMs,
    render: () => item,
  }));
  // Line items are listed as they were given; lists are answered last first.
  const url = `/v1/checkout/sessions/${sessionIdOf(record)}/line_items`;
  return listAnswer(items.reverse(), fields, { url, what: 'item' });
}

function sessionOf(call: Call): PaymentRecord {
  const id = call.params['id'] ?? '';
  const record = id.startsWith('cs_') ? call.psp.bank.findPayment(`pi_${tailOf(id)}`) : undefined;
  if (record === undefined || sessionDetailsOf(record) === null)
    throw noSuch('checkout.session', id, { param: 'session', inPath: true });
  return record;
}

/** The intent's metadata name the payment, else the session's, else what Stripe calls the client's reference. */
export function referenceOfSession(
  session: Pick<SessionDetails, 'metadata' | 'clientReferenceId'>,
  intentMetadata: Readonly<Record<string, string>>,
): string | null {
  const named = (metadata: Readonly<Record<string, string>>): string | undefined =>
    metadata['reference'] ?? metadata['order'];
  return named(intentMetadata) ?? named(session.metadata) ?? session.clientReferenceId;
}

function intentOf(
  call: Call,
  fields: FormFields,
  { pspReference, session }: { pspReference: string; session: SessionDetails },
): IntentDetails {
  const data = inside(fields, 'payment_intent_data');
  return {
    kind: 'intent',
    metadata: metadataIn(data),
    description: text(data, 'description') ?? null,
    receiptEmail: text(data, 'receipt_email') ?? null,
    customer: customerIn(call, fields),
    statementDescriptor: text(data, 'statement_descriptor') ?? null,
    statementDescriptorSuffix: text(data, 'statement_descriptor_suffix') ?? null,
    setupFutureUsage: futureUsageIn(data, null),
    transferGroup: text(data, 'transfer_group') ?? null,
    paymentMethodTypes: ['card'],
    allowedTypes: null,
    allowRedirects: null,
    captureMethod: choice(data, ['capture_method'], ['automatic', 'automatic_async', 'manual'], 'automatic_async'),
    confirmationMethod: 'automatic',
    multicapture: false,
    requestThreeDs: 'automatic',
    card: 'visa',
    method: null,
    attempt: 1,
    clientSecret: clientSecretOf(call, pspReference),
    cancellationReason: null,
    lockShown: false,
    session,
  };
}

interface Lines {
  /** In capitals. */
  currency: string;
  /** In Stripe's units. */
  amount: number;
  lineItems: SessionDetails['lineItems'];
}

function linesIn(fields: FormFields): Lines {
  const given = fields['line_items'];
  if (!Array.isArray(given) || given.length === 0) throw missingParam('line_items');
  if (given.length > MAX_LINE_ITEMS)
    throw invalid(`A session has at most ${MAX_LINE_ITEMS} line items.`, { param: 'line_items' });
  let amount = 0;
  let currency: string | undefined;
  const lineItems = given.map((item, index) => {
    const param = `line_items[${index}]`;
    const line = typeof item === 'object' && !Array.isArray(item) ? item : {};
    if (text(line, 'price') !== undefined)
      throw invalid('Prices are not simulated; use `price_data`.', { param: `${param}[price]` });
    const own = text(line, 'price_data', 'currency');
    const unitAmount = readAmount(text(line, 'price_data', 'unit_amount'), `${param}[price_data][unit_amount]`);
    if (own === undefined) throw missingParam(`${param}[price_data][currency]`);
    const itsCurrency = checkedCurrency(own, `${param}[price_data][currency]`);
    if (currency !== undefined && currency !== itsCurrency)
      throw invalid('All line items must have the same currency.', { param });
    currency = itsCurrency;
    const quantity = readAmount(text(line, 'quantity') ?? '1', `${param}[quantity]`);
    amount += unitAmount * quantity;
    return { description: text(line, 'price_data', 'product_data', 'name') ?? 'Item', quantity, unitAmount };
  });
  if (currency === undefined) throw missingParam('line_items');
  return { currency, amount: readAmount(String(amount), 'line_items'), lineItems };
}
