/** The official Stripe SDK as the conformance tests use it: pointed at a stage, and a payment to vary. */
import Stripe from 'stripe';
import type { SdkStage } from './sdk-support.ts';

type Pay = (
  more: Partial<Stripe.PaymentIntentCreateParams>,
  options?: Stripe.RequestOptions,
) => ReturnType<Stripe['paymentIntents']['create']>;

/** The SDK as a merchant would set it up; its own retries are off because tests count requests. */
export function stripeClient(stage: SdkStage, apiKey = stage.psp.credentials['apiKey'] ?? ''): Stripe {
  const { hostname, port } = new URL(stage.psp.url);
  return new Stripe(apiKey, { host: hostname, port, protocol: 'http', maxNetworkRetries: 0 });
}

/** Pays ten euros with a card that is approved, unless told otherwise. */
export function payWith(stripe: Stripe): Pay {
  return (more, options) =>
    stripe.paymentIntents.create(
      {
        amount: 1_000,
        currency: 'eur',
        allowed_payment_method_types: ['card'],
        payment_method: 'pm_card_visa',
        confirm: true,
        ...(more.confirm === false ? {} : { return_url: 'https://shop.example/return?order=7' }),
        ...more,
      },
      options,
    );
}
