/** PayPal's conventions in a pact: the token, the request id, and the parts of its orders that the service reads. */
import { Matchers } from '@pact-foundation/pact';
import { basicAuthorization, EXAMPLE_TOKEN } from '../example-credentials.ts';
import { EXAMPLE_CREDENTIALS, keyOf, RETURN_URL } from '../examples.ts';
import { anyId, url } from '../matchers.ts';
import type { CallNeed } from '../pact-book.ts';

const { arrayContaining, integer } = Matchers;

export const Authorization = `Bearer ${EXAMPLE_TOKEN}`;
export const paypalMoney = { currency_code: 'EUR', value: '50.00' };

/** The test cards: not enrolled in 3-D Secure, and challenged. */
export const PLAIN = '4012888888881881';
export const CHALLENGED = '4868719166101368';

export function tokenRequest(credentials: Readonly<Record<string, string>>): CallNeed['request'] {
  return {
    method: 'POST',
    path: '/v1/oauth2/token',
    headers: {
      Authorization: `Basic ${basicAuthorization(credentials)}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  };
}

export const tokenCall: CallNeed = {
  description: 'an access token',
  why: 'Every other call carries it; how long it lives tells when the next one is to be fetched.',
  request: tokenRequest(EXAMPLE_CREDENTIALS.paypal),
  response: { status: 200, body: { access_token: anyId(EXAMPLE_TOKEN), expires_in: integer(32_400) } },
};

export function get(path: string): CallNeed['request'] {
  return { method: 'GET', path, headers: { Authorization } };
}

/** `Prefer` makes PayPal answer with more than an id. */
export function post(path: string, key: string, body?: object): CallNeed['request'] {
  const type = { 'Content-Type': 'application/json' };
  const headers = { Authorization, ...type, 'PayPal-Request-Id': key, Prefer: 'return=representation' };
  return { method: 'POST', path, headers, ...(body === undefined ? {} : { body }) };
}

export interface Asked {
  name?: string;
  number?: string;
  intent?: 'CAPTURE' | 'AUTHORIZE';
}

/** The order that is paid with a card. */
export function createOrderCall(
  reference: string,
  { name = 'Ada Example', number = PLAIN, intent = 'CAPTURE' }: Asked = {},
): CallNeed['request'] {
  const card = {
    number,
    name,
    expiry: '2035-12',
    security_code: '123',
    attributes: { verification: { method: 'SCA_WHEN_REQUIRED' } },
    experience_context: { return_url: RETURN_URL, cancel_url: RETURN_URL },
  };
  return post('/v2/checkout/orders', keyOf(reference), {
    intent,
    purchase_units: [{ custom_id: reference, invoice_id: reference, amount: paypalMoney }],
    payment_source: { card },
  });
}

export interface OrderParts {
  captures?: object[];
  authorizations?: object[];
}

export function order(
  { status, id, reference }: { status: string; id: string; reference: string },
  { parts, more = {} }: { parts?: OrderParts; more?: object } = {},
): object {
  const unit = { custom_id: reference, ...(parts === undefined ? {} : { payments: parts }) };
  return { id: anyId(id), status, purchase_units: [unit], ...more };
}

/** Taken, with the money that was taken. */
export const taken = { status: 'COMPLETED', amount: paypalMoney };

export function declinedPart(code: string): object {
  return { status: 'DECLINED', processor_response: { response_code: code } };
}

/** The payer's page, wherever it stands among the links. */
export function payerAction(href: string): object {
  return { links: arrayContaining({ rel: 'payer-action', href: url(href) }) };
}

export function error(status: number, name: string, issue?: string): CallNeed['response'] {
  return { status, body: { name, ...(issue === undefined ? {} : { details: [{ issue }] }) } };
}
