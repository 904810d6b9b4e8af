/**
 * Whatever a client sends, the adyen dialect answers in Adyen's error format and never breaks: no
 * 5xx, no defect of the simulator, and what exists stays as it was.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fieldsOf, openMerchant, type Merchant } from './merchant.ts';

const ODD_TEXT = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '0', '-1', '1e9', 'null', 'true', 'EUR', 'eur', '4111111145551142', '__proto__', 'constructor'),
);
const CARD = fc.record(
  {
    type: fc.oneof(fc.constantFrom('scheme', 'ideal'), ODD_TEXT),
    number: fc.oneof(fc.constant('4111111145551142'), ODD_TEXT),
    encryptedCardNumber: ODD_TEXT,
    expiryMonth: fc.oneof(fc.constantFrom('03', 3, '13'), ODD_TEXT),
    expiryYear: ODD_TEXT,
    holderName: fc.oneof(fc.constantFrom('DECLINED', 'Chargeback', 'chargeback:', 'Second Chargeback'), ODD_TEXT),
    storedPaymentMethodId: ODD_TEXT,
  },
  { requiredKeys: [] },
);
const AMOUNT = fc.record({
  currency: fc.oneof(fc.constantFrom('EUR', 'CLP', 'ISK', 'IDR'), ODD_TEXT),
  value: fc.oneof(fc.constantFrom(1, 100, 1_000, 1.5, -1, Number.MAX_SAFE_INTEGER), fc.jsonValue({ maxDepth: 0 })),
});
const DETAILS = fc.record(
  {
    redirectResult: ODD_TEXT,
    threeDSResult: fc.oneof(
      ODD_TEXT,
      fc.jsonValue({ maxDepth: 1 }).map((value) => Buffer.from(JSON.stringify(value)).toString('base64')),
    ),
  },
  { requiredKeys: [] },
);
const VALUE = fc.oneof(fc.jsonValue({ maxDepth: 2 }), ODD_TEXT);
const BODY = fc.record(
  {
    amount: fc.oneof(AMOUNT, VALUE),
    reference: fc.oneof(fc.constant('order-9'), VALUE),
    returnUrl: fc.oneof(fc.constant('https://shop.example'), VALUE),
    paymentMethod: fc.oneof(CARD, VALUE),
    details: fc.oneof(DETAILS, VALUE),
    additionalData: VALUE,
    authenticationData: fc.oneof(fc.constant({ attemptAuthentication: 'always' }), VALUE),
    shopperReference: VALUE,
    shopperInteraction: fc.oneof(fc.constant('ContAuth'), VALUE),
    recurringProcessingModel: fc.oneof(fc.constant('CardOnFile'), VALUE),
    storePaymentMethod: fc.oneof(fc.constant(true), VALUE),
    paymentReference: VALUE,
    sessionData: VALUE,
    disputePspReference: fc.oneof(fc.constant('<dispute>'), VALUE),
    defenseDocuments: VALUE,
    defenseReasonCode: VALUE,
    card: VALUE,
    selectedRecurringDetailReference: VALUE,
  },
  { requiredKeys: [] },
);
const ID = fc.oneof(
  fc.constantFrom('NOSUCH0000000000', 'CS', '..', '%', '%00', 'é', 'x'.repeat(300), '<payment>'),
  ODD_TEXT,
);
const PATH = fc.oneof(
  fc.constantFrom(
    '/v72/payments',
    '/v68/payments',
    '/v72/payments/details',
    '/v72/sessions',
    '/v72/paymentMethods',
    '/v72/storedPaymentMethods',
    '/v72/storedPaymentMethods?merchantAccount=AssayAdyen&shopperReference=%F0',
    '/v72/cancels',
    '/pal/servlet/Payout/v68/payout',
    '/v99/payments',
    '/',
    '//',
  ),
  fc
    .constantFrom('acceptDispute', 'defendDispute', 'supplyDefenseDocument', 'deleteDisputeDefenseDocument', 'x')
    .map((verb) => `/ca/services/DisputeService/v30/${verb}`),
  ID.map((id) => `/v72/sessions/${encodeURIComponent(id)}?sessionResult=${encodeURIComponent(id)}`),
  ID.map((id) => `/v72/storedPaymentMethods/${encodeURIComponent(id)}?merchantAccount=AssayAdyen`),
  ID.map((id) => `/reports/download/MerchantAccount/AssayAdyen/${encodeURIComponent(id)}`),
  fc
    .tuple(ID, fc.constantFrom('captures', 'refunds', 'cancels', 'reversals', 'amountUpdates'))
    .map(([id, verb]) => `/v72/payments/${encodeURIComponent(id)}/${verb}`),
);
const REQUEST = fc.record({ method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'DELETE'), path: PATH, body: BODY });

describe('nonsense sent to the adyen dialect', () => {
  let merchant: Merchant;
  before(async () => {
    merchant = await openMerchant({ disputeDelay: { kind: 'fixed', ms: 1_000 } });
  });
  after(() => merchant.bench.close());

  it('is answered in its own format, and moves no money that it may not', async () => {
    await merchant.pay({}, { holderName: 'Chargeback' });
    await merchant.pass(60_000);
    const dispute = merchant.items().at(-1)?.pspReference ?? '';
    const payment = merchant.items()[0]?.pspReference ?? '';
    await fc.assert(
      fc.asyncProperty(REQUEST, async ({ method, path, body }) => {
        const text = JSON.stringify({
          merchantAccount: merchant.account,
          merchantAccountCode: merchant.account,
          ...body,
        });
        const sent = JSON.parse(text.replaceAll('<dispute>', dispute)) as object;
        const known = merchant.bench.events('simulator-defect').length;
        const target = path.replace(encodeURIComponent('<payment>'), payment);
        const answer = await merchant.send(method, target, method === 'POST' ? { body: sent } : {});
        assert.ok(answer.status < 500, JSON.stringify(answer.json));
        if (answer.status >= 400) {
          assert.equal(answer.json['status'], answer.status);
          assert.equal(typeof answer.json['errorCode'], 'string');
          assert.ok(['validation', 'security', 'configuration'].includes(String(answer.json['errorType'])));
        }
        assert.deepEqual(merchant.bench.events('simulator-defect').slice(known), []);
      }),
      { numRuns: 400 },
    );
    const again = await merchant.pay();
    assert.equal(again.json['resultCode'], 'Authorised');
    assert.equal(fieldsOf(again, 'amount')['value'], 1_000);
  });

  it('leaves a made-up result of a challenge without effect', async () => {
    const started = await merchant.pay(
      { authenticationData: { attemptAuthentication: 'always' } },
      { number: '5454545454545454' },
    );
    assert.equal(started.json['resultCode'], 'RedirectShopper');
    await fc.assert(
      fc.asyncProperty(DETAILS, async (details) => {
        const answer = await merchant.post('/v72/payments/details', { details });
        assert.ok(answer.status === 422 || answer.status === 400, JSON.stringify(answer.json));
      }),
      { numRuns: 100 },
    );
  });
});
