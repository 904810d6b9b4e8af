/** Facts of an API call for the filters of faults: its body, and the record that its path names. */
import type { BookRecord } from '../core/records.ts';
import type { Call } from '../dialects/dialect.ts';
import type { Facts } from '../faults/filters.ts';
import { factsOfBody, factsOfRecord } from '../faults/read-facts.ts';
import type { Psp } from './psp.ts';

/** What is known of a request before it is processed: its body, and the record that its path names. */
export function factsOfCall(psp: Psp, call: Call): Facts {
  const own = psp.dialect.factsOf?.(call);
  if (own !== undefined) return own;
  const record = recordOf(psp, call);
  const isForm = (call.request.headers['content-type'] ?? '').includes('form-urlencoded');
  const ofBody = factsOfBody(isForm ? numbersOf(call.body) : call.body);
  if (record === undefined) return ofBody;
  const known = factsOfRecord(record);
  return {
    methods: [...ofBody.methods, ...known.methods],
    amountMinor: ofBody.amountMinor ?? known.amountMinor,
    currency: ofBody.currency ?? known.currency,
    players: [...ofBody.players, ...known.players],
  };
}

function recordOf(psp: Psp, call: Call): BookRecord | undefined {
  for (const value of Object.values(call.params)) {
    const found = psp.bank.findPayment(value) ?? psp.bank.findRefund(value) ?? psp.bank.findPayout(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Form bodies carry numbers as text; there, as in JSON, a whole number is minor units. */
function numbersOf(form: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { amount } = form;
  return typeof amount === 'string' && /^[0-9]+$/.test(amount) ? { ...form, amount: Number(amount) } : { ...form };
}
