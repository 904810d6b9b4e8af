/**
 * Payments: created first, then authorized by the payer at the bank. A payment by mandate needs
 * no payer. There is no capture: money that a bank has sent is there.
 */
import { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { accountId } from './account-ids.ts';
import { asDetails, detailsOf } from './details.ts';
import type { PaymentDetails } from './details.ts';
import { amountAt, choiceAt, metadataAt, objectAt, refuse, requiredText, textAt } from './fields.ts';
import { providerOutcome } from './magic.ts';
import { chargeable, mandateMethod } from './mandates.ts';
import { currencyAt } from './money.ts';
import { userOf } from './user.ts';
import { failureOf, json, paymentJson, statusOf } from './wire.ts';

/** Longest reference on a bank statement that any scheme carries (SEPA). */
export const MOST_REFERENCE = 140;

export function createPayment(call: Call): PspAnswer {
  const { body } = call;
  const amountMinor = amountAt(body, 'amount_in_minor');
  const currency = currencyAt(body);
  const type = choiceAt(body, 'payment_method.type', ['bank_transfer', 'mandate'] as const);
  const metadata = metadataAt(body);
  const asked = { amountMinor, currency, metadata };
  return type === 'mandate' ? payByMandate(call, asked) : payByTransfer(call, asked);
}

interface Asked {
  readonly amountMinor: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
}

function payByTransfer(call: Call, { amountMinor, currency, metadata }: Asked): PspAnswer {
  const { psp, body } = call;
  const selection = choiceAt(body, 'payment_method.provider_selection.type', ['user_selected', 'preselected'] as const);
  const providerField = 'payment_method.provider_selection.provider_id';
  const providerId = selection === 'preselected' ? requiredText(body, providerField) : null;
  if (providerId !== null) providerOutcome(providerId, providerField);
  const beneficiary = choiceAt(body, 'payment_method.beneficiary.type', [
    'merchant_account',
    'external_account',
  ] as const);
  if (beneficiary === 'merchant_account') checkAccount(call, currency);
  else requiredText(body, 'payment_method.beneficiary.account_holder_name');
  const statement = textAt(body, 'payment_method.beneficiary.reference', MOST_REFERENCE);
  const details: PaymentDetails = {
    userId: userOf(call),
    paymentMethod: {
      type: 'bank_transfer',
      provider_selection: { type: selection, ...(providerId === null ? {} : { provider_id: providerId }) },
      beneficiary: {
        type: beneficiary,
        ...(beneficiary === 'merchant_account' ? { merchant_account_id: accountId(psp, currency) } : {}),
        ...(statement === undefined ? {} : { reference: statement }),
      },
    },
    beneficiary,
    providerId,
    metadata,
    flow: null,
  };
  const payment = psp.bank.createPayment({
    pspReference: psp.ids.uuid(),
    reference: metadata['reference'] ?? statement ?? null,
    amountMinor,
    currency,
    captureMode: 'automatic',
    outcome: null,
    method: 'bank_transfer',
    details: asDetails(details),
  });
  return created(call, payment);
}

function payByMandate(call: Call, { amountMinor, currency, metadata }: Asked): PspAnswer {
  const { psp, body } = call;
  const statement = textAt(body, 'payment_method.reference', MOST_REFERENCE);
  const mandate = chargeable(call, requiredText(body, 'payment_method.mandate_id'), { amountMinor, currency });
  const details: PaymentDetails = {
    userId: mandate.customer ?? '',
    paymentMethod: mandateMethod(mandate, statement),
    beneficiary: 'merchant_account',
    providerId: null,
    metadata,
    flow: null,
  };
  const payment = psp.bank.createPayment({
    pspReference: psp.ids.uuid(),
    reference: metadata['reference'] ?? statement ?? null,
    amountMinor,
    currency,
    captureMode: 'automatic',
    outcome: mandate.outcome,
    method: 'mandate',
    methodToken: mandate.token,
    details: asDetails(details),
  });
  return created(call, payment);
}

export function getPayment(call: Call): PspAnswer {
  return json(200, paymentJson(found(call), call.psp));
}

/** Ends a payment that the payer has not authorized yet. */
export function cancelPayment(call: Call): PspAnswer {
  call.psp.bank.cancel(addressed(call).pspReference);
  return { status: 202, headers: {}, body: '' };
}

/** For reading. Throws `PspProblem('not-found')`; a payment that may not be seen yet is not found either. */
export function found(call: Call): PaymentRecord {
  const payment = addressed(call);
  if (call.isVisible(payment, call.psp.profile.visibilityLagMs)) return payment;
  throw noPayment(payment.pspReference);
}

/** For acting: only reading lags, what acts on a payment meets the payment itself. Throws `PspProblem('not-found')`. */
export function addressed(call: Call): PaymentRecord {
  const id = call.params['id'] ?? '';
  const payment = call.psp.bank.findPayment(id);
  if (payment === undefined) throw noPayment(id);
  return payment;
}

function noPayment(id: string): PspProblem {
  return new PspProblem('not-found', `No payment has the id ${id}.`);
}

/** Money of a currency goes to the merchant account of that currency. */
export function checkAccount({ psp, body }: Call, currency: string): void {
  const field = 'payment_method.beneficiary.merchant_account_id';
  const wanted = requiredText(body, field);
  if (wanted !== accountId(psp, currency)) refuse(field, `Value must be the merchant account for ${currency}.`);
}

/** What the creation answers: a little, the rest is read. A payment by mandate is past its authorization already. */
function created({ psp, body }: Call, payment: PaymentRecord): PspAnswer {
  const failure = failureOf(payment);
  const status = statusOf(payment);
  return json(201, {
    id: payment.pspReference,
    user: { id: detailsOf(payment).userId },
    resource_token: psp.ids.next('resource-token'),
    status: status === 'settled' ? 'authorized' : status,
    ...(failure ?? {}),
    ...(objectAt(body, 'metadata') === undefined ? {} : { metadata: detailsOf(payment).metadata }),
  });
}
