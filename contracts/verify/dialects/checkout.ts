/** Checkout.com: JSON, amounts in minor units, no time in the signature, errors with `error_codes`. */
import { bearer, jsonCall, RETURN_URL, textAt, type Dialect } from './dialect.ts';

export const checkout: Dialect = {
  name: 'checkout',
  title: 'Checkout.com',
  needs: ['secretKey', 'webhookKey'],
  reads: ['processingChannelId'],
  authorize: bearer('secretKey'),
  pay: ({ reference, amountMinor, currency, credentials }) =>
    jsonCall('POST', '/payments', {
      source: {
        type: 'card',
        number: '4242424242424242',
        expiry_month: 12,
        expiry_year: 2098,
        cvv: '100',
        name: 'Ada Example',
      },
      amount: amountMinor,
      currency,
      capture: true,
      reference,
      processing_channel_id: credentials['processingChannelId'] ?? 'pc_assayassayassayassayassay2',
      success_url: RETURN_URL,
      failure_url: RETURN_URL,
    }),
  keyHeader: 'Cko-Idempotency-Key',
  read: (id) => jsonCall('GET', `/payments/${id}`),
  idOf: (json) => textAt(json, 'id'),
  money: { amount: 'amount', currency: 'currency', expected: [5_000, 'EUR'] },
  unknownId: { call: () => jsonCall('GET', '/payments/pay_nevergivenoutnevergivenou'), statuses: [404] },
  noCredentials: { statuses: [401] },
  unknownCurrency: { statuses: [422], code: ['error_codes.0', 'currency_invalid'] },
  otherBody: 'first-payment',
  replay: 'first-answer',
  eventName: (json) => textAt(json, 'type') ?? '',
  eventId: (json) => textAt(json, 'id') ?? '',
};
