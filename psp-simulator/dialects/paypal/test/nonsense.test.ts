/**
 * Whatever a client sends, it is answered in PayPal's error format and nothing breaks: no 5xx
 * and no defect of the simulator. Requests are real ones in which one value was replaced.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openBench, type Bench } from '../../../test/bench.ts';
import type { Route } from '../../dialect.ts';
import { paypalRoutes } from '../routes.ts';

type Json = Record<string, unknown>;

const CARD = {
  number: '4012888888881881',
  expiry: '2030-01',
  name: 'ASSAY-REFUND-FAILS',
  attributes: {
    verification: { method: 'SCA_ALWAYS' },
    vault: { store_in_vault: 'ON_SUCCESS' },
    customer: { id: 'c' },
  },
  experience_context: { return_url: 'https://shop.example/r', cancel_url: 'https://shop.example/c' },
  stored_credential: { payment_initiator: 'MERCHANT', payment_type: 'RECURRING' },
};

const ORDER = {
  intent: 'CAPTURE',
  purchase_units: [{ custom_id: 'o', invoice_id: 'i', amount: { currency_code: 'EUR', value: '10.00' } }],
  payment_source: { card: CARD },
  application_context: { return_url: 'https://shop.example/r' },
};

/** Real bodies, and the routes that they are for. */
const BODIES: readonly (readonly [RegExp, Json])[] = [
  [/orders$/, ORDER],
  [/orders$/, { ...ORDER, intent: 'AUTHORIZE', payment_source: { card: { ...CARD, attributes: {} } } }],
  [
    /orders$/,
    { intent: 'CAPTURE', purchase_units: [{ reference_id: 'r', amount: { currency_code: 'JPY', value: '10' } }] },
  ],
  [
    /source$|orders.*(capture|authorize)$/,
    { payment_source: { paypal: { email_address: 'assay-declined@example.com' } } },
  ],
  [/source$|orders.*(capture|authorize)$|setup-tokens$/, { payment_source: { card: CARD }, customer: { id: 'c' } }],
  [/payment-tokens$/, { payment_source: { token: { id: 'none', type: 'SETUP_TOKEN' } }, customer: { id: 'c' } }],
  [
    /authorizations.*capture$|refund$/,
    { amount: { currency_code: 'EUR', value: '1.00' }, final_capture: false, invoice_id: 'i', note_to_payer: 'n' },
  ],
  [
    /payouts$/,
    {
      sender_batch_header: { sender_batch_id: 'b', email_subject: 's' },
      items: [{ receiver: 'r', note: 'ASSAY-UNCLAIMED', amount: { currency: 'EUR', value: '1.00' } }],
    },
  ],
  [
    /disputes/,
    { evidences: [{ evidence_type: 'OTHER', notes: 'n' }], message: 'm', adjudication_outcome: 'SELLER_FAVOR' },
  ],
  [/simulate/, { event_type: 'PAYMENT.CAPTURE.COMPLETED', webhook_id: 'w' }],
  [/verify/, { webhook_event: {}, auth_algo: 'a', cert_url: 'u', webhook_id: 'w', transmission_id: 't' }],
  [
    /orders\/\{id\}$/,
    { patch: [{ op: 'replace', path: "/purchase_units/@reference_id=='default'/description", value: 'v' }] },
  ],
];

const JUNK = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1.5, true, [], {}, [null], '__proto__', 'x'.repeat(400), '1e400', '-0.00'),
  fc.jsonValue({ maxDepth: 1 }),
);

/** Every place in a body, as a path of keys. */
function placesIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], junk: unknown): unknown {
  if (key === undefined) return junk;
  const copy = structuredClone(value) as Json;
  copy[key] = replaced(copy[key], rest, junk);
  return copy;
}

/** A body for this route three times of four, with one value replaced two times of three. */
const bodyFor = ({ path }: Route): fc.Arbitrary<string> => {
  const all = BODIES.map(([, whole]) => whole);
  const fitting = BODIES.filter(([route]) => route.test(path)).map(([, whole]) => whole);
  const whole = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Json>(...(fitting.length === 0 ? all : fitting)) },
    { weight: 1, arbitrary: fc.constantFrom<Json>(...all) },
  );
  const broken = whole.chain((real) =>
    fc.tuple(fc.constantFrom(...placesIn(real)), JUNK).map(([place, junk]) => replaced(real, place, junk)),
  );
  const value = fc.oneof({ weight: 1, arbitrary: whole }, { weight: 2, arbitrary: broken });
  return fc.oneof(
    { weight: 12, arbitrary: value.map((real) => JSON.stringify(real)) },
    { weight: 1, arbitrary: fc.string() },
  );
};

const posts = paypalRoutes.filter(({ method }) => method === 'POST');
const request = fc.oneof(fc.constantFrom(...paypalRoutes), fc.constantFrom(...posts)).chain((route) =>
  fc.record({
    route: fc.constant(route),
    body: bodyFor(route),
    id: fc.nat(),
    query: fc.constantFrom(
      '',
      '',
      '?page_size=0',
      '?page=x&page_size=1',
      '?start_date=2026-01-01&end_date=x',
      '?token=1&&&&',
    ),
    type: fc.constantFrom(
      ...Array.from({ length: 6 }, () => 'application/json'),
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=b',
      '',
    ),
    prefer: fc.constantFrom('', 'return=representation'),
  }),
);

describe('nonsense in the paypal dialect', () => {
  let bench: Bench;
  before(async () => {
    bench = await openBench({
      psps: [{ name: 'paypal', dialect: 'paypal', profile: { latency: { kind: 'fixed', ms: 0 } } }],
    });
  });
  after(() => bench.close());

  it('is refused in words, whatever it is', async () => {
    const { url, credentials } = bench.psp();
    const basic = Buffer.from(`${credentials['clientId']}:${credentials['clientSecret']}`).toString('base64');
    const statuses = new Map<number, number>();
    /** Ids of everything that was made, so that later requests meet something real. */
    const ids: string[] = ['none', '..', '%00', 'é'];
    let keys = 0;
    await fc.assert(
      fc.asyncProperty(request, async ({ route, body: text, id, query, type, prefer }) => {
        keys += 1;
        const path = route.path.replace(/\{\w+\}/, encodeURIComponent(ids[id % ids.length] ?? 'none'));
        const response = await bench.exchange(`${url}${path}${query}`, {
          method: route.method,
          headers: {
            authorization: `Basic ${basic}`,
            'content-type': type,
            prefer,
            'paypal-request-id': `key-${keys % 500}`,
          },
          ...(route.method === 'GET' ? {} : { body: text }),
        });
        const answer = response.body.toString('utf8');
        assert.ok(response.status < 500, `${route.method} ${path} ${text}: ${response.status} ${answer}`);
        if (response.status >= 400) {
          const error = JSON.parse(answer) as Json;
          assert.ok(typeof error['name'] === 'string' || typeof error['error'] === 'string', answer);
        }
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        for (const [, made = ''] of answer.matchAll(/"(?:id|payout_item_id|payout_batch_id)":"([^"]+)"/g))
          ids.push(made);
      }),
      { numRuns: 1_000 },
    );
    assert.deepEqual(bench.events('simulator-defect'), []);
    for (const status of [200, 201, 400, 404, 422])
      assert.ok((statuses.get(status) ?? 0) > 10, `${status} came too rarely`);
  });
});
