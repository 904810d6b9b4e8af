/** What provider states do at Checkout.com: published test cards, and actions on a payment. */
import { RETURN_URL } from '../../verify/dialects/dialect.ts';
import type { Fate, Hands, Wire } from './hands.ts';

const CARD = { type: 'card', expiry_month: 12, expiry_year: 2035, cvv: '100' };
const CHALLENGE = { enabled: true, challenge_indicator: 'challenge_requested' };

export function checkoutHands({ post, credentials: { processingChannelId } }: Wire): Hands {
  const numbers: Record<Fate, string> = {
    captured: '4242424242424242',
    authorized: '4242424242424242',
    challenged: '4242424242424242',
    'refund-fails': '4000000000770133',
    declined: '4818924250131070',
    'challenged-declined': '4544249167673670',
  };
  const money = { amount: 5_000, currency: 'EUR', processing_channel_id: processingChannelId };
  return {
    pay: (reference, fate) =>
      post('/payments', {
        ...money,
        source: { ...CARD, number: numbers[fate] },
        '3ds': fate.startsWith('challenged') ? CHALLENGE : { enabled: false },
        capture: fate !== 'authorized',
        reference,
        success_url: RETURN_URL,
        failure_url: RETURN_URL,
      }),
    capture: async (id, reference) => void (await post(`/payments/${id}/captures`, { reference })),
    cancel: async (id, reference) => void (await post(`/payments/${id}/voids`, { reference })),
    refund: async (id, reference) => void (await post(`/payments/${id}/refunds`, { reference })),
    payout: async (reference) => {
      const destination = { type: 'card', number: '4242424242424242', expiry_month: 12, expiry_year: 2035 };
      await post('/payments', { ...money, source: { type: 'currency_account' }, destination, reference });
      return undefined;
    },
  };
}
