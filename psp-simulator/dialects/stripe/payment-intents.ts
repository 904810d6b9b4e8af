/**
 * The PaymentIntent calls that change something: create, confirm, capture, cancel, update.
 * Each reads its parameters, checks the intent's status in Stripe's words, gives one command to
 * the bank and answers the intent as it is afterwards. A declined card is an answer (402 with
 * the intent inside), not a problem: it is remembered under the idempotency key like a success.
 */
import type { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { declineFor } from './declines.ts';
import { asDetails, intentDetails, tailOf, type IntentDetails } from './details.ts';
import { errorBody, invalid, jsonAnswer, lockTimeout, unexpectedState } from './errors.ts';
import {
  amountIn,
  choice,
  customerIn,
  expandIn,
  fieldsOf,
  flag,
  mergedMetadata,
  referenceIn,
  refuseUnknown,
  requiredAmount,
  requiredCurrency,
  urlIn,
} from './fields.ts';
import { text, type FormFields } from './form.ts';
import {
  cardIn,
  cardOutcome,
  checkConfirmable,
  futureUsageIn,
  keepMethod,
  newDetails,
  requestThreeDsIn,
} from './intent-input.ts';
import {
  CANCEL_PARAMS,
  CANCELLATION_REASONS,
  CAPTURE_PARAMS,
  CONFIRM_PARAMS,
  CREATE_PARAMS,
  UPDATE_PARAMS,
} from './intent-params.ts';
import { intentOf } from './intent-reads.ts';
import { ownMagic } from './magic.ts';
import { minorFromStripe, stripeFromMinor } from './money.ts';
import { intentStatus, lastPaymentError, paymentIntentObject } from './wire.ts';

export function createIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  const currency = requiredCurrency(fields);
  const amountMinor = minorFromStripe(requiredAmount(fields, 'amount'), currency);
  const pspReference = call.psp.ids.next('pi');
  const confirm = flag(fields, 'confirm');
  const details: IntentDetails = { ...newDetails(call, fields, pspReference), attempt: confirm ? 1 : 0 };
  const returnUrl = urlIn(fields, 'return_url');
  if (confirm) checkConfirmable(details, returnUrl);
  else if (returnUrl !== null)
    throw invalid('`return_url` can only be specified when confirming a PaymentIntent.', { param: 'return_url' });
  const outcome = confirm ? cardOutcome(call, details, fields) : null;
  if (confirm) keepMethod(call, details, pspReference, methodIdOf(pspReference, details));
  const record = call.psp.bank.createPayment({
    pspReference,
    reference: referenceIn(details.metadata),
    amountMinor,
    currency,
    captureMode: details.captureMethod === 'manual' ? 'manual' : 'automatic',
    outcome,
    returnUrl,
    methodToken: details.method,
    details: asDetails(details),
  });
  return intentAnswer(record, call, fields);
}

export function confirmIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CONFIRM_PARAMS);
  const record = intentOf(call);
  expectStatus(record, call, ['requires_payment_method', 'requires_confirmation'], 'confirm');
  showLock(record, call);
  const before = intentDetails(call.psp.bank.payment(record.pspReference));
  const given = cardIn(call, fields, before.customer);
  const details: IntentDetails = {
    ...before,
    ...given,
    requestThreeDs: requestThreeDsIn(fields, before.requestThreeDs),
    setupFutureUsage: futureUsageIn(fields, before.setupFutureUsage),
    attempt: before.attempt + 1,
  };
  if (record.state === 'declined' && given === null) throw missingMethod(record, call);
  const returnUrl = urlIn(fields, 'return_url') ?? record.returnUrl;
  checkConfirmable(details, returnUrl);
  const outcome = cardOutcome(call, details, fields);
  keepMethod(call, details, record.pspReference, methodIdOf(record.pspReference, details));
  const after = call.psp.bank.confirmPayment({
    pspReference: record.pspReference,
    outcome,
    returnUrl,
    methodToken: details.method,
    details: asDetails(details),
  });
  return intentAnswer(after, call, fields);
}

export function captureIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CAPTURE_PARAMS);
  const record = intentOf(call);
  expectStatus(record, call, ['requires_capture'], 'capture');
  showLock(record, call);
  const amount = amountIn(fields, 'amount_to_capture');
  const amountMinor = amount === undefined ? undefined : minorFromStripe(amount, record.currency, 'amount_to_capture');
  if (amountMinor !== undefined && amountMinor > record.capturableMinor) {
    throw invalid(
      `Amount to capture (${amount}) is greater than the capturable amount (${stripeFromMinor(record.capturableMinor, record.currency)}).`,
      { code: 'amount_too_large', param: 'amount_to_capture' },
    );
  }
  const final = choice(fields, ['final_capture'], ['true', 'false'], 'true') === 'true';
  const details = intentDetails(call.psp.bank.payment(record.pspReference));
  if (!final && !details.multicapture) {
    throw invalid(
      'You cannot set `final_capture` to `false` because multicapture is not available on this PaymentIntent. Ask for it with `payment_method_options[card][request_multicapture]=if_available` when you create it.',
      { param: 'final_capture' },
    );
  }
  call.psp.bank.setDetails(
    record.pspReference,
    asDetails({ ...details, metadata: mergedMetadata(details.metadata, fields) }),
  );
  const part = { ...(amountMinor === undefined ? {} : { amountMinor }), final };
  return intentAnswer(call.psp.bank.capture(record.pspReference, part), call, fields);
}

