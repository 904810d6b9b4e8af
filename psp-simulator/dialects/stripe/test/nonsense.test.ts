/**
 * Goal: no request, however odd, makes the simulated Stripe fail: every route answers in
 * Stripe's format, and nothing is noted as a defect. Method: random parameters for every route,
 * with ids of objects that exist and of objects that do not.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openBench, type Bench } from '../../../test/bench.ts';
import { testPaymentMethods } from '../magic.ts';
import { stripeRoutes } from '../routes.ts';

const KEYS = [
  'amount',
  'amount_to_capture',
  'cancellation_reason',
  'capture_method',
  'card[number]',
  'card[token]',
  'charge',
  'confirm',
  'created[gte]',
  'currency',
  'customer',
  'email',
  'ending_before',
  'evidence[uncategorized_text]',
  'evidence[nonsense]',
  'expand[0]',
  'final_capture',
  'limit',
  'line_items[0][price_data][currency]',
  'line_items[0][price_data][unit_amount]',
  'line_items[0][quantity]',
  'line_items',
  'metadata[reference]',
  'metadata[assay_refund]',
  'metadata',
  'mode',
  'off_session',
  'parameters[columns][0]',
  'parameters[interval_start]',
  'parameters[interval_end]',
  'parameters[payout]',
  'payment_intent',
  'payment_method',
  'payment_method_data[card][token]',
  'payment_method_options[card][request_multicapture]',
  'payment_method_options',
  'payout',
  'report_type',
  'return_url',
  'setup_future_usage',
  'starting_after',
  'submit',
  'success_url',
  'type',
  'usage',
];
const VALUES = [
  '',
  '0',
  '1',
  '-5',
  '999999999999',
  '1.5',
  'true',
  'false',
  'eur',
  'JPY',
  'payment',
  'setup',
  'card',
  'manual',
  'off_session',
  'if_available',
  'winning_evidence',
  'https://shop.example/{CHECKOUT_SESSION_ID}',
  'not a url',
  'payout_reconciliation.itemized.5',
  'balance_change_from_activity.itemized.3',
  'net',
  'fail',
];

describe('nonsense sent to every route of stripe', () => {
  let bench: Bench;
  let ids: string[];

  const headers = (): Record<string, string> => ({
    authorization: `Bearer ${bench.psp('stripe').credentials['apiKey'] ?? ''}`,
    'content-type': 'application/x-www-form-urlencoded',
  });
  const send = async (method: string, path: string, form: string): Promise<{ status: number; text: string }> => {
    const inQuery = method !== 'POST' && form !== '';
    const answer = await bench.exchange(`${bench.psp('stripe').url}${path}${inQuery ? `?${form}` : ''}`, {
      method,
      headers: headers(),
      ...(method === 'POST' ? { body: form } : {}),
    });
    return { status: answer.status, text: answer.body.toString('utf8') };
  };
  const make = async (path: string, form: string): Promise<string> => {
    const { status, text } = await send('POST', path, form);
    assert.equal(status, 200, text);
    return (JSON.parse(text) as { id: string }).id;
  };

  before(async () => {
    const profile = { latency: { kind: 'fixed', ms: 0 }, webhookEvents: ['*'] } as const;
    bench = await openBench({ psps: [{ name: 'stripe', dialect: 'stripe', profile }] });
    const customer = await make('/v1/customers', 'email=a@example.com');
    const card = 'payment_method=pm_card_visa&allowed_payment_method_types[0]=card&confirm=true';
    ids = [
      customer,
      await make('/v1/payment_methods/pm_card_visa/attach', `customer=${customer}`),
      await make('/v1/payment_intents', `amount=1000&currency=eur&${card}`),
      await make('/v1/payment_intents', `amount=1000&currency=eur&capture_method=manual&${card}`),
      await make('/v1/payment_intents', 'amount=1000&currency=jpy'),
      await make('/v1/setup_intents', `customer=${customer}&${card}`),
      await make('/v1/payouts', 'amount=5&currency=eur'),
      await make(
        '/v1/checkout/sessions',
        'mode=payment&success_url=https://shop.example&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=5',
      ),
      await make(
        '/v1/reporting/report_runs',
        'report_type=payout_reconciliation.itemized.5&parameters[interval_start]=0&parameters[interval_end]=9999999999',
      ),
    ];
    const paid = ids[2] ?? '';
    ids.push(paid.replace('pi_', 'ch_') + '1', await make('/v1/refunds', `payment_intent=${paid}&amount=1`));
    ids.push((ids[8] ?? '').replace('frr_', 'file_'), 'nonsense', 'pi_', 'cs_test_', 'frr_bm9uc2Vuc2U', '__proto__');
    for (const event of ['charge.dispute.created', 'payout.reconciliation_completed'])
      await bench.control('POST', '/psps/stripe/trigger', { event });
    for (const [path, what] of [
      ['/v1/disputes', 'dp_'],
      ['/v1/payouts', 'po_'],
      ['/v1/balance_transactions', 'txn_'],
      ['/v1/events', 'evt_'],
    ] as const) {
      const { text } = await send('GET', path, '');
      const [first] = (JSON.parse(text) as { data: { id: string }[] }).data;
      assert.ok(first !== undefined && first.id.startsWith(what), text);
      ids.push(first.id);
    }
  });
  after(() => bench.close());

  it('is answered in its own format and never breaks it', async () => {
    const anyId = fc.nat().map((index) => ids[index % ids.length] ?? '');
    const anyValue = fc.oneof(fc.constantFrom(...VALUES), anyId, fc.constantFrom(...testPaymentMethods()), fc.string());
    const form = fc
      .array(fc.tuple(fc.constantFrom(...KEYS), anyValue), { maxLength: 7 })
      .map((pairs) => pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&'));
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...stripeRoutes), anyId, form, async ({ method, path }, id, fields) => {
        const known = bench.events('simulator-defect').length;
        const { status, text } = await send(method, path.replace('{id}', encodeURIComponent(id)), fields);
        assert.ok(status < 500, `${status} ${text}`);
        assert.deepEqual(bench.events('simulator-defect').slice(known), []);
        if (status >= 400) assert.equal(typeof (JSON.parse(text) as { error: { type: string } }).error.type, 'string');
        else assert.ok(text.startsWith('{') || path.endsWith('/contents'), text);
      }),
      { numRuns: 300 },
    );
  });
});
