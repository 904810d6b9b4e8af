/** acme's kept cards: a test token is kept under a token of acme's own, with what a receipt may show and nothing more. */
import type { SavedMethod } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { PspProblem } from '../../core/problem.ts';
import { textField } from './fields.ts';
import { CARDS, outcomeOf } from './magic.ts';
import { pageOf } from './paging.ts';
import { MOST_REFERENCE, notFound } from './payments.ts';
import { json, methodJson } from './wire.ts';

/** Every test card shows this on a receipt: test tokens stand for no number of their own. */
const RECEIPT = { last4: '4242', expiryMonth: 12, expiryYear: 2030 } as const;

export function saveMethod(call: Call): PspAnswer {
  const { bank, ids } = call.psp;
  const outcome = outcomeOf(CARDS, textField(call, 'token', { most: 64 }), 'token');
  const method = bank.saveMethod({
    token: ids.next('amt'),
    customer: textField(call, 'customer', { most: MOST_REFERENCE }),
    type: 'card',
    brand: outcome.scheme ?? 'visa',
    ...RECEIPT,
    outcome,
    details: {},
  });
  return json(201, methodJson(method));
}

export function listMethods(call: Call): PspAnswer {
  const customer = call.request.query.get('customer');
  if (customer === null || customer === '')
    throw new PspProblem('validation', 'the query parameter customer is required', { field: 'customer' });
  const page = pageOf(call, call.psp.bank.methods({ customer }), (method) => method.token);
  return json(200, { ...page, data: page.data.map(methodJson) });
}

export function getMethod(call: Call): PspAnswer {
  return json(200, methodJson(found(call)));
}

export function removeMethod(call: Call): PspAnswer {
  call.psp.bank.removeMethod(found(call).token);
  return { status: 204, headers: {}, body: '' };
}

function found(call: Call): SavedMethod {
  const method = call.psp.bank.findMethod(call.params['id'] ?? '');
  if (method === undefined) throw notFound('payment method', call.params['id']);
  return method;
}
