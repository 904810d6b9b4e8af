/** Mollie v2: HAL JSON, amounts as texts. Classic webhooks are an id and no proof; signed events are JSON. */
import { bearer, jsonCall, major, RETURN_URL, textAt, type Dialect } from './dialect.ts';

export const mollie: Dialect = {
  name: 'mollie',
  title: 'Mollie v2',
  needs: ['apiKey', 'webhookSecret'],
  authorize: bearer('apiKey'),
  pay: ({ reference, amountMinor, currency }) =>
    jsonCall('POST', '/v2/payments', {
      amount: { currency, value: major(amountMinor) },
      description: `Order ${reference}`,
      redirectUrl: RETURN_URL,
      method: 'creditcard',
      captureMode: 'automatic',
      metadata: { reference },
      cardToken: 'tkn_assay_approved',
    }),
  keyHeader: 'Idempotency-Key',
  read: (id) => jsonCall('GET', `/v2/payments/${id}`),
  idOf: (json) => textAt(json, 'id'),
  money: { amount: 'amount.value', currency: 'amount.currency', expected: ['50.00', 'EUR'] },
  unknownId: { call: () => jsonCall('GET', '/v2/payments/tr_neverGivenOut'), statuses: [404] },
  noCredentials: { statuses: [401] },
  unknownCurrency: { statuses: [422], code: ['field', 'amount.currency'] },
  otherBody: { statuses: [400] },
  replay: 'first-answer',
  eventName: (json, body) => textAt(json, 'type') ?? (body.startsWith('id=') ? 'classic' : ''),
  eventId: (json, body) => textAt(json, 'id') ?? body,
};
