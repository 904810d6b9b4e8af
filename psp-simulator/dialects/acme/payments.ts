/** acme's payments: create, read, capture, void. A decline is an answer (201), not an error. */
import { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { toMinor } from './amount.ts';
import { cardOutcome } from './magic.ts';
import { currencyField, json, optionalText, paymentJson, returnUrlField, textField } from './wire.ts';

/** Longest merchant reference that acme takes. */
export const MOST_REFERENCE = 128;

export function createPayment(call: Call): PspAnswer {
  const currency = currencyField(call);
  const method = optionalText(call, 'method', { most: 32 }) ?? 'card';
  if (method !== 'card') throw new PspProblem('validation', 'method must be "card"', { field: 'method' });
  const outcome = cardOutcome(optionalText(call, 'token', { most: 64 }) ?? 'tok_ok');
  const returnUrl = returnUrlField(call);
  if (outcome.threeDs === 'challenge' && returnUrl === null) {
    throw new PspProblem('validation', 'return_url is required: this card wants a 3DS challenge', {
      field: 'return_url',
    });
  }
  const payment = call.psp.bank.createPayment({
    pspReference: call.psp.ids.next('apay'),
    reference: textField(call, 'reference', { most: MOST_REFERENCE }),
    amountMinor: toMinor(call.body['amount'], currency),
    currency,
    captureMode: captureFlag(call) ? 'automatic' : 'manual',
    outcome,
    returnUrl,
  });
  return json(201, paymentJson(payment, call.psp));
}

export function getPayment(call: Call): PspAnswer {
  const payment = call.psp.bank.findPayment(call.params['id'] ?? '');
  if (payment === undefined || !isVisible(call, payment)) throw notFound('payment', call.params['id']);
  return json(200, paymentJson(payment, call.psp));
}

export function listPayments(call: Call): PspAnswer {
  const reference = call.request.query.get('reference');
  if (reference === null || reference === '')
    throw new PspProblem('validation', 'the query parameter reference is required', { field: 'reference' });
  const payments = call.psp.bank.payments({ reference }).filter((payment) => isVisible(call, payment));
  return json(200, { data: payments.map((payment) => paymentJson(payment, call.psp)) });
}

export function capturePayment(call: Call): PspAnswer {
  const payment = call.psp.bank.payment(call.params['id'] ?? '');
  const amount = call.body['amount'];
  const amountMinor = amount === undefined ? undefined : toMinor(amount, payment.currency);
  return json(200, paymentJson(call.psp.bank.capture(payment.pspReference, amountMinor === undefined ? {} : { amountMinor }), call.psp));
}

export function voidPayment(call: Call): PspAnswer {
  return json(200, paymentJson(call.psp.bank.cancel(call.params['id'] ?? ''), call.psp));
}

export function notFound(what: string, id: string | undefined): PspProblem {
  return new PspProblem('not-found', `No such ${what}: '${id ?? ''}'`);
}

function isVisible(call: Call, payment: PaymentRecord): boolean {
  return call.isVisible(payment, call.psp.profile.visibilityLagMs);
}

function captureFlag(call: Call): boolean {
  const capture = call.body['capture'] ?? true;
  if (typeof capture !== 'boolean')
    throw new PspProblem('validation', 'capture must be true or false', { field: 'capture' });
  return capture;
}
