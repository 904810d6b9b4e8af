/** Stripe: forms in, JSON out, a version in a header. */
import { bearer, RETURN_URL, textAt, withHeaders, type Dialect } from './dialect.ts';
import type { Call } from '../exchange.ts';

const VERSION = '2026-10-28.endive';

const get = (path: string): Call => ({ method: 'GET', path, headers: {} });

export const stripe: Dialect = {
  name: 'stripe',
  title: `Stripe API ${VERSION}`,
  needs: ['apiKey', 'webhookSecret'],
  authorize: async (call, session) => withHeaders(await bearer('apiKey')(call, session), { 'stripe-version': VERSION }),
  pay: ({ reference, amountMinor, currency }) => ({
    method: 'POST',
    path: '/v1/payment_intents',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      amount: String(amountMinor),
      currency: currency.toLowerCase(),
      'payment_method_types[0]': 'card',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      capture_method: 'automatic',
      return_url: RETURN_URL,
      'metadata[reference]': reference,
    }).toString(),
  }),
  keyHeader: 'Idempotency-Key',
  read: (id) => get(`/v1/payment_intents/${id}`),
  idOf: (json) => textAt(json, 'id'),
  money: { amount: 'amount_received', currency: 'currency', expected: [5_000, 'eur'] },
  unknownId: {
    call: () => get('/v1/payment_intents/pi_neverGivenOut'),
    statuses: [404],
    code: ['error.code', 'resource_missing'],
  },
  noCredentials: { statuses: [401], code: ['error.type', 'invalid_request_error'] },
  unknownCurrency: { statuses: [400], code: ['error.param', 'currency'] },
  otherBody: { statuses: [400], code: ['error.type', 'idempotency_error'] },
  replay: 'first-answer',
  eventName: (json) => textAt(json, 'type') ?? '',
  eventId: (json) => textAt(json, 'id') ?? '',
};
