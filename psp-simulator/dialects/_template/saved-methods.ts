/** Saved cards: a test card under a token of the PSP's own, with what a receipt may show and nothing more. */
import { PspProblem } from '../../core/problem.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { optionalText, textField } from './fields.ts';
import { CARDS, outcomeOf } from './magic.ts';
import { json, methodJson } from './wire.ts';

export function saveMethod(call: Call): PspAnswer {
  const outcome = outcomeOf(CARDS, textField(call, 'source'), 'source');
  const method = call.psp.bank.saveMethod({
    token: call.psp.ids.next('card'),
    customer: optionalText(call, 'customer') ?? null,
    type: 'card',
    brand: outcome.scheme ?? 'visa',
    last4: '4242',
    expiryMonth: 12,
    expiryYear: 2030,
    outcome,
    details: {},
  });
  return json(201, methodJson(method));
}

export function removeMethod(call: Call): PspAnswer {
  const token = call.params['id'] ?? '';
  if (!call.psp.bank.removeMethod(token)) throw new PspProblem('not-found', `No such card: '${token}'`);
  return { status: 204, headers: {}, body: '' };
}
