/**
 * What every adapter must say when there is no usable answer, whatever the dialect and the
 * operation: a doubt unless it is certain that nothing arrived. One table, so that no
 * dialect can forget a branch. That each call sends exactly one request is part of the claim:
 * a hidden retry of a money request would be a second payment.
 */
import assert from 'node:assert/strict';
import type { PspAdapter, PspDialect } from '../../../ports/psp-adapter.ts';
import {
  answer,
  exampleCapture,
  exampleRefund,
  inWorld,
  paymentAttempt,
  payoutAttempt,
  resetBeforeAnswer,
  RETURN_URL,
  silence,
  TIMEOUT_MS,
  truncatedAnswer,
} from './scripted-psp.ts';
import type { Step } from './scripted-psp.ts';
// Loaded now: the clock of a test waits a few seconds for work that is not its own, and no longer.
import '../mollie/sdk.ts';

interface Operation {
  name: string;
  call: (adapter: PspAdapter) => Promise<{ kind: string; requestMayHaveArrived?: boolean }>;
  /** Adyen cannot be asked, PayPal and banks only by their own id; they repeat the call instead. */
  not?: readonly PspDialect[];
  only?: readonly PspDialect[];
}

const OPERATIONS: readonly Operation[] = [
  { name: 'create payment', call: (adapter) => adapter.createPayment(paymentBy(adapter), { returnUrl: RETURN_URL }) },
  {
    name: 'query payment by our reference',
    call: (adapter) => adapter.queryPayment(paymentBy(adapter)),
    not: ['adyen', 'paypal', 'open-banking'],
  },
  {
    name: 'query payment by PSP id',
    call: (adapter) => adapter.queryPayment({ ...paymentBy(adapter), pspReference: 'psp_1' }),
    not: ['adyen'],
  },
  {
    name: 'cancel payment',
    call: (adapter) => adapter.cancelPayment({ ...paymentBy(adapter), pspReference: 'psp_1' }),
  },
  {
    name: 'cancel payment by our reference',
    call: (adapter) => adapter.cancelPayment(paymentBy(adapter)),
    not: ['paypal', 'open-banking'],
  },
  {
    name: 'capture payment',
    call: (adapter) => adapter.capturePayment(exampleCapture('psp_1')),
    not: ['open-banking'],
  },
  {
    name: 'refund payment',
    call: (adapter) => adapter.refundPayment(exampleRefund('psp_1')),
  },
  { name: 'create payout', call: (adapter) => adapter.createPayout(payoutTo(adapter)), not: ['mollie'] },
  {
    name: 'query payout by our reference',
    call: (adapter) => adapter.queryPayout(payoutTo(adapter)),
    not: ['adyen', 'paypal', 'mollie', 'open-banking'],
  },
  {
    name: 'query payout by PSP id',
    call: (adapter) => adapter.queryPayout({ ...payoutTo(adapter), pspReference: 'psp_1' }),
    not: ['adyen', 'mollie'],
  },
  {
    name: 'submit return',
    call: async (adapter) => {
      assert.ok(adapter.submitReturn);
      return adapter.submitReturn(paymentAttempt(), { redirectResult: 'X6X', token: 'psp_1' });
    },
    only: ['adyen', 'paypal'],
  },
];

/** A payment by the first method that the PSP takes. */
function paymentBy({ capabilities }: PspAdapter) {
  const method = capabilities.methods[0] ?? 'card';
  return paymentAttempt({ method, token: `${method}_ok` });
}

/** A payout to the first method that the PSP pays out to. */
function payoutTo({ capabilities }: PspAdapter) {
  const method = capabilities.payoutMethods[0] ?? 'card';
  return payoutAttempt({ method, destinationToken: `${method}_payout_ok` });
}

/** What is asked for before the operation itself. */
function before(dialect: PspDialect): Step[] {
  const isTokenFirst = dialect === 'paypal' || dialect === 'open-banking';
  return isTokenFirst ? [answer(200, { access_token: 'A21AA', token_type: 'Bearer', expires_in: 32_400 })] : [];
}

const ERROR_BODIES: Readonly<Record<PspDialect, (status: number, code: string) => object>> = {
  acme: (_status, code) => ({ code, message: 'scripted' }),
  stripe: (_status, code) => ({ error: { type: 'api_error', code, message: 'scripted' } }),
  adyen: (status, code) => ({ status, errorCode: code, message: 'scripted', errorType: 'internal' }),
  checkout: (_status, code) => ({ request_id: 'req_1', error_type: 'scripted', error_codes: [code] }),
  paypal: (_status, code) => ({ name: code.toUpperCase(), message: 'scripted', debug_id: 'd1', details: [] }),
  mollie: (status, code) => ({ status, title: 'Scripted', detail: code, _links: {} }),
  'open-banking': (status, code) => ({ type: 'about:blank', title: code, status, detail: 'scripted' }),
};

/** A body that would be a success if the status were one. */
function success(dialect: PspDialect): object {
  const ids = {
    id: 'psp_1',
    payment_id: 'psp_1',
    payout_id: 'psp_1',
    refund_id: 'psp_1',
    pspReference: 'psp_1',
    reference: 'att_1',
    metadata: { reference: 'att_1' },
  };
  const status = {
    acme: 'captured',
    stripe: 'succeeded',
    adyen: undefined,
    checkout: 'Captured',
    paypal: 'COMPLETED',
    mollie: 'paid',
    'open-banking': 'settled',
  }[dialect];
  return { ...ids, status, resultCode: 'Authorised', currency: 'eur', amount_received: 5_000, data: [ids] };
}

