/** Payments: create, read, list, capture, cancel. A decline is an answer, not an error. */
import { PspProblem } from '../../core/problem.ts';
import type { BookRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { booleanField, optionalText, textField, urlField } from './fields.ts';
import { CARDS, outcomeOf } from './magic.ts';
import { amountField, currencyField, optionalAmount } from './money.ts';
import { pageOf } from './paging.ts';
import { json, paymentJson } from './wire.ts';

export function createPayment(call: Call): PspAnswer {
  const { bank, ids } = call.psp;
  const source = optionalText(call, 'source') ?? 'card_ok';
  const saved = bank.findMethod(source);
  const outcome = saved?.outcome ?? outcomeOf(CARDS, source, 'source');
  const returnUrl = urlField(call, 'return_url');
  if (outcome.threeDs === 'challenge' && returnUrl === null)
    throw new PspProblem('validation', 'return_url is required for this card', { field: 'return_url' });
  const payment = bank.createPayment({
    pspReference: ids.next('pay'),
    reference: textField(call, 'reference'),
    amountMinor: amountField(call),
    currency: currencyField(call),
    captureMode: booleanField(call, 'capture', true) ? 'automatic' : 'manual',
    outcome,
    returnUrl,
    methodToken: saved?.token ?? null,
  });
  return json(201, paymentJson(payment, call.psp));
}

export function getPayment(call: Call): PspAnswer {
  const payment = visible(call, call.psp.bank.findPayment(call.params['id'] ?? ''), 'payment');
  return json(200, paymentJson(payment, call.psp));
}

export function listPayments(call: Call): PspAnswer {
  const { bank, profile } = call.psp;
  const reference = call.request.query.get('reference');
  const payments = bank.payments(reference === null ? {} : { reference });
  const seen = payments.filter((payment) => call.isVisible(payment, profile.visibilityLagMs));
  const page = pageOf(call, seen, (payment) => payment.pspReference);
  return json(200, { ...page, data: page.data.map((payment) => paymentJson(payment, call.psp)) });
}

export function capturePayment(call: Call): PspAnswer {
  const amountMinor = optionalAmount(call);
  const part = amountMinor === undefined ? {} : { amountMinor };
  return json(200, paymentJson(call.psp.bank.capture(call.params['id'] ?? '', part), call.psp));
}

export function cancelPayment(call: Call): PspAnswer {
  return json(200, paymentJson(call.psp.bank.cancel(call.params['id'] ?? ''), call.psp));
}

/** The record, when it exists and may be seen yet; throws `PspProblem('not-found')`. */
export function visible<R extends BookRecord>(call: Call, record: R | undefined, what: string): R {
  if (record !== undefined && call.isVisible(record, call.psp.profile.visibilityLagMs)) return record;
  throw new PspProblem('not-found', `No such ${what}: '${call.params['id'] ?? ''}'`);
}
