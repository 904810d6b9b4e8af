/**
 * PayPal's idempotency: `PayPal-Request-Id` on POST, up to 108 characters, one space per method
 * and path. A repeated request is answered with the latest state of what the first one made and
 * HTTP 200, not with a copy of the first answer. Only a success is remembered: what was refused
 * is tried again. Vault refuses a key that comes with another body; the other APIs document
 * nothing, and answer with the first request's resource.
 *
 * How long a key lives differs by API: six hours for orders, forty-five days for payments,
 * thirty for payouts, three hours for the vault.
 */
import type { PspProblem } from '../../core/problem.ts';
import type { Call, IdempotencyRules, PspAnswer, PspRequest } from '../dialect.ts';
import { jsonAnswer } from './errors.ts';
import { orderIdOf } from './ids.ts';
import { orderForm } from './order-steps.ts';
import { batchOf } from './payout-batch.ts';
import { batchAnswer } from './payout-wire.ts';
import { captureById, resourceAnswer } from './payments.ts';
import { orderAnswer } from './wire.ts';
import { refundObject } from './wire-payments.ts';

const MAX_KEY_LENGTH = 108;

/** Of the life of an order's key, which is the profile's `keyLifeMs`: 6 hours. */
const LIVES: readonly (readonly [RegExp, number])[] = [
  [/^\/v2\/payments\//, 180],
  [/^\/v1\/payments\/payouts/, 120],
  [/^\/v3\/vault\//, 0.5],
];

const VAULT = /^\/v3\/vault\//;

export const paypalIdempotency: IdempotencyRules = {
  keyHeader: 'paypal-request-id',
  methods: ['POST'],
  required: false,
  maxKeyLength: MAX_KEY_LENGTH,
  scope: (request: PspRequest) => `${request.method} ${request.path}`,
  fingerprint: (request: PspRequest) => (VAULT.test(request.path) ? request.rawBody.toString('utf8') : ''),
  otherBody: 'refuse',
  keeps: (answer: PspAnswer, problem: PspProblem | null) => problem === null && answer.status < 300,
  replayHeaders: {},
  answerHeaders: () => ({}),
  keyLifeMs: ({ path }, { keyLifeMs }) => (LIVES.find(([api]) => api.test(path))?.[1] ?? 1) * keyLifeMs,
  refresh: latestState,
};

/** What the first request made, as it is now. */
function latestState(answer: PspAnswer, call: Call): PspAnswer {
  const { psp, request } = call;
  if (answer.body === '') return answer;
  const first = JSON.parse(answer.body) as { id?: unknown; batch_header?: { payout_batch_id?: unknown } };
  const id = typeof first.id === 'string' ? first.id : '';
  if (request.path.startsWith('/v2/checkout/orders')) {
    const record = psp.bank.findPayment(id);
    if (record === undefined) return answer;
    return jsonAnswer(200, orderAnswer(record, psp, orderForm(call, record)));
  }
  if (request.path.endsWith('/refund')) {
    const refund = psp.bank.findRefund(id);
    if (refund === undefined) return answer;
    return resourceAnswer(call, 200, refundObject(refund, psp.bank.payment(refund.paymentPspReference), psp));
  }
  if (request.path.startsWith('/v2/payments/authorizations/') && request.path.endsWith('/capture')) {
    const record = psp.bank.findPayment(orderIdOf(id));
    return record === undefined ? answer : resourceAnswer(call, 200, captureById(record, id, psp));
  }
  const batch = batchOf(psp, String(first.batch_header?.payout_batch_id ?? ''));
  return batch.length === 0 ? answer : jsonAnswer(200, batchAnswer(batch, psp));
}
