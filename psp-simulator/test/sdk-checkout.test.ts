/**
 * The unmodified official Checkout.com SDK against the simulator. Its `host` option replaces
 * the base of the API; the token endpoint and the balances have hosts of their own, which are
 * set on its config object.
 */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { Checkout } from 'checkout-sdk-node';
import { TEST_CARDS } from '../dialects/checkout/magic.ts';
import { openStage, type ReceivedWebhook, type SdkStage } from './sdk-support.ts';
import { sdkSuite } from './sdk-suite.ts';

type Json = Record<string, unknown>;
/** The SDK's own types say `Object` for bodies and answers. */
interface Payment {
  id: string;
  action_id: string;
  status: string;
  approved: boolean;
  amount: number;
  response_code: string;
  requiresRedirect: boolean;
  redirectLink: string;
  eci: string;
  reference: string;
  source: { id: string; last4: string };
  '3ds': Json;
  balances: Record<string, number>;
  _links: Record<string, { href: string }>;
}
interface Sdk {
  payments: {
    request(body: Json, key?: string): Promise<Payment>;
    get(id: string): Promise<Payment>;
    getPaymentList(query: Json): Promise<{ total_count: number; data: Payment[] }>;
    getActions(id: string): Promise<{ id: string; type: string; amount: number }[]>;
    capture(id: string, body?: Json, key?: string): Promise<{ action_id: string }>;
    refund(id: string, body?: Json, key?: string): Promise<{ action_id: string }>;
    void(id: string, body?: Json, key?: string): Promise<{ action_id: string }>;
    reverse(id: string, body?: Json, key?: string): Promise<{ action_id: string; action_type: string }>;
  };
  tokens: { request(body: Json): Promise<{ token: string; last4: string }> };
  instruments: {
    create(body: Json): Promise<{ id: string; customer?: { id: string } }>;
    get(id: string): Promise<{ last4: string }>;
    delete(id: string): Promise<Json>;
  };
  customers: {
    create(body: Json): Promise<{ id: string }>;
    get(id: string): Promise<{ email: string; default: string; instruments: { id: string }[] }>;
  };
  hostedPayments: {
    create(body: Json): Promise<{ id: string; _links: Record<string, { href: string }> }>;
    get(id: string): Promise<{ status: string; payment_id?: string }>;
  };
  disputes: {
    get(query: Json): Promise<{ total_count: number; data: { id: string; status: string }[] }>;
    getDetails(id: string): Promise<{ status: string; reason_code: string; payment: { id: string } }>;
    provideEvidence(id: string, body: Json): Promise<Json>;
    getEvidence(id: string): Promise<Json>;
    submit(id: string): Promise<Json>;
    accept(id: string): Promise<Json>;
  };
  financial: { query(query: Json): Promise<{ count: number; data: Json[]; _links: Record<string, { href: string }> }> };
  reports: {
    getAllReports(query?: Json): Promise<{ data: { id: string; files: { id: string; format: string }[] }[] }>;
    getReportFile(id: string, fileId: string): Promise<Buffer>;
  };
  balances: {
    retrieve(id: string, query?: string): Promise<{ data: { balances: Record<string, number> }[] }>;
  };
  config: { balancesUrl: string; environment: { oAuthAuthorizationApi: string }; access?: { token: string } };
}
const SdkClass = Checkout as unknown as new (key: string, options: Json) => Sdk;

const CARD = { type: 'card', expiry_month: 12, expiry_year: 2098, cvv: '100', name: 'Ada Example' };
const SHOP = 'https://shop.example/return?order=7';
const DAY_MS = 24 * 3_600_000;

let stage: SdkStage;
let cko: Sdk;
let references = 0;

const payBody = (more: Json = {}): Json => {
  references += 1;
  return {
    source: { ...CARD, number: TEST_CARDS.plain.number },
    amount: 1_000,
    currency: 'EUR',
    reference: `order-${references}`,
    processing_channel_id: 'pc_assayassayassayassayassay2',
    ...more,
  };
};
const pay = (more: Json = {}): Promise<Payment> => cko.payments.request(payBody(more));
const withCard = (number: string): Json => ({ source: { ...CARD, number } });
const authenticated = (more: Json = {}): Json => ({
  '3ds': { enabled: true },
  success_url: SHOP,
  failure_url: 'https://shop.example/failed',
  ...more,
});
const sessionIn = (back: URL | null): string => back?.searchParams.get('cko-session-id') ?? '';

