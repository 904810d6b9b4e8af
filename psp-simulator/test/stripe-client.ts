/** The official Stripe SDK as the conformance tests use it: pointed at a stage, and a payment to vary. */
import assert from 'node:assert/strict';
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

/** The next event of that type about that id, after its signature was verified by the SDK's own function. */
export async function nextEvent(
  stage: SdkStage,
  { type, id, advanceMs = 0 }: { type: string; id: string; advanceMs?: number },
): Promise<Stripe.Event> {
  const webhook = await stage.nextWebhook((body) => body.includes(`"type": "${type}"`) && body.includes(id), advanceMs);
  const signature = webhook.headers['stripe-signature'];
  assert.equal(typeof signature, 'string');
  const secret = stage.psp.credentials['webhookSecret'] ?? '';
  return stripeClient(stage).webhooks.constructEvent(webhook.body, String(signature), secret);
}
