/** Idempotency as the unmodified official Stripe SDK meets it, over TCP. */
import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { createManualClock } from '../../kernel/index.ts';
import { openStage, type SdkStage } from './sdk-support.ts';
import { payWith, stripeClient } from './stripe-client.ts';

describe('the stripe SDK and its idempotency keys', () => {
  let stage: SdkStage;

  before(async () => {
    stage = await openStage({ dialect: 'stripe' });
  });
  after(() => stage.close());

  const pay: ReturnType<typeof payWith> = (more, options) => payWith(stripeClient(stage))(more, options);

  it('gets the same answer again under the same key, a decline too', async () => {
    const first = await pay({ metadata: { reference: 'again' } }, { idempotencyKey: 'key-1' });
    const second = await pay({ metadata: { reference: 'again' } }, { idempotencyKey: 'key-1' });
    assert.equal(second.id, first.id);
    assert.equal(first.lastResponse.headers['idempotent-replayed'], undefined);
    assert.equal(second.lastResponse.headers['idempotent-replayed'], 'true');
    assert.equal(second.lastResponse.idempotencyKey, 'key-1');

    const decline = async (): Promise<string | undefined> => {
      const refused = await pay({ payment_method: 'pm_card_visa_chargeDeclined' }, { idempotencyKey: 'key-2' }).catch(
        (error: unknown) => error,
      );
      assert.ok(refused instanceof Stripe.errors.StripeCardError);
      return refused.payment_intent?.id;
    };
    const firstIntent = await decline();
    assert.ok(firstIntent);
    assert.equal(await decline(), firstIntent);
  });

  it('is refused with another body under the same key', async () => {
    await pay({}, { idempotencyKey: 'key-3' });
    await assert.rejects(pay({ amount: 1_001 }, { idempotencyKey: 'key-3' }), (error) => {
      assert.ok(error instanceof Stripe.errors.StripeIdempotencyError);
      assert.equal(error.statusCode, 400);
      assert.match(error.message, /can only be used with the same parameters.*'key-3'/);
      return true;
    });
  });

  it('may use a key again whose request was refused before it was executed, or whose life is over', async () => {
    await assert.rejects(
      pay({ payment_method: 'pm_card_nonsense' }, { idempotencyKey: 'key-4' }),
      /No such PaymentMethod/,
    );
    const first = await pay({}, { idempotencyKey: 'key-4' });
    await stage.clock.advance(24 * 3_600_000);
    const second = await pay({}, { idempotencyKey: 'key-4' });
    assert.notEqual(second.id, first.id);
  });

  it('conflicts with itself while a request is in flight', async () => {
    const wireClock = createManualClock({ startMs: 1_700_000_000_000 });
    const slow = await openStage({ dialect: 'stripe', wireClock, profile: { latency: { kind: 'fixed', ms: 1_000 } } });
    try {
      const client = stripeClient(slow);
      const calls = [1, 2].map(() =>
        client.paymentIntents
          .create(
            {
              amount: 5,
              currency: 'eur',
              allowed_payment_method_types: ['card'],
              payment_method: 'pm_card_visa',
              confirm: true,
            },
            { idempotencyKey: 'same' },
          )
          .catch((error: unknown) => error),
      );
      // Both wait behind one second of latency; only the loser of the race is answered before it is over.
      const loser = await Promise.race(calls);
      assert.ok(loser instanceof Stripe.errors.StripeAPIError);
      assert.equal(loser.statusCode, 409);
      assert.equal(loser.code, 'idempotency_key_in_use');
      await wireClock.advance(1_000);
      const results = await Promise.all(calls);
      const winner = results.find((result) => result !== loser) as Stripe.PaymentIntent;
      assert.equal(winner.status, 'succeeded');
    } finally {
      await slow.close();
    }
  });
});
