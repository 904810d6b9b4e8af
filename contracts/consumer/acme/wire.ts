/** acme's conventions in a pact: key, decimal amounts, JSON bodies, and the parts of its answers that the service reads. */
import { Matchers } from '@pact-foundation/pact';
import type { CallNeed } from '../pact-book.ts';
import { EXAMPLE_CREDENTIALS, keyOf, RETURN_URL } from '../examples.ts';
import { anyId } from '../matchers.ts';

const { like } = Matchers;
type Text = string | ReturnType<typeof anyId>;

const Authorization = `Bearer ${EXAMPLE_CREDENTIALS.acme['apiKey']}`;

/** MONEY in acme's words: a decimal text of major units. */
export const acmeMoney = { amount: '50.00', currency: 'EUR' };

export function get(path: string, query: Record<string, string> = {}): CallNeed['request'] {
  return { method: 'GET', path, headers: { Authorization }, query };
}

export function post(path: string, body: object, key: Text): CallNeed['request'] {
  return {
    method: 'POST',
    path,
    headers: { Authorization, 'Idempotency-Key': key, 'Content-Type': 'application/json' },
    body,
  };
}

/** The call that charges a card. */
export function createPaymentCall(reference: string, token = 'tok_ok'): CallNeed['request'] {
  return post(
    '/payments',
    { ...acmeMoney, reference, method: 'card', token, capture: true, return_url: RETURN_URL },
    keyOf(reference),
  );
}

export function payment(status: number, id: string, reference: string, more: object): CallNeed['response'] {
  return { status, body: { payment_id: anyId(id), reference, ...more } };
}

/** Captured, with the money that was really taken. */
export const taken = { status: 'captured', captured_amount: acmeMoney.amount, currency: acmeMoney.currency };

export function error(status: number, code: string): CallNeed['response'] {
  return { status, body: { code, message: like('Any text for people.') } };
}
