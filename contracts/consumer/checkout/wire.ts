/** Checkout.com's conventions in a pact: key, JSON bodies, and the parts of its answers that the service reads. */
import { Matchers } from '@pact-foundation/pact';
import type { CallNeed } from '../pact-book.ts';
import { EXAMPLE_CREDENTIALS, keyOf, MONEY, PAYMENT_ID, PLAYER_ID, RETURN_URL } from '../examples.ts';
import { anyId } from '../matchers.ts';

type Text = string | ReturnType<typeof anyId>;

const { secretKey = '', processingChannelId = '' } = EXAMPLE_CREDENTIALS.checkout;
export const Authorization = `Bearer ${secretKey}`;
export const checkoutMoney = { amount: MONEY.amountMinor, currency: MONEY.currency };
export const channel = { processing_channel_id: processingChannelId };

export function get(path: string, query: Record<string, string> = {}): CallNeed['request'] {
  return { method: 'GET', path, headers: { Authorization }, query };
}

export function post(path: string, body: object, key: Text): CallNeed['request'] {
  const headers = { Authorization, 'Cko-Idempotency-Key': key, 'Content-Type': 'application/json' };
  return { method: 'POST', path, headers, body };
}

export interface Asked {
  number?: string;
  threeDs?: object;
  capture?: 'automatic' | 'manual';
}

/** The call that charges a card. */
export function createPaymentCall(
  reference: string,
  { number = '4242424242424242', threeDs = { enabled: false }, capture = 'automatic' }: Asked = {},
): CallNeed['request'] {
  const source = { type: 'card', number, expiry_month: 12, expiry_year: 2035, cvv: '100', store_for_future_use: false };
  return post(
    '/payments',
    {
      source,
      '3ds': threeDs,
      ...checkoutMoney,
      capture: capture === 'automatic',
      reference,
      success_url: RETURN_URL,
      failure_url: RETURN_URL,
      metadata: { payment_id: PAYMENT_ID, player_id: PLAYER_ID, capture },
      ...channel,
    },
    keyOf(reference),
  );
}

export function payment(status: number, id: string, reference: string, more: object): CallNeed['response'] {
  return { status, body: { id: anyId(id), reference, ...more } };
}

/** Captured, with the money that was really taken. */
export const taken = {
  status: 'Captured',
  balances: { total_captured: checkoutMoney.amount },
  currency: checkoutMoney.currency,
};

export function error(status: number, type: string): CallNeed['response'] {
  return { status, body: { error_type: type, error_codes: Matchers.eachLike('any_code') } };
}

/** Nothing but a status. Its request id proves that Checkout.com said it, and not somebody between us. */
export function bare(status: number): CallNeed['response'] {
  return { status, headers: { 'Cko-Request-Id': anyId('11111111-1111-4111-8111-111111111111') } };
}
