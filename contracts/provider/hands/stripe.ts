/** What provider states do at Stripe: forms, and test values of Stripe's own. */
import { RETURN_URL } from '../../verify/dialects/dialect.ts';
import type { Fate, Hands, Wire } from './hands.ts';

export function stripeHands({ post }: Wire): Hands {
  const methods: Record<Fate, string> = {
    captured: 'pm_card_visa',
    authorized: 'pm_card_visa',
    'refund-fails': 'pm_card_refundFail',
    declined: 'pm_card_visa_chargeDeclined',
    challenged: 'pm_card_threeDSecure2Required',
    'challenged-declined': 'pm_card_threeDSecureRequiredChargeDeclined',
  };
  const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
  const money = { amount: '5000', currency: 'eur' };
  return {
    pay: (reference, fate) =>
      post(
        '/v1/payment_intents',
        form({
          ...money,
          'metadata[reference]': reference,
          'payment_method_types[0]': 'card',
          payment_method: methods[fate],
          confirm: 'true',
          capture_method: fate === 'authorized' ? 'manual' : 'automatic',
          return_url: RETURN_URL,
        }),
      ),
    capture: async (id) => void (await post(`/v1/payment_intents/${id}/capture`, '')),
    cancel: async (id) => void (await post(`/v1/payment_intents/${id}/cancel`, '')),
    refund: async (id, reference) =>
      void (await post('/v1/refunds', form({ payment_intent: id, 'metadata[reference]': reference }))),
    payout: async (reference) => {
      await post('/v1/payouts', form({ ...money, 'metadata[reference]': reference }));
      return undefined;
    },
  };
}
