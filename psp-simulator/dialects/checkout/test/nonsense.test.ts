/**
 * Whatever a client sends, Checkout.com's dialect answers in its own error format and never
 * breaks: no 5xx, no defect of the simulator, and what exists stays as it was.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openBench, type Bench } from '../../../test/bench.ts';

const ODD_TEXT = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '0', '-1', '1e9', '99999999999', 'null', 'true', 'eur', 'EUR', '4242424242424242'),
);
const SOURCE = fc.record(
  {
    type: fc.oneof(fc.constantFrom('card', 'token', 'id', 'customer', 'bank_account', 'klarna'), ODD_TEXT),
    number: fc.oneof(fc.constant('4242424242424242'), ODD_TEXT),
    expiry_month: fc.oneof(fc.constantFrom(12, '12', 0, 13, null), ODD_TEXT),
    expiry_year: fc.oneof(fc.constantFrom(2098, '2098', 1999), ODD_TEXT),
    token: ODD_TEXT,
    id: ODD_TEXT,
    email: ODD_TEXT,
    account_number: ODD_TEXT,
    account_holder: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: [] },
);
const VALUE = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  ODD_TEXT,
  SOURCE,
  fc.constantFrom(1, 1_000, 1.5, -1, 'GBP', 'CLP'),
);
const KEY = fc.constantFrom(
  'source',
  'destination',
  'amount',
  'currency',
  'reference',
  'capture',
  'capture_type',
  'customer',
  '3ds',
  'metadata',
  'success_url',
  'payment_type',
  'billing',
  'type',
  'token',
  'number',
  'email',
  'default',
  'grant_type',
  'additional_evidence_text',
  '__proto__',
);
const ID = fc.oneof(
  fc.constantFrom(
    'pay_none',
    'sid_',
    'hpp_',
    'dsp_',
    'src_',
    '..',
    '%',
    '%00',
    'é',
    'x'.repeat(300),
    '<payment>',
    '<dispute>',
  ),
  ODD_TEXT,
);
const PATH = fc.oneof(
  fc.constantFrom(
    '/payments',
    '/payments?limit=x&skip=-1',
    '/payments?reference=%F0',
    '/hosted-payments',
    '/tokens',
    '/instruments',
    '/customers',
    '/disputes?limit=0',
    '/disputes?from=yesterday&statuses=,',
    '/financial-actions?pagination_token=zzz&limit=3',
    '/reports',
    '/connect/token',
    '/payment-links',
    '/',
    '//',
  ),
  fc
    .tuple(
      fc.constantFrom('payments', 'hosted-payments', 'instruments', 'customers', 'disputes', 'reports', 'balances'),
      ID,
      fc.constantFrom(
        '',
        '/actions',
        '/captures',
        '/voids',
        '/refunds',
        '/reversals',
        '/accept',
        '/evidence',
        '/files/x',
      ),
    )
    .map(([what, id, verb]) => ({ what, id, verb })),
);
const BODY = fc.oneof(
  fc.array(fc.tuple(KEY, VALUE), { maxLength: 8 }).map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
  fc.constantFrom('', '[]', 'null', '{', '1', '"text"', 'grant_type=client_credentials&client_id=%'),
);

describe('nonsense sent to the checkout dialect', () => {
  let bench: Bench;
  let headers: Record<string, string>;
  let known: Record<string, string>;

  before(async () => {
    const fast = { latency: { kind: 'fixed', ms: 0 } } as const;
    bench = await openBench({ psps: [{ name: 'checkout', dialect: 'checkout', profile: fast }] });
    const { credentials, url } = bench.psp();
    headers = { authorization: `Bearer ${credentials['secretKey'] ?? ''}`, 'content-type': 'application/json' };
    const source = { type: 'card', number: '4242424242424242', expiry_month: 12, expiry_year: 2098 };
    const body = JSON.stringify({ source, amount: 1_000, currency: 'EUR', capture: false });
    const answer = await bench.exchange(`${url}/payments`, { method: 'POST', headers, body });
    const payment = (JSON.parse(answer.body.toString('utf8')) as { id: string }).id;
    const dispute = await bench.control('POST', '/psps/checkout/trigger', { event: 'dispute_evidence_required' });
    assert.equal(dispute.status, 202);
    known = { '<payment>': payment, '<dispute>': String(dispute.json['psp_reference']) };
  });
  after(() => bench.close());

  it('is answered in its own format', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
        PATH,
        BODY,
        async (method, path, body) => {
          const defects = bench.events('simulator-defect').length;
          const target =
            typeof path === 'string'
              ? path
              : `/${path.what}/${encodeURIComponent(known[path.id] ?? path.id)}${path.verb}`;
          const answer = await bench.exchange(`${bench.psp().url}${target}`, {
            method,
            headers,
            ...(method === 'GET' ? {} : { body }),
          });
          const text = answer.body.toString('utf8');
          assert.ok(answer.status < 500, `${method} ${target} ${body}: ${answer.status} ${text}`);
          assert.deepEqual(bench.events('simulator-defect').slice(defects), []);
          if ([401, 403].includes(answer.status)) assert.equal(text, '');
          if (answer.status === 422) assert.ok(text.includes('"error_codes":["'), text);
        },
      ),
      { numRuns: 400 },
    );
  });
});
