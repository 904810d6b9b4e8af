/** acme's payments: create, read, capture, void. A decline is an answer (201), not an error. */
import { PspProblem } from '../../core/problem.ts';
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { booleanField, choiceField, currencyField, optionalText, returnUrlField, textField } from './fields.ts';
import { PENDING_REFUNDS } from './magic.ts';
import { defaultToken, METHODS, outcomeFor } from './methods.ts';
import { toMinor } from './money.ts';
import { pageOf } from './paging.ts';
import { json, paymentJson } from './wire.ts';

/** Longest merchant reference that acme takes. */
export const MOST_REFERENCE = 128;
const MOST_TOKEN = 64;
const EXEMPTIONS = [
  'low_value',
  'transaction_risk_analysis',
  'trusted_beneficiary',
  'recurring',
  'secure_corporate',
  'merchant_initiated',
] as const;

export function createPayment(call: Call): PspAnswer {
  const { bank, ids } = call.psp;
  const currency = currencyField(call);
  const method = choiceField(call, 'method', METHODS) ?? 'card';
  const token = optionalText(call, 'token', { most: MOST_TOKEN }) ?? defaultToken(method);
  const capture = booleanField(call, 'capture', true);
  const force = choiceField(call, 'three_ds', ['auto', 'force'] as const) === 'force';
  const exemption = choiceField(call, 'exemption', EXEMPTIONS);
  const outcome = outcomeFor({ method, token, capture, force, exemption }, call.psp);
  const returnUrl = returnUrlField(call);
  const waits = outcome.threeDs === 'challenge' || outcome.page !== undefined;
  if (waits && returnUrl === null) {
    const why = outcome.page === undefined ? 'this card wants a 3DS challenge' : `${method} leads the payer to a page`;
    throw new PspProblem('validation', `return_url is required: ${why}`, { field: 'return_url' });
  }
  const payment = bank.createPayment({
    pspReference: ids.next('apay'),
    reference: textField(call, 'reference', { most: MOST_REFERENCE }),
    amountMinor: toMinor(call.body['amount'], currency),
    currency,
    captureMode: capture ? 'automatic' : 'manual',
    outcome,
    returnUrl,
    method,
    methodToken: bank.findMethod(token) === undefined ? null : token,
    details: { refundsPend: PENDING_REFUNDS.includes(token) },
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
  const payments = call.psp.bank.payments(reference === null ? {} : { reference });
  const page = pageOf(
    call,
    payments.filter((payment) => isVisible(call, payment)),
    (payment) => payment.pspReference,
  );
  return json(200, { ...page, data: page.data.map((payment) => paymentJson(payment, call.psp)) });
}

export function capturePayment(call: Call): PspAnswer {
  const { bank } = call.psp;
  const payment = bank.payment(call.params['id'] ?? '');
  const amount = call.body['amount'];
  const final = booleanField(call, 'final', true);
  const part = amount === undefined ? { final } : { final, amountMinor: toMinor(amount, payment.currency) };
  return json(200, paymentJson(bank.capture(payment.pspReference, part), call.psp));
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
