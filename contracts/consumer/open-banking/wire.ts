/** The provider's conventions in a pact: token, signed requests, and the parts of its answers that the service reads. */
import { Matchers } from '@pact-foundation/pact';
import { EXAMPLE_TOKEN } from '../example-credentials.ts';
import { EXAMPLE_CREDENTIALS, keyOf, MONEY, PAYMENT_ID, PLAYER_ID, RETURN_URL } from '../examples.ts';
import { anyId, freshKey, url } from '../matchers.ts';
import type { CallNeed } from '../pact-book.ts';

type Text = string | ReturnType<typeof anyId>;

const { integer, regex } = Matchers;
export const account = EXAMPLE_CREDENTIALS['open-banking']['merchantAccountEur'] ?? '';
export const bankMoney = { amount_in_minor: MONEY.amountMinor, currency: MONEY.currency };
/** A payer who pays: at the provider's own mock bank. */
export const byBank = { method: 'bank', token: 'bank_ok' } as const;

const Authorization = `Bearer ${EXAMPLE_TOKEN}`;
/** A detached JWS over method, path, key and body: no two are alike. */
const signature = regex(/^[\w-]+\.\.[\w-]+$/, 'eyJhbGciOiJFUzUxMiJ9..c2lnbmF0dXJl');

export function tokenRequest({
  clientId = '',
  clientSecret = '',
}: Readonly<Record<string, string>>): CallNeed['request'] {
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    scope: 'payments',
    client_secret: clientSecret,
  };
  return {
    method: 'POST',
    path: '/connect/token',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  };
}

export const tokenCall: CallNeed = {
  description: 'an access token',
  why: 'Every other call carries it; how long it lives tells when the next one is to be fetched.',
  request: tokenRequest(EXAMPLE_CREDENTIALS['open-banking']),
  response: { status: 200, body: { access_token: anyId(EXAMPLE_TOKEN), expires_in: integer(3_600) } },
};

export function get(path: string): CallNeed['request'] {
  return { method: 'GET', path, headers: { Authorization } };
}

export function post(path: string, body: object, key: Text): CallNeed['request'] {
  const signed = { 'Idempotency-Key': key, 'Tl-Signature': signature };
  const headers = { Authorization, 'Content-Type': 'application/json', ...signed };
  return { method: 'POST', path, headers, body };
}

/** The call that makes a payment, which nobody can pay before its flow is started. */
export function createPaymentCall(reference: string): CallNeed['request'] {
  return post(
    '/v3/payments',
    {
      ...bankMoney,
      payment_method: {
        type: 'bank_transfer',
        provider_selection: { type: 'preselected', provider_id: 'mock-payments-gb-redirect' },
        beneficiary: { type: 'merchant_account', merchant_account_id: account },
      },
      user: { id: freshKey('11111111-1111-4111-8111-111111111111'), name: PLAYER_ID },
      metadata: { reference, payment_id: PAYMENT_ID, player_id: PLAYER_ID },
    },
    keyOf(reference),
  );
}

export function created(id: string): CallNeed['response'] {
  return { status: 201, body: { id: anyId(id) } };
}

export function startFlowCall(id: string, key: string): CallNeed['request'] {
  return post(`/v3/payments/${id}/authorization-flow`, { redirect: { return_uri: RETURN_URL } }, freshKey(key));
}

/** The bank's page as the next step. */
export function atBank(href: string): object {
  return { authorization_flow: { actions: { next: { type: 'redirect', uri: url(href) } } } };
}

export function payment(status: string, id: string, reference: string, more: object = {}): object {
  return { id: anyId(id), status, metadata: { reference }, ...more };
}

/** A problem document whose status is that of the answer: so says the provider, and nobody between us. */
export function problem(status: number, title: Text = anyId('Any title')): CallNeed['response'] {
  return { status, contentType: 'application/problem+json', body: { title, status } };
}
