/** Mollie's conventions in a pact: key, amounts as texts, and the parts of its payments that the service reads. */
import { EXAMPLE_CREDENTIALS, keyOf, PAYMENT_ID, PLAYER_ID, RETURN_URL } from '../examples.ts';
import { anyId, url } from '../matchers.ts';
import type { CallNeed } from '../pact-book.ts';

type Text = string | ReturnType<typeof anyId>;

export const Authorization = `Bearer ${EXAMPLE_CREDENTIALS.mollie['apiKey'] ?? ''}`;
export const mollieMoney = { currency: 'EUR', value: '50.00' };

export function get(path: string, query: Record<string, string> = {}): CallNeed['request'] {
  return { method: 'GET', path, headers: { Authorization }, query };
}

export function post(path: string, key: Text, body?: object): CallNeed['request'] {
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  const headers = { Authorization, 'Idempotency-Key': key, ...type };
  return { method: 'POST', path, headers, ...(body === undefined ? {} : { body }) };
}

/** A payment as it is read: only with what is embedded does it tell what went back. */
export function getPayment(id: string): CallNeed['request'] {
  return get(`/v2/payments/${id}`, { embed: 'refunds,chargebacks' });
}

/** The call that charges a card token. */
export function createPaymentCall(
  reference: string,
  { word = 'approved', more = {} }: { word?: string; more?: object } = {},
): CallNeed['request'] {
  return post('/v2/payments', keyOf(reference), {
    amount: mollieMoney,
    description: reference,
    redirectUrl: RETURN_URL,
    method: 'creditcard',
    cardToken: `tkn_assay_${word}`,
    metadata: { reference, payment_id: PAYMENT_ID, player_id: PLAYER_ID },
    ...more,
  });
}

export function payment(status: string, id: string, reference: string, more: object = {}): object {
  return { id: anyId(id), status, metadata: { reference }, ...more };
}

/** Paid, with the money that was taken. */
export const taken = { amount: mollieMoney };

export function checkout(href: string): object {
  return { _links: { checkout: { href: url(href) } } };
}

/** The status stands in the body too, and a title: so says Mollie, and nobody between us. */
export function error(status: number, more: object = {}): CallNeed['response'] {
  return { status, body: { status, title: anyId('Any title'), ...more } };
}
