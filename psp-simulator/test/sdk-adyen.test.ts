/**
 * The unmodified official Adyen SDK against the simulator. It speaks only https to hard-coded
 * hosts, so it is tested the two ways in which a merchant can lead it here: by configuration
 * alone, through a TLS front (live prefix `localhost:<port>/adyen`), and with a transport of
 * the merchant's own over plain http.
 */
import assert from 'node:assert/strict';
import type https from 'node:https';
import { createManualClock } from '../../kernel/index.ts';
import {
  card,
  CheckoutAPI,
  type Checkout,
  type Client,
  HmacValidator,
  HttpClientException,
  itemIn,
  type Item,
  liveClient,
  PayoutAPI,
  type PaymentRequest,
  plainClient,
  redirectUrl,
  tlsFront,
} from './adyen-client.ts';
import { openStage, type SdkStage } from './sdk-support.ts';

const AMOUNT = { currency: 'EUR', value: 1_000 };
const PLAIN_CARD = card('test_4111111145551142');
const CHALLENGED = {
  paymentMethod: card('test_5454545454545454'),
  authenticationData: { attemptAuthentication: 'always' },
} as unknown as Partial<PaymentRequest>;

describe('the adyen SDK', () => {
  const validator = new HmacValidator();
  let stage: SdkStage;
  let front: https.Server;
  let client: InstanceType<typeof Client>;
  let merchantAccount = '';
  let references = 0;

  before(async () => {
    stage = await openStage({ dialect: 'adyen' });
    front = await tlsFront(stage.psp.url);
    client = liveClient(stage, front);
    merchantAccount = stage.psp.credentials['merchantAccount'] ?? '';
  });
  after(async () => {
    front.close();
    await stage.close();
  });

  const checkout = (): Checkout => new CheckoutAPI(client);
  const request = (more: Partial<PaymentRequest> = {}): PaymentRequest => {
    references += 1;
    return {
      amount: AMOUNT,
      merchantAccount,
      reference: `order-${references}`,
      returnUrl: 'https://shop.example/return?order=7',
      paymentMethod: PLAIN_CARD,
      ...more,
    } as PaymentRequest;
  };
  const pay = (more: Partial<PaymentRequest> = {}) => checkout().PaymentsApi.payments(request(more));
  const details = (redirectResult: string) => checkout().PaymentsApi.paymentsDetails({ details: { redirectResult } });
  const modification = (): { merchantAccount: string } => ({ merchantAccount });

  /** The verified item of the next webhook with this event code that mentions `text`. */
  const itemOf = async (eventCode: string, text: string, advanceMs = 0): Promise<Item> => {
    const webhook = await stage.nextWebhook(
      (body) => body.includes(`"eventCode":"${eventCode}"`) && body.includes(text),
      advanceMs,
    );
    const item = itemIn(webhook);
    assert.equal(validator.validateHMAC(item, stage.psp.credentials['hmacKey'] ?? ''), true);
    return item;
  };

  it('has a validator that agrees with the published vector', () => {
    const key = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
    const item = {
      pspReference: '7914073381342284',
      originalReference: '',
      merchantAccountCode: 'TestMerchant',
      merchantReference: 'TestPayment-1407325143704',
      amount: { value: 1130, currency: 'EUR' },
      eventCode: 'AUTHORISATION',
      success: 'true',
    };
    assert.equal(validator.calculateHmac(item as unknown as Item, key), 'coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=');
  });

  it('pays, and verifies the notification with its own function', async () => {
    const answer = await pay({ reference: 'paid-1' });
    assert.equal(answer.resultCode, 'Authorised');
    assert.match(answer.pspReference ?? '', /^[A-Z0-9]{16}$/);
    assert.equal(answer.merchantReference, 'paid-1');
    assert.deepEqual({ ...answer.amount }, AMOUNT);
    assert.equal(answer.additionalData?.['cardSummary'], '1142');

    const item = await itemOf('AUTHORISATION', 'paid-1');
    assert.equal(item.success, 'true');
    assert.equal(item.pspReference, answer.pspReference);
    assert.deepEqual(item.amount, AMOUNT);
    assert.equal(
      validator.validateHMAC(
        { ...item, amount: { ...AMOUNT, value: 9_000 } } as Item,
        stage.psp.credentials['hmacKey'] ?? '',
      ),
      false,
    );
    assert.equal(validator.validateHMAC(item, '00'.repeat(32)), false);
  });

  it('goes through 3DS: nothing is authorized before the result is handed in', async () => {
    const answer = await pay({ ...CHALLENGED, reference: 'challenged-1' });
    assert.equal(answer.resultCode, 'RedirectShopper');
    assert.equal(answer.pspReference, undefined);
    const back = await stage.cardholder(redirectUrl(answer.action), 'approve');
    assert.equal(back?.searchParams.get('order'), '7');
    await stage.clock.advance(60_000);
    assert.ok(!stage.received().some((webhook) => webhook.body.includes('challenged-1')));

    const result = back?.searchParams.get('redirectResult') ?? '';
    const finished = await details(result);
    assert.equal(finished.resultCode, 'Authorised');
    assert.equal(finished.threeDS2Result?.transStatus, 'Y');
    assert.equal((await details(result)).pspReference, finished.pspReference);
    assert.equal((await itemOf('AUTHORISATION', 'challenged-1')).pspReference, finished.pspReference);
    await assert.rejects(details(`${result}x`), HttpClientException);
  });

  it('goes through 3DS: failed', async () => {
    const answer = await pay({ ...CHALLENGED, reference: 'challenged-2' });
    const back = await stage.cardholder(redirectUrl(answer.action), 'fail');
    const finished = await details(back?.searchParams.get('redirectResult') ?? '');
    assert.equal(finished.resultCode, 'Refused');
    assert.equal(finished.refusalReasonCode, '11');
    const item = await itemOf('AUTHORISATION', 'challenged-2');
    assert.equal(item.success, 'false');
    assert.equal(item.reason, '3D Not Authenticated');
  });

  it('sees an abandoned challenge end when its time is over', async () => {
    const answer = await pay({ ...CHALLENGED, reference: 'challenged-3' });
    assert.equal(await stage.cardholder(redirectUrl(answer.action), 'abandon'), null);
    assert.equal((await itemOf('AUTHORISATION', 'challenged-3', 15 * 60_000)).success, 'false');
  });

  it('learns the issuer’s refusal as an ordinary answer', async () => {
    const answer = await pay({
      reference: 'refused-1',
      paymentMethod: card('test_4111111145551142', 'NOT_ENOUGH_BALANCE'),
    });
    assert.equal(answer.resultCode, 'Refused');
    assert.equal(answer.refusalReason, 'Not enough balance');
    assert.equal(answer.refusalReasonCode, '12');
    assert.equal((await itemOf('AUTHORISATION', 'refused-1')).success, 'false');
    const byCode = await pay({ additionalData: { RequestedTestAcquirerResponseCode: '6' } });
    assert.equal(byCode.refusalReason, 'Expired Card');
  });

  it('captures a part of a manual authorization', async () => {
    const answer = await pay({ reference: 'manual-1', additionalData: { manualCapture: 'true' } });
    const payment = answer.pspReference ?? '';
    await itemOf('AUTHORISATION', payment);
    const capture = await checkout().ModificationsApi.captureAuthorisedPayment(payment, {
      ...modification(),
      amount: { ...AMOUNT, value: 400 },
      reference: 'capture-1',
    });
    assert.equal(capture.status, 'received');
    assert.equal(capture.paymentPspReference, payment);
    assert.notEqual(capture.pspReference, payment);
    const item = await itemOf('CAPTURE', payment);
    assert.equal(item.pspReference, capture.pspReference);
    assert.equal(item.originalReference, payment);
    assert.equal(item.merchantReference, 'capture-1');
    assert.equal(item.amount.value, 400);
  });

  it('cancels by PSP reference, and by its own reference', async () => {
    const first = (await pay({ additionalData: { manualCapture: 'true' } })).pspReference ?? '';
    const canceled = await checkout().ModificationsApi.cancelAuthorisedPaymentByPspReference(first, modification());
    assert.equal((await itemOf('CANCELLATION', first)).pspReference, canceled.pspReference);

    const second =
      (await pay({ reference: 'lost-answer', additionalData: { manualCapture: 'true' } })).pspReference ?? '';
    const technical = await checkout().ModificationsApi.cancelAuthorisedPayment({
      ...modification(),
      paymentReference: 'lost-answer',
    });
    assert.equal(technical.status, 'received');
    const item = await itemOf('TECHNICAL_CANCEL', second);
    assert.equal(item.success, 'true');
    assert.equal(item.originalReference, second);
  });

  it('refunds in parts, and reverses what is left', async () => {
    const payment = (await pay()).pspReference ?? '';
    const first = await checkout().ModificationsApi.refundCapturedPayment(payment, {
      ...modification(),
      amount: { ...AMOUNT, value: 300 },
      reference: 'refund-1',
    });
    const item = await itemOf('REFUND', first.pspReference);
    assert.equal(item.originalReference, payment);
    assert.equal(item.merchantReference, 'refund-1');
    assert.equal(item.amount.value, 300);
    const reversal = await checkout().ModificationsApi.refundOrCancelPayment(payment, modification());
    const reversed = await itemOf('CANCEL_OR_REFUND', reversal.pspReference);
    assert.equal(reversed.amount.value, 700);
    assert.equal(reversed.additionalData?.['modification.action'], 'refund');
  });

  it('is told by webhook that a modification which was received cannot be done', async () => {
    const payment = (await pay({ reference: 'taken-1' })).pspReference ?? '';
    const canceled = await checkout().ModificationsApi.cancelAuthorisedPaymentByPspReference(payment, modification());
    assert.equal(canceled.status, 'received');
    assert.equal((await itemOf('CANCELLATION', canceled.pspReference)).success, 'false');
    const refund = await checkout().ModificationsApi.refundCapturedPayment(payment, {
      ...modification(),
      amount: { ...AMOUNT, value: 1_001 },
    });
    const item = await itemOf('REFUND', refund.pspReference);
    assert.equal(item.success, 'false');
    assert.equal(item.reason, 'Insufficient balance on payment');
    assert.equal(item.originalReference, payment);
    const nothing = await checkout().ModificationsApi.cancelAuthorisedPayment({
      ...modification(),
      paymentReference: 'never-was',
    });
    assert.equal(nothing.status, 'received');
    assert.equal((await itemOf('TECHNICAL_CANCEL', 'never-was')).success, 'false');
  });

  it('pays out, and hears whether the bank took it', async () => {
    const payout = (shopperReference: string, reference: string) =>
      new PayoutAPI(client).InstantPayoutsApi.payout({
        amount: AMOUNT,
        merchantAccount,
        reference,
        shopperReference,
        card: { number: '4111111145551142', expiryMonth: '03', expiryYear: '2030', holderName: 'Player' },
      });
    const good = await payout('player-1', 'payout-1');
    assert.equal(good.resultCode, 'Received');
    assert.equal((await itemOf('PAYOUT_THIRDPARTY', 'payout-1')).success, 'true');
    await payout('player-1 assay_outcome=fail', 'payout-2');
    assert.equal((await itemOf('PAYOUT_THIRDPARTY', 'payout-2')).success, 'false');
  });

  it('gets the same answer again under the same key, whatever the endpoint or the body', async () => {
    const first = await checkout().PaymentsApi.payments(request({ reference: 'again' }), { idempotencyKey: 'key-1' });
    const second = await checkout().PaymentsApi.payments(request({ reference: 'again' }), { idempotencyKey: 'key-1' });
    const other = await checkout().PaymentsApi.payments(request({ amount: { ...AMOUNT, value: 5 } }), {
      idempotencyKey: 'key-1',
    });
    assert.equal(second.pspReference, first.pspReference);
    assert.equal(other.pspReference, first.pspReference);
    await stage.clock.advance(7 * 24 * 3_600_000);
    const later = await checkout().PaymentsApi.payments(request(), { idempotencyKey: 'key-1' });
    assert.notEqual(later.pspReference, first.pspReference);
  });

  it('is told what is wrong with a request', async () => {
    const refusals: readonly [Promise<unknown>, number, string][] = [
      [pay({ merchantAccount: 'SomebodyElse' }), 403, '901'],
      [pay({ returnUrl: undefined } as unknown as Partial<PaymentRequest>), 422, '14_030'],
      [pay({ reference: undefined } as unknown as Partial<PaymentRequest>), 422, '130'],
      [pay({ amount: { ...AMOUNT, value: -1 } }), 422, '137'],
      [
        checkout().ModificationsApi.refundCapturedPayment('NOSUCHREFERENCE0', { ...modification(), amount: AMOUNT }),
        422,
        '167',
      ],
      [new CheckoutAPI(liveClient(stage, front, 'wrong')).PaymentsApi.payments(request()), 401, '000'],
      [checkout().PaymentsApi.cardDetails({ merchantAccount, cardNumber: '411111' } as never), 404, '000'],
    ];
    for (const [call, status, errorCode] of refusals) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof HttpClientException, String(error));
        assert.deepEqual([error.statusCode, error.errorCode, error.apiError?.status], [status, errorCode, status]);
        return true;
      });
    }
  });

  it('conflicts with itself while a request is in flight, over a transport of its own', async () => {
    const wireClock = createManualClock({ startMs: 1_700_000_000_000 });
    const slow = await openStage({ dialect: 'adyen', wireClock, profile: { latency: { kind: 'fixed', ms: 1_000 } } });
    try {
      const payments = new CheckoutAPI(plainClient(slow)).PaymentsApi;
      const calls = [1, 2].map(() =>
        payments.payments(request({ reference: 'same' }), { idempotencyKey: 'same' }).catch((error: unknown) => error),
      );
      // Both wait behind one second of latency; only the loser of the race is answered before it is over.
      const loser = await Promise.race(calls);
      assert.ok(loser instanceof HttpClientException);
      assert.equal(loser.errorCode, '704');
      await wireClock.advance(1_000);
      const results = await Promise.all(calls);
      const winner = results.find((result) => result !== loser) as { resultCode?: string };
      assert.equal(winner.resultCode, 'Authorised');
    } finally {
      await slow.close();
    }
  });
});
