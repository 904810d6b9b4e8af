/** What provider states do at Adyen: JSON, and test cards whose holder's name decides. */
import { RETURN_URL } from '../../verify/dialects/dialect.ts';
import type { Fate, Hands, Wire } from './hands.ts';

/** A card of the simulator's own, as Adyen has none. */
const REFUND_FAILS = '4000000000770133';

export function adyenHands({ post, credentials: { merchantAccount } }: Wire): Hands {
  const names: Record<Fate, string> = {
    captured: 'APPROVED',
    authorized: 'APPROVED',
    'refund-fails': 'APPROVED',
    challenged: 'APPROVED',
    declined: 'DECLINED',
    'challenged-declined': 'DECLINED',
  };
  const amount = { value: 5_000, currency: 'EUR' };
  return {
    pay: (reference, fate) => {
      const challenged = fate.startsWith('challenged');
      return post('/v72/payments', {
        amount,
        merchantAccount,
        reference,
        returnUrl: RETURN_URL,
        paymentMethod: {
          type: 'scheme',
          number: challenged ? '5454545454545454' : fate === 'refund-fails' ? REFUND_FAILS : '4111111145551142',
          expiryMonth: '03',
          expiryYear: '2030',
          cvc: '737',
          holderName: names[fate],
        },
        ...(challenged ? { authenticationData: { attemptAuthentication: 'always' } } : {}),
        ...(fate === 'authorized' ? { additionalData: { manualCapture: 'true' } } : {}),
      });
    },
    capture: async (id, reference) =>
      void (await post(`/v72/payments/${id}/captures`, { merchantAccount, amount, reference })),
    cancel: async (id, reference) => void (await post(`/v72/payments/${id}/cancels`, { merchantAccount, reference })),
    refund: async (id, reference) =>
      void (await post(`/v72/payments/${id}/refunds`, { merchantAccount, amount, reference })),
    payout: async (reference) =>
      void (await post('/pal/servlet/Payout/v68/payout', {
        amount,
        merchantAccount,
        reference,
        card: { number: '4111111145551142', expiryMonth: '03', expiryYear: '2030', holderName: 'APPROVED' },
      })),
  };
}
