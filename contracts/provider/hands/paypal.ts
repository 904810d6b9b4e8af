/** What provider states do at PayPal: orders, whose captures and authorizations have ids of their own. */
import { RETURN_URL, textAt } from '../../verify/dialects/dialect.ts';
import type { Fate, Hands, Wire } from './hands.ts';

const PLAIN = '4012888888881881';
const CHALLENGED = '4868719166101368';
const PARTS = ['captures', 'authorizations'].map((kind) => `purchase_units.0.payments.${kind}.0.id`);

export function paypalHands({ post, get }: Wire): Hands {
  const names: Record<Fate, string> = {
    captured: 'Ada Example',
    authorized: 'Ada Example',
    challenged: 'Ada Example',
    declined: 'CCREJECT-REFUSED',
    'refund-fails': 'ASSAY-REFUND-FAILS',
    'challenged-declined': 'CCREJECT-REFUSED',
  };
  const amount = { currency_code: 'EUR', value: '50.00' };
  const partOf = async (id: string): Promise<string> => {
    const order: unknown = JSON.parse(await get(`/v2/checkout/orders/${id}`));
    const found = PARTS.map((path) => textAt(order, path)).find((part) => part !== undefined);
    if (found === undefined) throw new Error(`nothing of the order ${id} was captured or authorized`);
    return found;
  };
  return {
    partOf,
    pay: (reference, fate) =>
      post('/v2/checkout/orders', {
        intent: fate === 'authorized' ? 'AUTHORIZE' : 'CAPTURE',
        purchase_units: [{ custom_id: reference, invoice_id: reference, amount }],
        payment_source: {
          card: {
            name: names[fate],
            number: fate.startsWith('challenged') ? CHALLENGED : PLAIN,
            expiry: '2035-12',
            security_code: '123',
            attributes: { verification: { method: 'SCA_WHEN_REQUIRED' } },
            experience_context: { return_url: RETURN_URL, cancel_url: RETURN_URL },
          },
        },
      }),
    capture: async (id) => void (await post(`/v2/payments/authorizations/${await partOf(id)}/capture`, {})),
    cancel: async (id) => void (await post(`/v2/payments/authorizations/${await partOf(id)}/void`)),
    refund: async (id, reference) =>
      void (await post(`/v2/payments/captures/${await partOf(id)}/refund`, { amount, custom_id: reference })),
    payout: async (reference) => {
      const item = { recipient_type: 'EMAIL', sender_item_id: reference, receiver: 'payee@example.com' };
      const batch = await post('/v1/payments/payouts', {
        sender_batch_header: { sender_batch_id: reference },
        items: [{ ...item, amount: { currency: 'EUR', value: '50.00' } }],
      });
      return textAt(JSON.parse(batch), 'batch_header.payout_batch_id');
    },
  };
}
