/** Payments, refunds and cards in flows that neither the SDK nor the conformance suite plays. */
import assert from 'node:assert/strict';
import { cardNumbersIn } from '../../../conformance/card-numbers-in.ts';
import type { Answer } from '../../../test/bench.ts';
import { TEST_CARDS } from '../magic.ts';
import { fieldsOf, NOW, openMerchant, type Merchant } from './merchant.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MANUAL = { additionalData: { manualCapture: 'true' } };
const AUTHENTICATE = { authenticationData: { attemptAuthentication: 'always' } };

const idOf = ({ json }: Answer): string => String(json['pspReference']);
const cents = (value: number): object => ({ amount: { currency: 'EUR', value } });

describe('flows of the adyen dialect', () => {
  let merchant: Merchant;
  beforeEach(async () => {
    merchant = await openMerchant({
      payoutSettlement: NOW,
      refundSettlement: { kind: 'fixed', ms: 30_000 },
      refundLateFailure: { kind: 'fixed', ms: DAY_MS },
      payoutReturn: { kind: 'fixed', ms: DAY_MS },
    });
  });
  afterEach(() => merchant.bench.close());

  const modify = (id: string, what: string, body: object = {}): Promise<Answer> =>
    merchant.post(`/v72/payments/${id}/${what}`, body);

  it('takes parts of an authorization and gives the rest back', async () => {
    const id = idOf(await merchant.pay(MANUAL));
    const captures = [];
    for (const value of [300, 200]) captures.push(idOf(await modify(id, 'captures', cents(value))));
    await modify(id, 'captures', cents(501));
    await modify(id, 'cancels');
    await modify(id, 'captures', cents(1));
    await merchant.pass(1_000);
    assert.deepEqual(merchant.events(), [
      'AUTHORISATION',
      'CAPTURE',
      'CAPTURE',
      'CAPTURE no',
      'CANCELLATION',
      'CAPTURE no',
    ]);
    const told = merchant.items().map(({ amount, pspReference }) => [amount.value, pspReference]);
    assert.deepEqual(told.slice(1, 3), [
      [300, captures[0]],
      [200, captures[1]],
    ]);
    assert.equal(told[4]?.[0], 500);
  });

  it('confirms a capture that fails at the scheme afterwards, and no money moves', async () => {
    const id = idOf(await merchant.pay(MANUAL, TEST_CARDS.capture_fails));
    const capture = idOf(await modify(id, 'captures', cents(1_000)));
    await merchant.pass(1_000);
    assert.deepEqual(merchant.events(), ['AUTHORISATION', 'CAPTURE', 'CAPTURE_FAILED']);
    assert.deepEqual(
      merchant
        .items()
        .slice(1)
        .map(({ pspReference, originalReference }) => [pspReference, originalReference]),
      [
        [capture, id],
        [capture, id],
      ],
    );
    const books = merchant.bench.events('books').map(({ value }) => value as { captured_minor?: number });
    assert.ok(books.every(({ captured_minor: captured }) => captured === 0));
  });

  it('says that a refund was sent, and then that it did not arrive', async () => {
    const id = idOf(await merchant.pay({}, TEST_CARDS.refund_fails));
    await modify(id, 'refunds', cents(400));
    await merchant.pass(1_000);
    assert.deepEqual(merchant.events(), ['AUTHORISATION', 'REFUND']);
    await merchant.pass(60_000);
    assert.deepEqual(merchant.events(), ['AUTHORISATION', 'REFUND', 'REFUND_FAILED']);
  });

  it('says that a refund came back days later, under a reference of its own', async () => {
    const id = idOf(await merchant.pay({}, TEST_CARDS.refund_fails_late));
    const refund = idOf(await modify(id, 'refunds', cents(400)));
    await merchant.pass(DAY_MS + 1_000);
    const last = merchant.items().at(-1);
    assert.deepEqual([last?.eventCode, last?.originalReference], ['REFUNDED_REVERSED', id]);
    assert.notEqual(last?.pspReference, refund);
  });

  it('sends a payout that the bank gives back', async () => {
    const payout = await merchant.post('/pal/servlet/Payout/v68/payout', {
      ...cents(500),
      reference: 'payout-1',
      card: { number: TEST_CARDS.plain.number },
      additionalData: { assayOutcome: 'return' },
    });
    await merchant.pass(DAY_MS + 1_000);
    assert.deepEqual(merchant.events(), ['PAYOUT_THIRDPARTY', 'PAIDOUT_REVERSED']);
    assert.equal(merchant.items()[1]?.originalReference, idOf(payout));
  });

  const AUTHENTICATED = { threeDAuthenticated: 'true', threeDSVersion: '2.2.0', eci: '05', liabilityShift: 'true' };
  for (const [name, card, wanted] of [
    ['authenticated', TEST_CARDS.frictionless, { ...AUTHENTICATED, threeDAuthenticatedResponse: 'Y' }],
    [
      'attempted',
      TEST_CARDS.frictionless_attempted,
      { threeDAuthenticatedResponse: 'A', eci: '06', liabilityShift: 'true' },
    ],
    [
      'unavailable',
      TEST_CARDS.frictionless_unavailable,
      { threeDAuthenticatedResponse: 'U', eci: '07', liabilityShift: 'false' },
    ],
    ['failed', TEST_CARDS.frictionless_failed, { threeDAuthenticatedResponse: 'N', liabilityShift: 'false' }],
    ['rejected', TEST_CARDS.frictionless_rejected, { threeDAuthenticatedResponse: 'R', liabilityShift: 'false' }],
    ['not enrolled', TEST_CARDS.plain, { threeDAuthenticatedResponse: 'A', eci: '06' }],
  ] as const) {
    it(`tells how the shopper was authenticated without a page: ${name}`, async () => {
      const answer = await merchant.pay(AUTHENTICATE, card);
      const refused = name === 'failed' || name === 'rejected';
      assert.equal(answer.json['resultCode'], refused ? 'Refused' : 'Authorised');
      await merchant.pass(1_000);
      for (const data of [fieldsOf(answer, 'additionalData'), merchant.items()[0]?.additionalData])
        assert.deepEqual({ ...data, ...wanted }, data);
    });
  }

  it("goes on without the issuer's word when its page is unavailable, and bears the loss", async () => {
    const answer = await merchant.pay(AUTHENTICATE, TEST_CARDS.enrolled);
    const back = new URL((await merchant.act(fieldsOf(answer, 'action')['url'] ?? '', 'unavailable')) ?? '');
    const redirectResult = back.searchParams.get('redirectResult');
    const finished = await merchant.post('/v72/payments/details', { details: { redirectResult } });
    assert.equal(finished.json['resultCode'], 'Authorised');
    const { liabilityShift, eci, threeDOfferedResponse } = fieldsOf(finished, 'additionalData');
    assert.deepEqual([liabilityShift, eci, threeDOfferedResponse], ['false', '00', 'C']);
  });

  it('declines softly, and takes the same card with authentication or without the shopper', async () => {
    const { number } = TEST_CARDS.soft_decline;
    const declined = await merchant.pay({}, { number });
    assert.deepEqual([declined.json['resultCode'], declined.json['refusalReasonCode']], ['Refused', '38']);
    const exempted = await merchant.pay({ additionalData: { scaExemption: 'lowValue' } }, { number });
    assert.equal(exempted.json['refusalReasonCode'], '38');
    assert.equal((await merchant.pay(AUTHENTICATE, { number })).json['resultCode'], 'RedirectShopper');
    assert.equal((await merchant.pay({ shopperInteraction: 'ContAuth' }, { number })).json['resultCode'], 'Authorised');
  });

  it('repeats the exemption that was claimed', async () => {
    const answer = await merchant.pay({ additionalData: { scaExemption: 'transactionRiskAnalysis' } });
    const { scaExemptionRequested, liabilityShift } = fieldsOf(answer, 'additionalData');
    assert.deepEqual([scaExemptionRequested, liabilityShift], ['transactionRiskAnalysis', 'false']);
  });

  it('lets no shopper pay with the card of another', async () => {
    const stored = await merchant.post('/v72/storedPaymentMethods', {
      shopperReference: 'shopper-1',
      recurringProcessingModel: 'CardOnFile',
      paymentMethod: { type: 'scheme', number: TEST_CARDS.plain.number, expiryMonth: '03', expiryYear: '2030' },
    });
    assert.equal(stored.status, 201);
    const paymentMethod = { type: 'scheme', storedPaymentMethodId: stored.json['id'] };
    const stranger = await merchant.pay({ paymentMethod, shopperReference: 'shopper-2' });
    assert.deepEqual([stranger.status, stranger.json['errorCode']], [422, '800']);
    const own = await merchant.pay({ paymentMethod, shopperReference: 'shopper-1' });
    assert.equal(own.json['resultCode'], 'Authorised');
    const offered = await merchant.post('/v72/paymentMethods', { shopperReference: 'shopper-1' });
    assert.equal((offered.json['storedPaymentMethods'] as unknown[]).length, 1);
    const kept = JSON.stringify(offered.json) + JSON.stringify(merchant.bench.history.events());
    assert.deepEqual(cardNumbersIn(kept), []);
  });

  it('closes a session in which nobody paid, and tells it apart from one that was refused', async () => {
    const open = { ...cents(1_000), reference: 'session-1', returnUrl: 'https://shop.example/return' };
    await merchant.post('/v72/sessions', open);
    await merchant.pass(HOUR_MS + 1_000);
    assert.deepEqual(merchant.events(), ['OFFER_CLOSED']);
    const { json } = await merchant.post('/v72/sessions', { ...open, reference: 'session-2' });
    const { credentials } = merchant.bench.psp();
    const call = (what: string, body: object, clientKey = credentials['clientKey'] ?? ''): Promise<Answer> =>
      merchant.send('POST', `/checkoutshopper/v1/sessions/${String(json['id'])}/${what}?clientKey=${clientKey}`, {
        body,
      });
    const paymentMethod = { type: 'scheme', number: TEST_CARDS.plain.number, holderName: 'DECLINED' };
    assert.equal((await call('payments', { sessionData: json['sessionData'], paymentMethod }, 'wrong')).status, 401);
    assert.equal((await call('payments', { sessionData: 'wrong', paymentMethod })).status, 422);
    const refused = await call('payments', { sessionData: json['sessionData'], paymentMethod });
    assert.equal(refused.json['resultCode'], 'Refused');
    const query = `sessionResult=${encodeURIComponent(String(refused.json['sessionResult']))}`;
    const result = await merchant.send('GET', `/v72/sessions/${String(json['id'])}?${query}`);
    assert.equal(result.json['status'], 'refused');
  });

  it('lets a fingerprint that never comes run out as a refusal', async () => {
    const authenticationData = { attemptAuthentication: 'always', threeDSRequestData: { nativeThreeDS: 'preferred' } };
    const answer = await merchant.pay({ authenticationData }, TEST_CARDS.frictionless);
    assert.equal(answer.json['resultCode'], 'IdentifyShopper');
    await merchant.pass(HOUR_MS + 1_000);
    assert.deepEqual(merchant.events(), ['AUTHORISATION no']);
  });
});
