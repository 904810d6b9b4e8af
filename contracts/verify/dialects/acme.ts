/** acme: JSON, decimal amounts, one key in a header. */
import { at, bearer, jsonCall, major, RETURN_URL, textAt, type Dialect } from './dialect.ts';

export const acme: Dialect = {
  name: 'acme',
  title: 'acme (the neutral protocol of openapi/psp-acme.yaml)',
  needs: ['apiKey', 'webhookSecret'],
  authorize: bearer('apiKey'),
  pay: ({ reference, amountMinor, currency }) =>
    jsonCall('POST', '/payments', {
      amount: major(amountMinor),
      currency,
      reference,
      method: 'card',
      token: 'tok_ok',
      capture: true,
      return_url: RETURN_URL,
    }),
  keyHeader: 'Idempotency-Key',
  read: (id) => jsonCall('GET', `/payments/${id}`),
  idOf: (json) => textAt(json, 'payment_id'),
  money: { amount: 'captured_amount', currency: 'currency', expected: ['50.00', 'EUR'] },
  unknownId: {
    call: () => jsonCall('GET', '/payments/apay_neverGivenOut'),
    statuses: [404],
    code: ['code', 'not_found'],
  },
  noCredentials: { statuses: [401], code: ['code', 'unauthorized'] },
  unknownCurrency: { statuses: [422], code: ['code', 'validation_failed'] },
  otherBody: { statuses: [422], code: ['code', 'idempotency_mismatch'] },
  replay: 'first-answer',
  eventName: (json) => `${String(at(json, 'type'))}.${String(at(json, 'status'))}`,
  eventId: (json) => textAt(json, 'event_id') ?? '',
};