/** The next webhook of this type about this payment, checked the way Checkout.com's documentation says. */
async function webhookOf(type: string, about: string, advanceMs = 0): Promise<Json> {
  const webhook = await stage.nextWebhook(
    (body) => body.includes(`"type":"${type}"`) && body.includes(about),
    advanceMs,
  );
  assert.equal(webhook.headers['cko-signature'], signatureOf(webhook));
  return (JSON.parse(webhook.body) as { data: Json }).data;
}

function signatureOf(webhook: ReceivedWebhook): string {
  return createHmac('sha256', stage.psp.credentials['webhookKey'] ?? '')
    .update(webhook.body)
    .digest('hex');
}

const failsWith = (name: string, code?: string) => (error: unknown) => {
  const { name: given, body } = error as { name: string; body?: { error_codes?: string[] } };
  assert.equal(given, name);
  if (code !== undefined) assert.deepEqual(body?.error_codes, [code]);
  return true;
};

async function open(): Promise<void> {
  stage = await openStage({ dialect: 'checkout', profile: { disputeDelay: { kind: 'fixed', ms: DAY_MS } } });
  const { credentials, url } = stage.psp;
  cko = new SdkClass(credentials['secretKey'] ?? '', { host: url, pk: credentials['publicKey'] });
  cko.config.balancesUrl = url;
}

