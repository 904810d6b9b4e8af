/**
 * The unmodified official Adyen SDK runs the whole list of capabilities. It speaks only https to
 * hard-coded hosts and is led here by configuration alone, through a TLS front (live prefix
 * `localhost:<port>/adyen`). What it can beyond the list is in sdk-adyen-more.test.ts.
 */
import assert from 'node:assert/strict';
import {
  AMOUNT,
  card,
  CHALLENGED,
  HmacValidator,
  HttpClientException,
  liveClient,
  MANUAL,
  openMerchant,
  PayoutAPI,
  redirectUrl,
  type Item,
  type SdkMerchant,
} from './adyen-client.ts';
import { sdkSuite } from './sdk-suite.ts';

const validator = new HmacValidator();
let merchant: SdkMerchant;

async function threeDsApproved(): Promise<void> {
  const { stage, pay, details, itemOf } = merchant;
  const answer = await pay({ ...CHALLENGED, reference: 'challenged-1' });
  assert.equal(answer.resultCode, 'RedirectShopper');
  assert.equal(answer.pspReference, undefined);
  const back = await stage.cardholder(redirectUrl(answer.action), 'approve');
  assert.equal(back?.searchParams.get('order'), '7');
  await stage.clock.advance(60_000);
  assert.ok(!stage.received().some((webhook) => webhook.body.includes('challenged-1')));

  const redirectResult = back?.searchParams.get('redirectResult') ?? '';
  const finished = await details({ redirectResult });
  assert.equal(finished.resultCode, 'Authorised');
  assert.deepEqual(
    [finished.threeDS2Result?.transStatus, finished.threeDS2Result?.eci, finished.additionalData?.['liabilityShift']],
    ['Y', '02', 'true'],
  );
  assert.equal((await details({ redirectResult })).pspReference, finished.pspReference);
  assert.equal((await itemOf('AUTHORISATION', 'challenged-1')).pspReference, finished.pspReference);
  await assert.rejects(details({ redirectResult: `${redirectResult}x` }), HttpClientException);
}

async function threeDsFailed(): Promise<void> {
  const { stage, pay, details, itemOf } = merchant;
  const answer = await pay({ ...CHALLENGED, reference: 'challenged-2' });
  const back = await stage.cardholder(redirectUrl(answer.action), 'fail');
  const finished = await details({ redirectResult: back?.searchParams.get('redirectResult') ?? '' });
  assert.deepEqual([finished.resultCode, finished.refusalReasonCode], ['Refused', '11']);
  const item = await itemOf('AUTHORISATION', 'challenged-2');
  assert.deepEqual([item.success, item.reason], ['false', '3D Not Authenticated']);
}

async function capture(): Promise<void> {
  const { pay, itemOf, checkout, merchantAccount } = merchant;
  const payment = (await pay({ ...MANUAL, reference: 'manual-1' })).pspReference ?? '';
  await itemOf('AUTHORISATION', payment);
  for (const [reference, value] of [
    ['capture-1', 400],
    ['capture-2', 600],
  ] as const) {
    const received = await checkout().ModificationsApi.captureAuthorisedPayment(payment, {
      merchantAccount,
      amount: { ...AMOUNT, value },
      reference,
    });
    assert.deepEqual([received.status, received.paymentPspReference], ['received', payment]);
    assert.notEqual(received.pspReference, payment);
    const item = await itemOf('CAPTURE', reference);
    assert.deepEqual(
      [item.pspReference, item.originalReference, item.merchantReference, item.amount.value],
      [received.pspReference, payment, reference, value],
    );
  }
}

async function partialRefund(): Promise<void> {
  const { pay, itemOf, checkout, merchantAccount } = merchant;
  const payment = (await pay()).pspReference ?? '';
  const first = await checkout().ModificationsApi.refundCapturedPayment(payment, {
    merchantAccount,
    amount: { ...AMOUNT, value: 300 },
    reference: 'refund-1',
  });
  const item = await itemOf('REFUND', first.pspReference);
  assert.deepEqual([item.originalReference, item.merchantReference, item.amount.value], [payment, 'refund-1', 300]);
  const reversal = await checkout().ModificationsApi.refundOrCancelPayment(payment, { merchantAccount });
  const reversed = await itemOf('CANCEL_OR_REFUND', reversal.pspReference);
  assert.deepEqual([reversed.amount.value, reversed.additionalData?.['modification.action']], [700, 'refund']);
}

