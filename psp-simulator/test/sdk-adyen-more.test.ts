/**
 * What the official Adyen SDK can beyond the list that every SDK runs: errors, sessions, native
 * 3DS2, stored cards, disputes, and a transport of the merchant's own over plain http.
 */
import assert from 'node:assert/strict';
import { createManualClock } from '../../kernel/index.ts';
import {
  AMOUNT,
  card,
  CHALLENGED,
  CheckoutAPI,
  DISPUTE_DELAY_MS,
  DisputesAPI,
  HmacValidator,
  HttpClientException,
  liveClient,
  openMerchant,
  plainClient,
  redirectUrl,
  type Item,
  type PaymentRequest,
  type SdkMerchant,
} from './adyen-client.ts';
import { openStage } from './sdk-support.ts';

const byToken = (storedPaymentMethodId: string): Partial<PaymentRequest> =>
  ({ paymentMethod: { type: 'scheme', storedPaymentMethodId } }) as unknown as Partial<PaymentRequest>;

describe('the adyen SDK, beyond the list', () => {
  let merchant: SdkMerchant;
  beforeEach(async () => {
    merchant = await openMerchant();
  });
  afterEach(() => merchant.close());

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
    } as unknown as Item;
    assert.equal(new HmacValidator().calculateHmac(item, key), 'coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=');
  });

  it('sees an abandoned challenge end when its time is over', async () => {
    const { stage, pay, itemOf } = merchant;
    const answer = await pay({ ...CHALLENGED, reference: 'challenged-3' });
    assert.equal(await stage.cardholder(redirectUrl(answer.action), 'abandon'), null);
    const item = await itemOf('AUTHORISATION', 'challenged-3', 15 * 60_000);
    assert.deepEqual([item.success, item.additionalData?.['challengeCancel']], ['false', '01']);
  });

  it('is told by webhook that a modification which was received cannot be done', async () => {
    const { pay, itemOf, checkout, merchantAccount } = merchant;
    const payment = (await pay({ reference: 'taken-1' })).pspReference ?? '';
    const api = checkout().ModificationsApi;
    const canceled = await api.cancelAuthorisedPaymentByPspReference(payment, { merchantAccount });
    assert.equal(canceled.status, 'received');
    assert.equal((await itemOf('CANCELLATION', canceled.pspReference)).success, 'false');
    const refund = await api.refundCapturedPayment(payment, { merchantAccount, amount: { ...AMOUNT, value: 1_001 } });
    const item = await itemOf('REFUND', refund.pspReference);
    assert.deepEqual(
      [item.success, item.reason, item.originalReference],
      ['false', 'Insufficient balance on payment', payment],
    );
    const nothing = await api.cancelAuthorisedPayment({ merchantAccount, paymentReference: 'never-was' });
    assert.equal(nothing.status, 'received');
    assert.equal((await itemOf('TECHNICAL_CANCEL', 'never-was')).success, 'false');
  });

  it('is told what is wrong with a request', async () => {
    const { stage, front, pay, request, checkout, merchantAccount } = merchant;
    const { ModificationsApi, PaymentsApi } = checkout();
    const modification = { merchantAccount, amount: AMOUNT };
    const refusals: readonly [Promise<unknown>, number, string][] = [
      [pay({ merchantAccount: 'SomebodyElse' }), 403, '901'],
      [pay({ returnUrl: undefined } as unknown as Partial<PaymentRequest>), 422, '14_030'],
      [pay({ reference: undefined } as unknown as Partial<PaymentRequest>), 422, '130'],
      [pay({ amount: { ...AMOUNT, value: -1 } }), 422, '137'],
      [pay(byToken('never-was')), 422, '803'],
      [ModificationsApi.refundCapturedPayment('NOSUCHREFERENCE0', modification), 422, '167'],
      [new CheckoutAPI(liveClient(stage, front, 'wrong')).PaymentsApi.payments(request()), 401, '000'],
      [PaymentsApi.cardDetails({ merchantAccount, cardNumber: '411111' }), 404, '000'],
    ];
    for (const [call, status, errorCode] of refusals) {
      await assert.rejects(call, (error) => {
        assert.ok(error instanceof HttpClientException, String(error));
        assert.deepEqual([error.statusCode, error.errorCode, error.apiError?.status], [status, errorCode, status]);
        return true;
      });
    }
  });

  it('authenticates in its own app: fingerprint, challenge, result', async () => {
    const { stage, pay, details } = merchant;
    const threeDSRequestData = { nativeThreeDS: 'preferred' };
    const answer = await pay({
      ...CHALLENGED,
      authenticationData: { attemptAuthentication: 'always', threeDSRequestData },
    } as unknown as Partial<PaymentRequest>);
    assert.equal(answer.resultCode, 'IdentifyShopper');
    const { authorisationToken } = answer.action as unknown as { authorisationToken: string };
    const resultOf = (more: object) => ({
      threeDSResult: Buffer.from(JSON.stringify({ authorisationToken, ...more })).toString('base64'),
    });
    const challenge = await details(resultOf({ threeDSCompInd: 'Y' }));
    assert.equal(challenge.resultCode, 'ChallengeShopper');
    await assert.rejects(details(resultOf({ transStatus: 'Y' })), HttpClientException);
    const { token } = challenge.action as unknown as { token: string };
    const { acsURL } = JSON.parse(Buffer.from(token, 'base64').toString('utf8')) as { acsURL: string };
    await stage.cardholder(acsURL, 'approve');
    const finished = await details(resultOf({ transStatus: 'Y' }));
    assert.deepEqual([finished.resultCode, finished.threeDS2Result?.transStatus], ['Authorised', 'Y']);
  });

  it('stores a card, lists it, charges it without the shopper, and forgets it', async () => {
    const { pay, itemOf, checkout, merchantAccount } = merchant;
    const shopperReference = 'shopper-7';
    const first = await pay({
      reference: 'storing-1',
      shopperReference,
      storePaymentMethod: true,
      recurringProcessingModel: 'CardOnFile',
    } as unknown as Partial<PaymentRequest>);
    const token = first.additionalData?.['tokenization.storedPaymentMethodId'] ?? '';
    const contract = await itemOf('RECURRING_CONTRACT', token);
    assert.deepEqual([contract.pspReference, contract.originalReference], [token, first.pspReference]);
    const { RecurringApi } = checkout();
    const { storedPaymentMethods } = await RecurringApi.getTokensForStoredPaymentDetails(
      shopperReference,
      merchantAccount,
    );
    assert.deepEqual(
      storedPaymentMethods?.map(({ id, lastFour, brand }) => [id, lastFour, brand]),
      [[token, '1142', 'visa']],
    );
    const charge = () =>
      pay({
        ...byToken(token),
        shopperReference,
        shopperInteraction: 'ContAuth',
        recurringProcessingModel: 'Subscription',
        returnUrl: undefined,
      } as unknown as Partial<PaymentRequest>);
    assert.equal((await charge()).resultCode, 'Authorised');
    await RecurringApi.deleteTokenForStoredPaymentDetails(token, shopperReference, merchantAccount);
    await assert.rejects(charge(), HttpClientException);
  });

  it('opens a session, and asks what became of it', async () => {
    const { stage, checkout, merchantAccount, itemOf } = merchant;
    const { PaymentsApi } = checkout();
    const session = await PaymentsApi.sessions({
      amount: AMOUNT,
      merchantAccount,
      reference: 'session-1',
      returnUrl: 'https://shop.example/return',
    });
    const path = `/checkoutshopper/v1/sessions/${session.id}/payments`;
    const answer = await stage.network.request({
      method: 'POST',
      url: `${stage.psp.url}${path}?clientKey=${stage.psp.credentials['clientKey'] ?? ''}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sessionData: session.sessionData, paymentMethod: card('test_4111111145551142') }),
      timeoutMs: 5_000,
    });
    const { sessionResult, resultCode } = JSON.parse(answer.body.toString('utf8')) as Record<string, string>;
    assert.equal(resultCode, 'Authorised');
    const result = await PaymentsApi.getResultOfPaymentSession(session.id, sessionResult ?? '');
    const item = await itemOf('AUTHORISATION', 'session-1');
    assert.deepEqual(
      [result.status, result.payments?.map(({ pspReference }) => pspReference)],
      ['completed', [item.pspReference]],
    );
    await assert.rejects(PaymentsApi.getResultOfPaymentSession(session.id, 'made-up'), HttpClientException);
  });

  it('defends a dispute that the cardholder raised', async () => {
    const { stage, pay, itemOf, merchantAccount } = merchant;
    await pay({ reference: 'disputed-1', paymentMethod: card('test_4111111145551142', 'Chargeback:10.4') });
    const opened = await itemOf('NOTIFICATION_OF_CHARGEBACK', 'disputed-1', DISPUTE_DELAY_MS);
    assert.deepEqual(
      [opened.additionalData?.['disputeStatus'], opened.additionalData?.['chargebackReasonCode']],
      ['Undefended', '10.4'],
    );
    const who = { disputePspReference: opened.pspReference, merchantAccountCode: merchantAccount };
    const disputes = new DisputesAPI(plainClient(stage)).DisputesApi;
    const [reason] = (await disputes.retrieveApplicableDefenseReasons(who)).defenseReasons ?? [];
    const defenseReasonCode = reason?.defenseReasonCode ?? '';
    const early = await disputes.defendDispute({ ...who, defenseReasonCode });
    assert.equal(early.disputeServiceResult.success, false);
    const required = reason?.defenseDocumentTypes?.find(({ requirementLevel }) => requirementLevel === 'Required');
    const defenseDocumentTypeCode = required?.defenseDocumentTypeCode ?? '';
    await disputes.supplyDefenseDocument({
      ...who,
      defenseDocuments: [{ content: 'cGRm', contentType: 'application/pdf', defenseDocumentTypeCode }],
    });
    const defended = await disputes.defendDispute({ ...who, defenseReasonCode });
    assert.equal(defended.disputeServiceResult.success, true);
    assert.equal((await itemOf('INFORMATION_SUPPLIED', 'disputed-1')).pspReference, opened.pspReference);
  });

  it('conflicts with itself while a request is in flight, over a transport of its own', async () => {
    const wireClock = createManualClock({ startMs: 1_700_000_000_000 });
    const slow = await openStage({ dialect: 'adyen', wireClock, profile: { latency: { kind: 'fixed', ms: 1_000 } } });
    try {
      const payments = new CheckoutAPI(plainClient(slow)).PaymentsApi;
      const calls = [1, 2].map(() =>
        payments
          .payments(merchant.request({ reference: 'same' }), { idempotencyKey: 'same' })
          .catch((error: unknown) => error),
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