sdkSuite({
  sdk: 'checkout-sdk-node',
  dialect: 'checkout',
  reached: "option `host: 'http://…'`",
  open,
  close: () => stage.close(),
  capabilities: {
    pay: async () => {
      const payment = await pay();
      assert.match(payment.id, /^pay_[a-z2-7]{26}$/);
      assert.deepEqual(
        [payment.approved, payment.status, payment.response_code, payment.requiresRedirect],
        [true, 'Authorized', '10000', false],
      );
      assert.equal(payment.source.last4, '4242');
      assert.equal((await cko.payments.get(payment.id)).status, 'Captured');
      assert.equal((await webhookOf('payment_approved', payment.id))['action_id'], payment.action_id);
      assert.equal((await webhookOf('payment_captured', payment.id))['amount'], 1_000);
    },
    '3DS approved': async () => {
      const payment = await pay(authenticated());
      assert.deepEqual([payment.status, payment.requiresRedirect], ['Pending', true]);
      const back = await stage.cardholder(payment.redirectLink, 'approve');
      assert.equal(back?.searchParams.get('order'), '7');
      const session = sessionIn(back);
      assert.match(session, /^sid_[a-z2-7]{26}$/);
      const paid = await cko.payments.get(session);
      assert.deepEqual([paid.id, paid.status, paid.eci], [payment.id, 'Captured', '05']);
      assert.deepEqual(
        [paid['3ds']['authentication_response'], paid['3ds']['challenged'], paid['3ds']['version']],
        ['Y', true, '2.2.0'],
      );
      const event = await webhookOf('authentication_approved', payment.id);
      assert.deepEqual([event['session_id'], event['response_code'], event['eci']], [session, 'Y', '05']);
    },
    '3DS failed': async () => {
      const payment = await pay(authenticated());
      const back = await stage.cardholder(payment.redirectLink, 'fail');
      assert.equal(back?.pathname, '/failed');
      const failed = await cko.payments.get(sessionIn(back));
      assert.deepEqual(
        [failed.status, failed.approved, failed['3ds']['authentication_response']],
        ['Declined', false, 'N'],
      );
      assert.equal((await webhookOf('payment_authentication_failed', payment.id))['response_code'], '20151');
    },
    decline: async () => {
      const payment = await pay(withCard(TEST_CARDS.insufficient_funds.number));
      assert.deepEqual([payment.approved, payment.status, payment.response_code], [false, 'Declined', '20051']);
      assert.equal((await webhookOf('payment_declined', payment.id))['response_code'], '20051');
    },
    capture: async () => {
      const payment = await pay({ capture: false });
      assert.equal((await cko.payments.get(payment.id)).status, 'Authorized');
      const first = await cko.payments.capture(payment.id, {
        amount: 300,
        capture_type: 'NonFinal',
        reference: 'box-1',
      });
      assert.equal((await webhookOf('payment_captured', first.action_id))['reference'], 'box-1');
      const part = await cko.payments.get(payment.id);
      assert.deepEqual([part.status, part.balances['available_to_capture']], ['Partially Captured', 700]);
      await cko.payments.capture(payment.id, { amount: 400 });
      const { balances } = await cko.payments.get(payment.id);
      assert.deepEqual(
        [balances['total_captured'], balances['total_voided'], balances['available_to_capture']],
        [700, 300, 0],
      );
      await assert.rejects(cko.payments.capture(payment.id), failsWith('ActionNotAllowed'));
    },
    'partial refund': async () => {
      const payment = await pay();
      const { action_id: id } = await cko.payments.refund(payment.id, { amount: 400, reference: 'refund-1' });
      const event = await webhookOf('payment_refunded', id);
      assert.deepEqual([event['id'], event['amount'], event['reference']], [payment.id, 400, 'refund-1']);
      const refunded = await cko.payments.get(payment.id);
      assert.deepEqual([refunded.status, refunded.balances['available_to_refund']], ['Partially Refunded', 600]);
      await assert.rejects(
        cko.payments.refund(payment.id, { amount: 601 }),
        failsWith('ValidationError', 'refund_amount_exceeds_balance'),
      );
      const types = (await cko.payments.getActions(payment.id)).map(({ type }) => type);
      assert.deepEqual(types.sort(), ['Authorization', 'Capture', 'Refund']);
    },
    void: async () => {
      const payment = await pay({ capture: false });
      const { action_id: id } = await cko.payments.void(payment.id, { reference: 'void-1' });
      assert.equal((await webhookOf('payment_voided', id))['reference'], 'void-1');
      assert.equal((await cko.payments.get(payment.id)).status, 'Voided');
      const rest = await pay({ capture: false });
      await cko.payments.capture(rest.id, { amount: 300, capture_type: 'NonFinal' });
      assert.equal((await cko.payments.void(rest.id)).action_id.slice(0, 4), 'act_');
      assert.equal((await webhookOf('payment_voided', rest.id))['amount'], 700);
      const reversed = await cko.payments.reverse((await pay()).id);
      assert.equal(reversed.action_type, 'Refund');
    },
    payout: async () => {
      const destination = {
        type: 'bank_account',
        account_number: '55555555',
        country: 'GB',
        account_holder: { type: 'individual', first_name: 'Ada', last_name: 'Example' },
      };
      const source = { type: 'currency_account', id: 'ca_assayassayassayassayassay2' };
      const payout = await pay({ source, destination });
      assert.deepEqual([payout.status, payout.requiresRedirect], ['Pending', false]);
      assert.equal((await webhookOf('payment_paid', payout.id))['response_code'], '10000');
      assert.equal((await cko.payments.get(payout.id)).status, 'Paid');
      const failing = await pay({ source, destination, metadata: { note: 'assay_outcome=fail' } });
      assert.equal((await webhookOf('payment_declined', failing.id))['response_code'], '20005');
      const coming = await pay({ source, destination: { ...CARD, number: TEST_CARDS.payout_returned.number } });
      await webhookOf('payment_paid', coming.id);
      await webhookOf('payment_returned', coming.id, 3 * DAY_MS);
      assert.equal((await cko.payments.get(coming.id)).status, 'Returned');
    },
    retrieve: async () => {
      const { id } = await pay({ metadata: { cart: '7' }, description: 'seven things' });
      const payment = (await cko.payments.get(id)) as Payment & Json;
      assert.deepEqual([payment['metadata'], payment['description']], [{ cart: '7' }, 'seven things']);
      assert.deepEqual(payment.balances, {
        total_authorized: 1_000,
        total_voided: 0,
        available_to_void: 0,
        total_captured: 1_000,
        available_to_capture: 0,
        total_refunded: 0,
        available_to_refund: 1_000,
      });
      await assert.rejects(cko.payments.get(`pay_${'a'.repeat(26)}`), failsWith('NotFoundError'));
    },
    list: async () => {
      const made = [];
      for (let count = 0; count < 3; count += 1) made.push((await pay({ reference: 'same-order' })).id);
      const pages = [];
      for (let skip = 0; skip < 3; skip += 1) {
        const page = await cko.payments.getPaymentList({ reference: 'same-order', limit: 1, skip });
        assert.equal(page.total_count, 3);
        pages.push(...page.data.map(({ id }) => id));
      }
      assert.deepEqual(pages.sort(), made.sort());
    },
    'idempotent retry': async () => {
      const body = payBody();
      const first = await cko.payments.request(body, 'key-1');
      assert.equal((await cko.payments.request(body, 'key-1')).id, first.id);
      const [capturable] = [await pay({ capture: false })];
      const once = await cko.payments.capture(capturable?.id ?? '', { amount: 300 }, 'key-2');
      assert.equal(
        (await cko.payments.capture(capturable?.id ?? '', { amount: 300 }, 'key-2')).action_id,
        once.action_id,
      );
      // What was refused is not remembered: the corrected request goes through under the same key.
      await assert.rejects(
        cko.payments.request({ ...body, amount: 0 }, 'key-3'),
        failsWith('ValidationError', 'amount_invalid'),
      );
      assert.equal((await cko.payments.request(body, 'key-3')).approved, true);
    },
    'verify webhook':
      'The SDK has no function that verifies a signature; the suite checks it by the documented scheme.',
  },
});