export function cancelIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CANCEL_PARAMS);
  const record = intentOf(call);
  const reason =
    text(fields, 'cancellation_reason') === undefined
      ? null
      : choice(fields, ['cancellation_reason'], CANCELLATION_REASONS, 'abandoned');
  expectStatus(
    record,
    call,
    ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action'],
    'cancel',
  );
  showLock(record, call);
  const details = intentDetails(call.psp.bank.payment(record.pspReference));
  call.psp.bank.setDetails(record.pspReference, asDetails({ ...details, cancellationReason: reason }));
  return intentAnswer(call.psp.bank.cancel(record.pspReference), call, fields);
}

/** What describes a payment can be changed, and the card of one that waits for it; the amount of a live intent is not simulated. */
export function updateIntent(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, UPDATE_PARAMS);
  const record = intentOf(call);
  const details = intentDetails(record);
  const customer = customerIn(call, fields) ?? details.customer;
  const card = cardIn(call, fields, customer);
  if (card !== null) expectStatus(record, call, ['requires_payment_method', 'requires_confirmation'], 'update');
  call.psp.bank.setDetails(
    record.pspReference,
    asDetails({
      ...details,
      ...card,
      customer,
      metadata: mergedMetadata(details.metadata, fields),
      description: text(fields, 'description') ?? details.description,
      receiptEmail: text(fields, 'receipt_email') ?? details.receiptEmail,
      statementDescriptor: text(fields, 'statement_descriptor') ?? details.statementDescriptor,
      setupFutureUsage: futureUsageIn(fields, details.setupFutureUsage),
      transferGroup: text(fields, 'transfer_group') ?? details.transferGroup,
    }),
  );
  return jsonAnswer(200, paymentIntentObject(call.psp.bank.payment(record.pspReference), call.psp, expandIn(fields)));
}

/** 200 with the intent, or Stripe's 402 when the card was declined in this very call. */
function intentAnswer(record: PaymentRecord, call: Call, fields: FormFields): PspAnswer {
  const intent = paymentIntentObject(record, call.psp, expandIn(fields));
  if (record.state !== 'declined') return jsonAnswer(200, intent);
  const decline = declineFor(record.declineReason);
  const {
    type: _type,
    code: _code,
    decline_code: _declineCode,
    message: _message,
    doc_url: _docUrl,
    ...more
  } = lastPaymentError(record);
  return errorBody(402, decline.message, {
    type: 'card_error',
    code: decline.code,
    ...(decline.declineCode === undefined ? {} : { declineCode: decline.declineCode }),
    more: { ...more, payment_intent: intent, request_log_url: null },
  });
}

function missingMethod(record: PaymentRecord, call: Call): PspProblem {
  return unexpectedState(
    "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm the PaymentIntent, specify a payment method attached to this customer along with the customer ID.",
    'payment_intent_unexpected_state',
    { payment_intent: paymentIntentObject(record, call.psp) },
  );
}

function expectStatus(
  record: PaymentRecord,
  call: Call,
  allowed: readonly string[],
  verb: 'confirm' | 'capture' | 'cancel' | 'update',
): void {
  const status = intentStatus(record);
  if (allowed.includes(status)) return;
  const participle = { confirm: 'confirmed', capture: 'captured', cancel: 'canceled', update: 'updated' }[verb];
  throw unexpectedState(
    `You cannot ${verb} this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be ${participle}: ${allowed.join(', ')}.`,
    'payment_intent_unexpected_state',
    { payment_intent: paymentIntentObject(record, call.psp) },
  );
}

/** The test value that shows an object lock: the first change of the intent is refused. */
function showLock(record: PaymentRecord, call: Call): void {
  const details = intentDetails(record);
  if (details.lockShown || ownMagic(details.metadata, 'lock') === undefined) return;
  call.psp.bank.setDetails(record.pspReference, asDetails({ ...details, lockShown: true }));
  throw lockTimeout();
}

/** Id of the payment method that the next attempt is charged with. */
function methodIdOf(pspReference: string, details: IntentDetails): string {
  return details.method ?? `pm_${tailOf(pspReference)}${details.attempt}`;
}
