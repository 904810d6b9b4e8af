/** What provider states do at Mollie: card tokens of simulators, refunds and captures as objects of their own. */
import { RETURN_URL } from '../../verify/dialects/dialect.ts';
import type { Fate, Hands, Wire } from './hands.ts';

export function mollieHands({ post }: Wire): Hands {
  const tokens: Record<Fate, string> = {
    captured: 'tkn_assay_approved',
    authorized: 'tkn_assay_approved',
    'refund-fails': 'tkn_assay_refund_fails',
    declined: 'tkn_assay_declined',
    challenged: 'tkn_assay_challenge',
    'challenged-declined': 'tkn_assay_challenge_declined',
  };
  const amount = { currency: 'EUR', value: '50.00' };
  return {
    pay: (reference, fate) =>
      post('/v2/payments', {
        amount,
        description: reference,
        redirectUrl: RETURN_URL,
        method: 'creditcard',
        cardToken: tokens[fate],
        captureMode: fate === 'authorized' ? 'manual' : 'automatic',
        metadata: { reference },
      }),
    capture: async (id) => void (await post(`/v2/payments/${id}/captures`, {})),
    cancel: async (id) => void (await post(`/v2/payments/${id}/release-authorization`)),
    refund: async (id, reference) =>
      void (await post(`/v2/payments/${id}/refunds`, { amount, description: reference, metadata: { reference } })),
    payout: () => Promise.reject(new Error('Mollie pays out to its merchants only')),
  };
}