const HTML = '<html><body><h1>502 Bad Gateway</h1></body></html>';

function doubtful(dialect: PspDialect): Record<string, Step> {
  const body = ERROR_BODIES[dialect];
  return {
    'a reset before the answer': resetBeforeAnswer,
    'a truncated body': truncatedAnswer({ id: 'psp_1', status: 'succeeded' }),
    'no answer in time': silence,
    'an HTML error page': answer(502, HTML, { 'content-type': 'text/html' }),
    'an HTML page with status 200': answer(200, HTML, { 'content-type': 'text/html' }),
    'an HTML page with status 403': answer(403, HTML, { 'content-type': 'text/html' }),
    'broken JSON': answer(200, '{"id": "psp_1",'),
    'an empty body': answer(200, ''),
    'JSON null': answer(200, 'null'),
    'a JSON text': answer(200, '"ok"'),
    'a JSON array': answer(200, '[]'),
    'an empty object with status 200': answer(200, {}),
    'an empty object with status 503': answer(503, {}),
    'an empty object with status 400': answer(400, {}),
    'a 503 with the body of a success': answer(503, success(dialect)),
    'a 503 with the body of an empty list': answer(503, { object: 'list', data: [], has_more: false }),
    'a 400 with the body of an empty list': answer(400, { object: 'list', data: [], has_more: false }),
    'a redirect': answer(302, {}, { location: 'http://elsewhere/' }),
    "500 in the PSP's format": answer(500, body(500, 'internal')),
    "502 in the PSP's format": answer(502, body(502, 'internal')),
    "503 in the PSP's format": answer(503, body(503, 'unavailable')),
    "408 in the PSP's format": answer(408, body(408, 'timeout')),
    "409 in the PSP's format": answer(409, body(409, 'in_flight')),
    '500 that asks to be retried': answer(500, body(500, 'internal'), {
      'stripe-should-retry': 'true',
      'transient-error': 'true',
    }),
  };
}

const REFUSALS: readonly { status: number; code: string; refusal: string }[] = [
  { status: 429, code: 'rate_limited', refusal: 'rate_limited' },
  { status: 401, code: 'unauthorized', refusal: 'unauthorized' },
  { status: 403, code: 'forbidden', refusal: 'unauthorized' },
  { status: 400, code: 'bad_request', refusal: 'invalid_request' },
  { status: 422, code: 'unprocessable', refusal: 'invalid_request' },
];

for (const dialect of ['acme', 'stripe', 'adyen', 'checkout', 'paypal', 'mollie', 'open-banking'] as const) {
  describe(`${dialect} adapter without a usable answer`, () => {
    const operations = OPERATIONS.filter(
      ({ not, only }) => not?.includes(dialect) !== true && only?.includes(dialect) !== false,
    );
    for (const operation of operations) {
      describe(operation.name, () => {
        for (const [what, step] of Object.entries(doubtful(dialect))) {
          it(`is in doubt after ${what}`, () =>
            inWorld(dialect, async ({ adapter, script, seen, clock }) => {
              script(...before(dialect), step);
              const result = await operation.call(adapter);
              assert.equal(result.kind, 'in_doubt', JSON.stringify(result));
              assert.equal(result.requestMayHaveArrived, true);
              assert.equal(seen.length, before(dialect).length + 1);
              assert.ok(clock.elapsed() <= TIMEOUT_MS);
            }));
        }

        it('is not reached when the connection is refused', () =>
          inWorld(dialect, async ({ adapter, stopListening, seen }) => {
            await stopListening();
            const result = await operation.call(adapter);
            assert.equal(result.kind, 'not_reached', JSON.stringify(result));
            assert.equal(result.requestMayHaveArrived, false);
            assert.equal(seen.length, 0);
          }));

        it('is not reached when the name does not resolve', () =>
          inWorld(
            dialect,
            async ({ adapter }) => {
              assert.equal((await operation.call(adapter)).kind, 'not_reached');
            },
            { baseUrl: 'http://no-such-psp' },
          ));

        for (const { status, code, refusal } of REFUSALS) {
          it(`is refused by ${status} in the PSP's format`, () =>
            inWorld(dialect, async ({ adapter, script, seen }) => {
              script(...before(dialect), answer(status, ERROR_BODIES[dialect](status, code)));
              const result = await operation.call(adapter);
              const rejected =
                (operation.name === 'refund payment' || operation.name === 'capture payment') &&
                refusal === 'invalid_request' &&
                // Elsewhere it is the question before the refund that is refused.
                ['stripe', 'adyen', 'checkout'].includes(dialect);
              if (rejected) assert.equal(result.kind, 'rejected', JSON.stringify(result));
              else
                assert.deepEqual(
                  { ...result, reason: '' },
                  { kind: 'refused', requestMayHaveArrived: true, code: refusal, reason: '' },
                );
              assert.equal(seen.length, before(dialect).length + 1);
            }));
        }
      });
    }
  });
}
