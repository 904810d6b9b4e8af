/** What provider states do at acme. */
import { RETURN_URL } from '../../verify/dialects/dialect.ts';
import type { Fate, Hands, Wire } from './hands.ts';

export function acmeHands({ post }: Wire): Hands {
  const tokens: Record<Fate, string> = {
    captured: 'tok_ok',
    authorized: 'tok_ok',
    'refund-fails': 'tok_refund_fails',
    declined: 'tok_declined',
    challenged: 'tok_3ds',
    'challenged-declined': 'tok_3ds_declined',
  };
  const money = { amount: '50.00', currency: 'EUR' };
  return {
    pay: (reference, fate) =>
      post('/payments', {
        ...money,
        reference,
        method: 'card',
        token: tokens[fate],
        capture: fate !== 'authorized',
        return_url: RETURN_URL,
      }),
    capture: async (id) => void (await post(`/payments/${id}/capture`, {})),
    cancel: async (id) => void (await post(`/payments/${id}/void`, {})),
    refund: async (id, reference) => void (await post(`/payments/${id}/refunds`, { amount: money.amount, reference })),
    payout: async (reference) => {
      await post('/payouts', { ...money, reference });
      return undefined;
    },
  };
}
