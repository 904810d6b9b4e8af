/** acme's routes, in the order of `openapi/psp-acme.yaml`. */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { createPayout, createRefund, getPayout, getRefund, listPayouts } from './money-out.ts';
import { capturePayment, createPayment, getPayment, listPayments, voidPayment } from './payments.ts';

type Reference = (call: Call) => string | null;

const fromBody: Reference = ({ body }) => (typeof body['reference'] === 'string' ? body['reference'] : null);
const fromQuery: Reference = ({ request }) => request.query.get('reference');
const ofPayment: Reference = ({ psp, params }) => psp.bank.findPayment(params['id'] ?? '')?.reference ?? null;
const ofPayout: Reference = ({ psp, params }) => psp.bank.findPayout(params['id'] ?? '')?.reference ?? null;
const ofRefund: Reference = ({ psp, params }) => {
  const refund = psp.bank.findRefund(params['id'] ?? '');
  return refund === undefined ? null : (psp.bank.findPayment(refund.paymentPspReference)?.reference ?? null);
};

function route(
  method: 'GET' | 'POST',
  path: string,
  operation: Operation,
  handle: (call: Call) => PspAnswer,
  referenceOf: Reference,
): Route {
  return { method, path, operation, handle, referenceOf };
}

export const acmeRoutes: readonly Route[] = [
  route('POST', '/payments', 'create-payment', createPayment, fromBody),
  route('GET', '/payments', 'list-payments', listPayments, fromQuery),
  route('GET', '/payments/{id}', 'get-payment', getPayment, ofPayment),
  route('POST', '/payments/{id}/capture', 'capture', capturePayment, ofPayment),
  route('POST', '/payments/{id}/void', 'void', voidPayment, ofPayment),
  route('POST', '/payments/{id}/refunds', 'refund', createRefund, ofPayment),
  route('GET', '/refunds/{id}', 'get-refund', getRefund, ofRefund),
  route('POST', '/payouts', 'create-payout', createPayout, fromBody),
  route('GET', '/payouts', 'list-payouts', listPayouts, fromQuery),
  route('GET', '/payouts/{id}', 'get-payout', getPayout, ofPayout),
];
