/**
 * Whatever a client sends, Mollie's dialect answers in its own error format and never breaks:
 * no 5xx, no defect of the simulator, no answer that its own lists cannot show afterwards.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { amount, openMerchant, paymentBody } from './merchant.ts';
import type { Json, Merchant } from './merchant.ts';

const ODD_TEXT = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e9',
    'null',
    'EUR',
    'tkn_assay_',
    'tkn_assay___proto__',
    '4111111111111111',
    '<customer>',
  ),
);
const AMOUNT = fc.record(
  {
    currency: fc.oneof(fc.constantFrom('EUR', 'JPY', 'eur', '__proto__'), ODD_TEXT),
    value: fc.oneof(fc.constantFrom('10.00', '0.00', '10', '0.01', '9999999999.99', '99999999999.00', 10), ODD_TEXT),
  },
  { requiredKeys: [] },
);
const VALUE = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  ODD_TEXT,
  AMOUNT,
  fc.constantFrom(
    'manual',
    'first',
    'recurring',
    'ideal',
    'https://shop.example/x',
    ['ideal', 'paypal'],
    '<customer>',
    null,
  ),
);
const KEY = fc.constantFrom(
  'amount',
  'description',
  'redirectUrl',
  'cancelUrl',
  'webhookUrl',
  'method',
  'metadata',
  'captureMode',
  'captureDelay',
  'cardToken',
  'applePayPaymentToken',
  'sequenceType',
  'customerId',
  'mandateId',
  'locale',
  'lines',
  'billingAddress',
  'balanceId',
  'name',
  'email',
  'url',
  'eventTypes',
  'consumerName',
  'consumerAccount',
  'testmode',
  '__proto__',
);
/** Half of the bodies begin as one that is taken, so that nonsense comes further than the first check. */
const BODY = fc.oneof(
  fc
    .tuple(fc.boolean(), fc.array(fc.tuple(KEY, VALUE), { maxLength: 6 }))
    .map(([whole, pairs]) => JSON.stringify({ ...(whole ? paymentBody() : {}), ...Object.fromEntries(pairs) })),
  fc.constantFrom('', '[]', 'null', '{', '1', '"text"', 'amount[value]=1&amount[value][x]=2', '\u0000'),
);
const ID = fc.oneof(
  fc.constantFrom(
    '<payment>',
    '<customer>',
    '<settlement>',
    'tr_none',
    'open',
    'next',
    'primary',
    'webhooks',
    '..',
    '%',
    '%00',
    'é',
  ),
  ODD_TEXT,
);
const PATH = fc.oneof(
  fc.constantFrom(
    '/payments',
    '/payments?limit=x',
    '/payments?from=%F0&sort=up',
    '/refunds?limit=0',
    '/chargebacks',
    '/customers',
    '/methods?amount[currency]=EUR&amount[value]=x',
    '/methods?sequenceType=twice',
    '/methods/all',
    '/payouts',
    '/settlements?currencies=,',
    '/balances',
    '/webhooks',
    '/orders',
    '',
    '/',
    '//',
  ),
  fc.tuple(
    fc.constantFrom('payments', 'customers', 'payouts', 'settlements', 'balances', 'webhooks', 'events', 'methods'),
    ID,
    fc.constantFrom(
      '',
      '/captures',
      '/refunds',
      '/refunds/re_x',
      '/chargebacks',
      '/release-authorization',
      '/payments',
      '/mandates',
      '/transactions',
      '?embed=refunds,x',
    ),
  ),
);

describe('nonsense sent to the mollie dialect', () => {
  let merchant: Merchant;
  let known: Record<string, string>;

  before(async () => {
    merchant = await openMerchant();
    const payment = await merchant.pay({ cardToken: 'tkn_assay_approved', captureMode: 'manual' });
    const { json: customer } = await merchant.call('POST', '/customers', { name: 'Ada' });
    await merchant.call('POST', `/payments/${String(payment['id'])}/captures`, { amount: amount('1.00') });
    await merchant.bench.pass(4 * 86_400_000);
    const { json } = await merchant.call('GET', '/settlements');
    const [settlement] = (json['_embedded'] as { settlements: Json[] }).settlements;
    known = {
      '<payment>': String(payment['id']),
      '<customer>': String(customer['id']),
      '<settlement>': String(settlement?.['id']),
    };
  });
  after(() => merchant.bench.close());

  const filled = (text: string): string => text.replaceAll('<customer>', known['<customer>'] ?? '');

  it('is answered in its own format', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('GET', 'POST', 'PATCH', 'DELETE'), PATH, BODY, async (method, path, body) => {
        const target =
          typeof path === 'string' ? path : `/${path[0]}/${encodeURIComponent(known[path[1]] ?? path[1])}${path[2]}`;
        const { status, json } = await merchant.call(method, target, method === 'GET' ? undefined : filled(body));
        const where = `${method} ${target} ${body}: ${status} ${JSON.stringify(json)}`;
        assert.ok(status < 500, where);
        assert.deepEqual(merchant.bench.events('simulator-defect'), [], where);
        if (status < 400) return;
        assert.equal(json['status'], status, where);
        for (const field of ['title', 'detail'] as const) assert.equal(typeof json[field], 'string', where);
        assert.ok('documentation' in (json['_links'] as Json), where);
      }),
      { numRuns: 600 },
    );
  });

  it('leaves lists that can still be read', async () => {
    for (const path of [
      '/payments',
      '/customers',
      '/payouts',
      '/webhooks',
      '/balances/primary/transactions',
      '/refunds',
    ])
      assert.equal((await merchant.call('GET', `${path}?limit=250`)).status, 200, path);
  });
});
