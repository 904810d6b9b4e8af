/** The create-payment request of each subject, as its SDK would send it. `#` becomes a fresh number. */
import type { LoadOrder } from './load.ts';

type Request = LoadOrder['request'];

export function acmeRequest(credentials: Record<string, string>): Request {
  return {
    method: 'POST',
    path: '/payments',
    headers: {
      authorization: `Bearer ${credentials['apiKey'] ?? 'none'}`,
      'content-type': 'application/json',
      accept: 'application/json',
      'idempotency-key': 'bench-key-#',
    },
    body: JSON.stringify({ amount: '50.00', currency: 'EUR', reference: 'order-#', method: 'card', token: 'tok_ok' }),
  };
}

export function stripeRequest(credentials: Record<string, string>): Request {
  return {
    method: 'POST',
    path: '/v1/payment_intents',
    headers: {
      authorization: `Bearer ${credentials['apiKey'] ?? 'none'}`,
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      'stripe-version': '2026-10-28.endive',
      'user-agent': 'Stripe/v1 NodeBindings/23.1.0',
      'idempotency-key': 'stripe-node-retry-bench-#',
    },
    body: 'amount=5000&currency=eur&payment_method_types[0]=card&payment_method=pm_card_visa&confirm=true&metadata[reference]=order-#',
  };
}