describe('the checkout SDK beside payments', () => {
  before(open);
  after(() => stage.close());

  it('speaks OAuth', async () => {
    const { credentials, url } = stage.psp;
    const client = new SdkClass(credentials['clientSecret'] ?? '', {
      client: credentials['clientId'],
      scope: ['gateway', 'disputes'],
      host: url,
    });
    client.config.environment.oAuthAuthorizationApi = `${url}/connect/token`;
    assert.equal((await client.payments.request(payBody())).approved, true);
    assert.ok(client.config.access?.token);
    const wrong = new SdkClass('wrong', { client: credentials['clientId'], scope: ['gateway'], host: url });
    wrong.config.environment.oAuthAuthorizationApi = `${url}/connect/token`;
    await assert.rejects(wrong.payments.get('pay_x'), failsWith('AuthenticationError'));
  });

  it('tokenizes with the public key, saves an instrument, and charges it and its customer', async () => {
    const { token } = await cko.tokens.request({ ...CARD, number: TEST_CARDS.plain.number });
    const customer = await cko.customers.create({ email: 'ada@example.com', name: 'Ada' });
    const instrument = await cko.instruments.create({ type: 'token', token, customer: { id: customer.id } });
    assert.match(instrument.id, /^src_/);
    assert.equal((await cko.customers.get('ada@example.com')).default, instrument.id);
    assert.equal((await pay({ source: { type: 'id', id: instrument.id } })).approved, true);
    assert.equal((await pay({ source: { type: 'customer', id: customer.id } })).source.id, instrument.id);
    await assert.rejects(pay({ source: { type: 'token', token } }), failsWith('ValidationError', 'token_invalid'));
    await cko.instruments.delete(instrument.id);
    await assert.rejects(cko.instruments.get(instrument.id), failsWith('NotFoundError'));
    await assert.rejects(
      pay({ source: { type: 'id', id: instrument.id } }),
      failsWith('ValidationError', 'source_id_invalid'),
    );
  });

  it('claims an exemption, and is told to authenticate by a soft decline', async () => {
    const exempted = await pay({ '3ds': { enabled: true, exemption: 'low_value' } });
    assert.deepEqual([exempted.approved, exempted['3ds']['exemption_applied']], [true, 'low_value']);
    const card = withCard(TEST_CARDS.soft_decline.number);
    assert.equal((await pay(card)).response_code, '20154');
    const second = await pay({ ...card, ...authenticated() });
    const back = await stage.cardholder(second.redirectLink, 'approve');
    assert.equal((await cko.payments.get(sessionIn(back))).status, 'Captured');
  });

  it('reads what became of an authentication without a challenge', async () => {
    const seen = async (number: string, more: Json = {}): Promise<unknown[]> => {
      const payment = await pay({ ...withCard(number), ...authenticated({ '3ds': { enabled: true, ...more } }) });
      return [payment.status, payment.eci, payment['3ds']['authentication_response'], payment['3ds']['downgraded']];
    };
    assert.deepEqual(await seen(TEST_CARDS.frictionless.number), ['Authorized', '05', 'Y', false]);
    assert.deepEqual(await seen(TEST_CARDS.frictionless_attempted.number), ['Authorized', '06', 'A', false]);
    assert.deepEqual(await seen(TEST_CARDS.frictionless_failed.number), ['Declined', '07', 'N', false]);
    assert.deepEqual(await seen(TEST_CARDS.frictionless_rejected.number), ['Declined', '07', 'R', false]);
    assert.deepEqual(await seen(TEST_CARDS.frictionless_unavailable.number), ['Declined', '07', 'U', false]);
    assert.deepEqual(await seen(TEST_CARDS.frictionless_unavailable.number, { attempt_n3d: true }), [
      'Authorized',
      '07',
      'U',
      true,
    ]);
  });

  it('sends the payer to a hosted page, and there is no payment before he paid', async () => {
    const page = await cko.hostedPayments.create({
      ...payBody({ reference: 'hosted-1' }),
      billing: { address: { country: 'GB' } },
      success_url: SHOP,
      failure_url: SHOP,
      cancel_url: 'https://shop.example/cart',
    });
    assert.equal((await cko.hostedPayments.get(page.id)).status, 'Payment Pending');
    assert.equal((await cko.payments.getPaymentList({ reference: 'hosted-1' })).total_count, 0);
    const back = await stage.cardholder(page._links['redirect']?.href ?? '', 'approve');
    const id = back?.searchParams.get('cko-payment-id') ?? '';
    assert.equal((await cko.payments.get(id)).status, 'Captured');
    assert.deepEqual(
      [(await cko.hostedPayments.get(page.id)).status, (await cko.hostedPayments.get(page.id)).payment_id],
      ['Payment Received', id],
    );
  });

  it('answers a dispute with evidence, and accepts another', async () => {
    const payment = await pay(withCard(TEST_CARDS.disputed_won.number));
    await webhookOf('dispute_evidence_required', payment.id, DAY_MS);
    const [dispute] = (await cko.disputes.get({ payment_id: payment.id })).data;
    assert.equal(dispute?.status, 'evidence_required');
    const id = dispute?.id ?? '';
    assert.equal((await cko.disputes.getDetails(id)).payment.id, payment.id);
    await assert.rejects(cko.disputes.submit(id), failsWith('ValidationError', 'evidence_required'));
    await cko.disputes.provideEvidence(id, { additional_evidence_text: 'The player played.' });
    assert.deepEqual(await cko.disputes.getEvidence(id), { additional_evidence_text: 'The player played.' });
    await cko.disputes.submit(id);
    assert.equal((await webhookOf('dispute_evidence_submitted', id))['reason_code'], '10.4');
    await webhookOf('dispute_won', id, 40 * DAY_MS);
    assert.equal((await cko.disputes.getDetails(id)).status, 'won');

    const other = await pay({
      amount: 1_040,
      source: { ...CARD, number: TEST_CARDS.plain.number, expiry_month: 1, expiry_year: 2099 },
    });
    await webhookOf('dispute_evidence_required', other.id, DAY_MS);
    const [open] = (await cko.disputes.get({ payment_id: other.id, statuses: 'evidence_required' })).data;
    await cko.disputes.accept(open?.id ?? '');
    await webhookOf('dispute_accepted', open?.id ?? '');
    await assert.rejects(cko.disputes.accept(open?.id ?? ''), failsWith('ValidationError', 'dispute_already_accepted'));
    await assert.rejects(cko.disputes.get({ limit: -1 }), failsWith('ValidationError', 'paging_limit_invalid'));
  });

  it('reads settlement: financial actions page by page, reports and balances', async () => {
    const payment = await pay({ amount: 10_000, currency: 'GBP' });
    const entity = stage.psp.credentials['entityId'] ?? '';
    const [balance] = (await cko.balances.retrieve(entity, 'GBP')).data;
    assert.equal(balance?.balances['pending'], 10_000 - 30 - 12 - 25 - 8);
    await stage.clock.advance(4 * DAY_MS);
    const actions = await cko.financial.query({ payment_id: payment.id, limit: 1 });
    assert.equal(actions.data[0]?.['action_type'], 'Capture');
    const all = await cko.financial.query({ limit: 1 });
    assert.equal(all.count, 1);
    const next = new URL(all._links['next']?.href ?? '').searchParams.get('pagination_token');
    const second = await cko.financial.query({ limit: 1, pagination_token: next });
    assert.notDeepEqual(second.data[0]?.['action_id'], all.data[0]?.['action_id']);
    const [report] = (await cko.reports.getAllReports()).data;
    const file = report?.files.find(({ format }) => format === 'CSV');
    const csv = await cko.reports.getReportFile(report?.id ?? '', file?.id ?? '');
    assert.match(csv.toString('utf8'), /Holding Currency Amount/);
  });

  it('tells its own errors apart', async () => {
    const wrong = new SdkClass('sk_sbox_wrong', { host: stage.psp.url });
    await assert.rejects(wrong.payments.get('pay_x'), failsWith('AuthenticationError'));
    const declined = await pay(withCard(TEST_CARDS.do_not_honour.number));
    await assert.rejects(cko.payments.capture(declined.id), failsWith('ActionNotAllowed'));
    const authorized = await pay({ capture: false });
    await assert.rejects(
      cko.payments.capture(authorized.id, { amount: 1_001 }),
      failsWith('ValidationError', 'capture_value_greater_than_remaining_authorized'),
    );
    await assert.rejects(
      pay({ source: { type: 'klarna' } }),
      failsWith('ValidationError', 'source_type_klarna_not_simulated'),
    );
  });
});
