/** PayPal Orders v2: a token first, amounts as texts, a repeated call shows the latest state. */
import { send } from '../exchange.ts';
import { jsonCall, major, RETURN_URL, textAt, withHeaders, type Dialect, type Session } from './dialect.ts';

async function accessToken({ network, baseUrl, credentials }: Session): Promise<string> {
  const basic = Buffer.from(`${credentials['clientId'] ?? ''}:${credentials['clientSecret'] ?? ''}`).toString('base64');
  const { json } = await send(network, baseUrl, {
    method: 'POST',
    path: '/v1/oauth2/token',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'grant_type=client_credentials',
  });
  return textAt(json, 'access_token') ?? '';
}

const CAPTURE = 'purchase_units.0.payments.captures.0.amount';

export const paypal: Dialect = {
  name: 'paypal',
  title: 'PayPal Orders v2',
  needs: ['clientId', 'clientSecret', 'webhookId'],
  reads: ['webhookCertificate'],
  authorize: async (call, session) => withHeaders(call, { authorization: `Bearer ${await accessToken(session)}` }),
  pay: ({ reference, amountMinor, currency }) =>
    jsonCall(
      'POST',
      '/v2/checkout/orders',
      {
        intent: 'CAPTURE',
        purchase_units: [{ custom_id: reference, amount: { currency_code: currency, value: major(amountMinor) } }],
        payment_source: {
          card: {
            number: '4012888888881881',
            expiry: '2030-01',
            security_code: '123',
            name: 'Ada Example',
            experience_context: { return_url: RETURN_URL, cancel_url: RETURN_URL },
          },
        },
      },
      { prefer: 'return=representation' },
    ),
  keyHeader: 'PayPal-Request-Id',
  read: (id) => jsonCall('GET', `/v2/checkout/orders/${id}`),
  idOf: (json) => textAt(json, 'id'),
  money: { amount: `${CAPTURE}.value`, currency: `${CAPTURE}.currency_code`, expected: ['50.00', 'EUR'] },
  unknownId: {
    call: () => jsonCall('GET', '/v2/checkout/orders/0NEVERGIVENOUT000'),
    statuses: [404],
    code: ['name', 'RESOURCE_NOT_FOUND'],
  },
  noCredentials: { statuses: [401] },
  unknownCurrency: { statuses: [422], code: ['details.0.issue', 'CURRENCY_NOT_SUPPORTED'] },
  otherBody: 'first-payment',
  replay: 'latest-state',
  eventName: (json) => textAt(json, 'event_type') ?? '',
  eventId: (json) => textAt(json, 'id') ?? '',
};
