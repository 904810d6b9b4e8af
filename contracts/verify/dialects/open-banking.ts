/** Open banking as TrueLayer v3 speaks it: a token, a signed request (detached JWS), amounts in minor units. */
import { createPrivateKey, sign } from 'node:crypto';
import { send, type Call } from '../exchange.ts';
import { jsonCall, textAt, withHeaders, type Dialect, type Session } from './dialect.ts';

async function accessToken({ network, baseUrl, credentials }: Session): Promise<string> {
  const { json } = await send(network, baseUrl, {
    method: 'POST',
    path: '/connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: credentials['clientId'] ?? '',
      client_secret: credentials['clientSecret'] ?? '',
      scope: 'payments',
    }).toString(),
  });
  return textAt(json, 'access_token') ?? '';
}

/** ES512 over method, path, key and body. */
function signature({ method, path, headers, body = '' }: Call, credentials: Session['credentials']): string {
  const encode = (text: string): string => Buffer.from(text).toString('base64url');
  const jose = { alg: 'ES512', kid: credentials['signingKeyId'], tl_version: '2', tl_headers: 'Idempotency-Key' };
  const content = `${method} ${path}\nIdempotency-Key: ${headers['Idempotency-Key'] ?? ''}\n${body}`;
  const input = Buffer.from(`${encode(JSON.stringify(jose))}.${encode(content)}`);
  const key = createPrivateKey(credentials['signingPrivateKey'] ?? '');
  return `${encode(JSON.stringify(jose))}..${sign('sha512', input, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}

export const openBanking: Dialect = {
  name: 'open-banking',
  title: 'Open banking payments (TrueLayer v3)',
  needs: ['clientId', 'clientSecret', 'signingKeyId', 'signingPrivateKey', 'merchantAccountEur'],
  reads: ['webhookJwks', 'webhookPath'],
  authorize: async (call, session) => {
    const signed = call.method === 'POST' ? { 'tl-signature': signature(call, session.credentials) } : {};
    return withHeaders(call, { authorization: `Bearer ${await accessToken(session)}`, ...signed });
  },
  pay: ({ reference, amountMinor, currency, credentials }) =>
    jsonCall('POST', '/v3/payments', {
      amount_in_minor: amountMinor,
      currency,
      payment_method: {
        type: 'bank_transfer',
        provider_selection: { type: 'preselected', provider_id: 'mock-payments-gb-redirect' },
        beneficiary: {
          type: 'merchant_account',
          merchant_account_id: credentials['merchantAccountEur'],
          reference: 'SHOP',
        },
      },
      user: { name: 'Jane Doe', email: 'jane@example.com' },
      metadata: { reference },
    }),
  keyHeader: 'Idempotency-Key',
  read: (id) => jsonCall('GET', `/v3/payments/${id}`),
  idOf: (json) => textAt(json, 'id'),
  money: { amount: 'amount_in_minor', currency: 'currency', expected: [5_000, 'EUR'] },
  unknownId: { call: () => jsonCall('GET', '/v3/payments/00000000-0000-4000-8000-000000000000'), statuses: [404] },
  noCredentials: { statuses: [401] },
  unknownCurrency: { statuses: [400], code: ['title', 'Invalid Parameters'] },
  otherBody: { statuses: [422] },
  replay: 'first-answer',
  eventName: (json) => textAt(json, 'type') ?? '',
  eventId: (json) => textAt(json, 'event_id') ?? '',
};
