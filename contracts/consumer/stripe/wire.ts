/** Stripe's conventions in a pact: key, version, form bodies, and the parts of its objects that the service reads. */
import { Matchers } from '@pact-foundation/pact';
import type { CallNeed } from '../pact-book.ts';
import { EXAMPLE_CREDENTIALS, keyOf, MONEY, PAYMENT_ID, PLAYER_ID, RETURN_URL } from '../examples.ts';
import { anyId } from '../matchers.ts';

/** The version that the SDK asks for. Answers of another version may have other fields. */
const API_VERSION = '2026-10-28.endive';
const FORM = 'application/x-www-form-urlencoded';

export const headers = {
  Authorization: `Bearer ${EXAMPLE_CREDENTIALS.stripe['apiKey']}`,
  'Stripe-Version': API_VERSION,
};

export function get(path: string, query: Record<string, string> = {}): CallNeed['request'] {
  return { method: 'GET', path, headers, query };
}

export function post(
  path: string,
  form: Record<string, string>,
  key: string | ReturnType<typeof anyId>,
): CallNeed['request'] {
  const body = new URLSearchParams(form).toString();
  return {
    method: 'POST',
    path,
    headers: { ...headers, 'Idempotency-Key': key, ...(body === '' ? {} : { 'Content-Type': FORM }) },
    ...(body === '' ? {} : { body, contentType: FORM }),
  };
}

export const stripeMoney = { amount: MONEY.amountMinor, currency: MONEY.currency.toLowerCase() };

/** The call that charges a card. */
export function paymentForm(reference: string, paymentMethod = 'pm_card_visa'): Record<string, string> {
  return {
    amount: String(stripeMoney.amount),
    currency: stripeMoney.currency,
    'allowed_payment_method_types[0]': 'card',
    payment_method: paymentMethod,
    confirm: 'true',
    capture_method: 'automatic',
    return_url: RETURN_URL,
    'metadata[reference]': reference,
    'metadata[payment_id]': PAYMENT_ID,
    'metadata[player_id]': PLAYER_ID,
    'expand[0]': 'latest_charge',
  };
}

export function createPaymentCall(reference: string, paymentMethod?: string): CallNeed['request'] {
  return post('/v1/payment_intents', paymentForm(reference, paymentMethod), keyOf(reference));
}

export function intent(id: string, reference: string, more: object): CallNeed['response'] {
  return { status: 200, body: { id: anyId(id), metadata: { reference }, ...more } };
}

export const taken = { status: 'succeeded', amount_received: stripeMoney.amount, currency: stripeMoney.currency };

/** An answer with Stripe's envelope; without it the SDK would take an error for a success. */
export function error(status: number, fields: object): CallNeed['response'] {
  return { status, body: { error: { message: Matchers.like('Any text for people.'), ...fields } } };
}
