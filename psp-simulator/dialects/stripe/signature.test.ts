import assert from 'node:assert/strict';
import Stripe from 'stripe';
import { stripeSignature } from './signature.ts';

const SECRET = 'whsec_signature_test';
const AT = 1_700_000_000_999;
const BODY = '{"id":"evt_1","object":"event","name":"Žižek — €"}';

describe('stripe webhook signature', () => {
  const stripe = new Stripe('sk_test_x');
  const verify = (body: string, header: string, receivedAtMs: number): unknown =>
    stripe.webhooks.constructEvent(body, header, SECRET, 300, undefined, receivedAtMs);

  it('is accepted by the official verification', () => {
    const header = stripeSignature(Buffer.from(BODY), SECRET, AT);
    assert.equal((verify(BODY, header, AT) as { id: string }).id, 'evt_1');
  });

  it('equals what the official generator makes', () => {
    const official = stripe.webhooks.generateTestHeaderString({
      payload: BODY,
      secret: SECRET,
      timestamp: 1_700_000_000,
    });
    assert.equal(stripeSignature(BODY, SECRET, AT), official);
  });

  it('is refused when the body, the key or the time is another', () => {
    const header = stripeSignature(BODY, SECRET, AT);
    assert.throws(() => verify(BODY.replace('evt_1', 'evt_2'), header, AT), /No signatures found matching/);
    assert.throws(() => verify(BODY, stripeSignature(BODY, 'whsec_other', AT), AT), /No signatures found matching/);
    assert.throws(() => verify(BODY, header, AT + 301_000), /tolerance/);
  });
});
