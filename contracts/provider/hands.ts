/**
 * How the provider states act on a PSP: by its own wire, written down once more and without
 * the service's adapters, so that an adapter cannot prepare the very world that it is tested in.
 * Every call must be taken; what came of it is read from the books.
 */
import type { Network } from '../../kernel/index.ts';
import type { ContractedDialect } from '../consumer/example-credentials.ts';
import { send, type Sent } from './http.ts';
import type { SimulatedPsp } from './simulator-process.ts';

/** What shall become of a payment. */
export type Fate = 'captured' | 'declined' | 'challenged' | 'challenged-declined' | 'authorized';

export interface Hands {
  /** Answers with the text of the answer, which names what was made. */
  pay(reference: string, fate: Fate): Promise<string>;
  capture(pspReference: string, reference: string): Promise<void>;
  cancel(pspReference: string, reference: string): Promise<void>;
  refund(pspReference: string, refundReference: string): Promise<void>;
  payout(reference: string): Promise<void>;
}

const RETURN_URL = 'http://127.0.0.1/back';

/** @param session keeps the keys of one run apart from those of another at the same PSP */
export function createHands(
  network: Network,
  psp: Pick<SimulatedPsp, 'dialect' | 'url' | 'credentials'>,
  session = '',
): Hands {
  let calls = 0;
  const auth = AUTH[psp.dialect](psp.credentials);
  const post = async (path: string, body: object | string): Promise<string> => {
    calls += 1;
    const form = typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const sent: Sent = {
      method: 'POST',
      url: `${psp.url}${path}`,
      headers: { ...auth, ...form, 'idempotency-key': `state-${session}${calls}` },
      body,
    };
    // A declined card is an error to Stripe and an ordinary answer to the others.
    return send(network, sent).catch((error: Error) =>
      error.message.includes('card_error') ? error.message.replace(/^[^{]*/, '') : Promise.reject(error),
    );
  };
  return MAKE[psp.dialect](post, psp.credentials);
}

type Post = (path: string, body: object | string) => Promise<string>;

const AUTH: Readonly<Record<ContractedDialect, (credentials: Record<string, string>) => Record<string, string>>> = {
  acme: ({ apiKey }) => ({ authorization: `Bearer ${apiKey}` }),
  stripe: ({ apiKey }) => ({ authorization: `Bearer ${apiKey}` }),
  adyen: ({ apiKey = '' }) => ({ 'x-api-key': apiKey }),
};

const MAKE: Readonly<Record<ContractedDialect, (post: Post, credentials: Record<string, string>) => Hands>> = {
  acme: acmeHands,
  stripe: stripeHands,
  adyen: adyenHands,
};

function acmeHands(post: Post): Hands {
  const tokens: Record<Fate, string> = {
    captured: 'tok_ok',
    authorized: 'tok_ok',
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
    payout: async (reference) => void (await post('/payouts', { ...money, reference })),
  };
}

function stripeHands(post: Post): Hands {
  const methods: Record<Fate, string> = {
    captured: 'pm_card_visa',
    authorized: 'pm_card_visa',
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
    payout: async (reference) => void (await post('/v1/payouts', form({ ...money, 'metadata[reference]': reference }))),
  };
}

function adyenHands(post: Post, { merchantAccount }: Record<string, string>): Hands {
  const names: Record<Fate, string> = {
    captured: 'APPROVED',
    authorized: 'APPROVED',
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
          number: challenged ? '5454545454545454' : '4111111145551142',
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
