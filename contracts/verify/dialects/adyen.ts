/** Adyen: JSON, refusals are HTTP 200, nothing can be read back; events have no id but their own fields. */
import { at, jsonCall, RETURN_URL, textAt, withHeaders, type Dialect } from './dialect.ts';

const item = (json: unknown, field: string): string =>
  String(at(json, `notificationItems.0.NotificationRequestItem.${field}`));

export const adyen: Dialect = {
  name: 'adyen',
  title: 'Adyen Checkout API v72 and standard webhooks',
  needs: ['apiKey', 'merchantAccount', 'hmacKey'],
  authorize: (call, { credentials }) =>
    Promise.resolve(withHeaders(call, { 'x-api-key': credentials['apiKey'] ?? '' })),
  pay: ({ reference, amountMinor, currency, credentials }) =>
    jsonCall('POST', '/v72/payments', {
      amount: { currency, value: amountMinor },
      merchantAccount: credentials['merchantAccount'],
      reference,
      returnUrl: RETURN_URL,
      paymentMethod: {
        type: 'scheme',
        holderName: 'APPROVED',
        encryptedCardNumber: 'test_4111111145551142',
        encryptedExpiryMonth: 'test_03',
        encryptedExpiryYear: 'test_2030',
        encryptedSecurityCode: 'test_737',
      },
    }),
  keyHeader: 'Idempotency-Key',
  idOf: (json) => textAt(json, 'pspReference'),
  money: { amount: 'amount.value', currency: 'amount.currency', expected: [5_000, 'EUR'] },
  unknownId: {
    call: ({ merchantAccount }) =>
      jsonCall('POST', '/v72/payments/NEVERGIVENOUT000/captures', {
        merchantAccount,
        amount: { currency: 'EUR', value: 5_000 },
        reference: 'never',
      }),
    statuses: [404, 422],
  },
  noCredentials: { statuses: [401] },
  unknownCurrency: { statuses: [422], code: ['errorCode', '138'] },
  otherBody: 'first-payment',
  replay: 'first-answer',
  eventName: (json) => `${item(json, 'eventCode')} success=${item(json, 'success')}`,
  eventId: (json) => ['eventCode', 'pspReference', 'success'].map((field) => item(json, field)).join(':'),
};
