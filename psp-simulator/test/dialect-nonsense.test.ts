/**
 * Whatever a client sends, a dialect answers in its own error format and never breaks: no
 * 5xx, no defect of the simulator, and books that any number of odd requests leave consistent.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openBench, type Bench } from './bench.ts';

interface Nonsense {
  method: string;
  path: string;
  body: string;
}

const ID = fc.constantFrom('pi_none', 're_none', 'po_none', 'ch_', '..', 'search', '%', '%00', 'é', 'x'.repeat(300));
const TEXT = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '0', '-1', '1e9', '99999999999', 'null', 'true', 'eur', 'EUR'),
);

const FORM_KEY = fc.constantFrom(
  'amount',
  'currency',
  'confirm',
  'payment_method',
  'payment_method_data[card][token]',
  'metadata[reference]',
  'metadata',
  'metadata[a][b]',
  'expand[]',
  'expand',
  'capture_method',
  'amount_to_capture',
  'payment_intent',
  'charge',
  'limit',
  'starting_after',
  'created[gte]',
  'query',
  'page',
  '[',
  'a]b[',
  '__proto__[x]',
);
const stripeRequest: fc.Arbitrary<Nonsense> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'DELETE', 'PUT'),
  path: fc.oneof(
    fc.constantFrom(
      '/v1/payment_intents',
      '/v1/payment_intents/search',
      '/v1/refunds',
      '/v1/payouts',
      '/v1/events',
      '/v1/charges',
      '/v1/balance',
      '/v1/customers',
      '/',
      '//',
    ),
    fc
      .tuple(
        fc.constantFrom('payment_intents', 'refunds', 'payouts', 'charges', 'events'),
        ID,
        fc.constantFrom('', '/confirm', '/capture', '/cancel'),
      )
      .map(([what, id, verb]) => `/v1/${what}/${encodeURIComponent(id)}${verb}`),
  ),
  body: fc
    .array(fc.tuple(FORM_KEY, TEXT), { maxLength: 6 })
    .map((pairs) => pairs.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&')),
});

const JSON_VALUE = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  TEXT,
  fc.constantFrom({ currency: 'EUR', value: 1 }, { currency: 'EUR', value: 1.5 }, { currency: 'ISK', value: 1 }),
);
const JSON_KEY = fc.constantFrom(
  'amount',
  'merchantAccount',
  'reference',
  'returnUrl',
  'paymentMethod',
  'additionalData',
  'authenticationData',
  'details',
  'paymentReference',
  'card',
  'shopperName',
  '__proto__',
);
const adyenRequest: fc.Arbitrary<Nonsense> = fc.record({
  method: fc.constantFrom('POST', 'POST', 'GET'),
  path: fc.oneof(
    fc.constantFrom(
      '/v72/payments',
      '/v68/payments',
      '/v1/payments',
      '/v72/payments/details',
      '/v72/cancels',
      '/pal/servlet/Payout/v68/payout',
      '/v72/sessions',
      '/',
      '/v72/',
    ),
    fc
      .tuple(ID, fc.constantFrom('captures', 'refunds', 'cancels', 'reversals'))
      .map(([id, verb]) => `/v72/payments/${encodeURIComponent(id)}/${verb}`),
  ),
  body: fc.oneof(
    fc
      .array(fc.tuple(JSON_KEY, JSON_VALUE), { maxLength: 8 })
      .map((pairs) => JSON.stringify({ merchantAccount: 'AssayAdyen', ...Object.fromEntries(pairs) })),
    fc.constantFrom('', '[]', 'null', '{', '1', '"text"'),
  ),
});

describe('nonsense sent to a dialect', () => {
  let bench: Bench;
  before(async () => {
    const fast = { latency: { kind: 'fixed', ms: 0 } } as const;
    bench = await openBench({
      psps: [
        { name: 'stripe', dialect: 'stripe', profile: fast },
        { name: 'adyen', dialect: 'adyen', profile: fast },
      ],
    });
  });
  after(() => bench.close());

  async function survives(
    dialect: string,
    { method, path, body }: Nonsense,
    authorization: Record<string, string>,
  ): Promise<void> {
    const known = bench.events('simulator-defect').length;
    const query = method === 'GET' && dialect === 'stripe' ? `?${body}` : '';
    const sent = method === 'GET' ? {} : { body };
    const answer = await bench.exchange(`${bench.psp(dialect).url}${path}${query}`, {
      method,
      headers: authorization,
      ...sent,
    });
    assert.ok(answer.status < 500, `${answer.status} ${answer.body.toString('utf8')}`);
    const json = JSON.parse(answer.body.toString('utf8')) as Record<string, unknown>;
    if (answer.status >= 400 && dialect === 'stripe')
      assert.equal(typeof (json['error'] as Record<string, unknown>)['message'], 'string');
    if (answer.status >= 400 && dialect === 'adyen') assert.equal(json['status'], answer.status);
    const defects = bench.events('simulator-defect').slice(known);
    assert.deepEqual(defects, []);
  }

  it('stripe answers it in its own format', async () => {
    const authorization = { authorization: `Bearer ${bench.psp('stripe').credentials['apiKey']}` };
    await fc.assert(
      fc.asyncProperty(stripeRequest, (request) => survives('stripe', request, authorization)),
      { numRuns: 150 },
    );
  });

  it('adyen answers it in its own format', async () => {
    const authorization = { 'x-api-key': bench.psp('adyen').credentials['apiKey'] ?? '' };
    await fc.assert(
      fc.asyncProperty(adyenRequest, (request) => survives('adyen', request, authorization)),
      { numRuns: 150 },
    );
  });
});