async function voidPayment(): Promise<void> {
  const { pay, itemOf, checkout, merchantAccount } = merchant;
  const api = checkout().ModificationsApi;
  const first = (await pay(MANUAL)).pspReference ?? '';
  const canceled = await api.cancelAuthorisedPaymentByPspReference(first, { merchantAccount });
  assert.equal((await itemOf('CANCELLATION', first)).pspReference, canceled.pspReference);

  const second = (await pay({ ...MANUAL, reference: 'lost-answer' })).pspReference ?? '';
  const technical = await api.cancelAuthorisedPayment({ merchantAccount, paymentReference: 'lost-answer' });
  assert.equal(technical.status, 'received');
  const item = await itemOf('TECHNICAL_CANCEL', second);
  assert.deepEqual([item.success, item.originalReference], ['true', second]);
}

async function payout(): Promise<void> {
  const { stage, front, merchantAccount, itemOf } = merchant;
  const payouts = new PayoutAPI(liveClient(stage, front)).InstantPayoutsApi;
  for (const [reference, shopperReference, success] of [
    ['payout-1', 'player-1', 'true'],
    ['payout-2', 'player-1 assay_outcome=fail', 'false'],
  ] as const) {
    const answer = await payouts.payout({
      amount: AMOUNT,
      merchantAccount,
      reference,
      shopperReference,
      card: { number: '4111111145551142', expiryMonth: '03', expiryYear: '2030', holderName: 'Player' },
    });
    assert.equal(answer.resultCode, 'Received');
    assert.equal((await itemOf('PAYOUT_THIRDPARTY', reference)).success, success);
  }
}

/** Last of all: a week goes by, and with it the life of a key. */
async function idempotentRetry(): Promise<void> {
  const { stage, request, checkout } = merchant;
  const same = { idempotencyKey: 'key-1' };
  const { PaymentsApi } = checkout();
  const first = await PaymentsApi.payments(request({ reference: 'again' }), same);
  const second = await PaymentsApi.payments(request({ reference: 'again' }), same);
  const other = await PaymentsApi.payments(request({ amount: { ...AMOUNT, value: 5 } }), same);
  assert.deepEqual([second.pspReference, other.pspReference], [first.pspReference, first.pspReference]);
  await stage.clock.advance(7 * 24 * 3_600_000);
  assert.notEqual((await PaymentsApi.payments(request(), same)).pspReference, first.pspReference);
}

sdkSuite({
  sdk: '@adyen/api-library',
  dialect: 'adyen',
  reached: 'https by its options environment LIVE and liveEndpointUrlPrefix, through a TLS front',
  open: async () => {
    merchant = await openMerchant();
  },
  close: () => merchant.close(),
  capabilities: {
    pay: async () => {
      const answer = await merchant.pay({ reference: 'paid-1' });
      assert.equal(answer.resultCode, 'Authorised');
      assert.match(answer.pspReference ?? '', /^[A-Z0-9]{16}$/);
      assert.equal(answer.merchantReference, 'paid-1');
      assert.deepEqual({ ...answer.amount }, AMOUNT);
      assert.equal(answer.additionalData?.['cardSummary'], '1142');
      const item = await merchant.itemOf('AUTHORISATION', 'paid-1');
      assert.deepEqual([item.success, item.pspReference], ['true', answer.pspReference]);
    },
    '3DS approved': threeDsApproved,
    '3DS failed': threeDsFailed,
    decline: async () => {
      const { pay, itemOf } = merchant;
      const paymentMethod = card('test_4111111145551142', 'NOT_ENOUGH_BALANCE');
      const answer = await pay({ reference: 'refused-1', paymentMethod });
      assert.deepEqual(
        [answer.resultCode, answer.refusalReason, answer.refusalReasonCode],
        ['Refused', 'Not enough balance', '12'],
      );
      assert.equal((await itemOf('AUTHORISATION', 'refused-1')).success, 'false');
      const byCode = await pay({ additionalData: { RequestedTestAcquirerResponseCode: '6' } });
      assert.equal(byCode.refusalReason, 'Expired Card');
    },
    capture,
    'partial refund': partialRefund,
    void: voidPayment,
    payout,
    retrieve: 'Adyen has no status query: a merchant in doubt repeats the call, or waits for the webhook.',
    list: 'Adyen lists no payments by API.',
    'idempotent retry': idempotentRetry,
    'verify webhook': async () => {
      const { stage, pay, itemOf } = merchant;
      const key = stage.psp.credentials['hmacKey'] ?? '';
      await pay({ reference: 'verified-1' });
      const item = await itemOf('AUTHORISATION', 'verified-1');
      assert.equal(validator.validateHMAC(item, key), true);
      assert.equal(validator.validateHMAC({ ...item, amount: { ...AMOUNT, value: 9_000 } } as Item, key), false);
      assert.equal(validator.validateHMAC(item, '00'.repeat(32)), false);
    },
  },
});
