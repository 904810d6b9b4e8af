/** acme's routes, in the order of `openapi/psp-acme.yaml`. */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { acceptDispute, getDispute, listDisputes, submitEvidence } from './disputes.ts';
import { capturePayment, createPayment, getPayment, listPayments, voidPayment } from './payments.ts';
import { createPayout, getPayout, listPayouts } from './payouts.ts';
import { createRefund, getRefund, listRefunds } from './refunds.ts';
import { getMethod, listMethods, removeMethod, saveMethod } from './saved-methods.ts';
import { downloadSettlement, getSettlement, listSettlements, openSettlement } from './settlement-routes.ts';

type Reference = (call: Call) => string | null;

const fromBody: Reference = ({ body }) => (typeof body['reference'] === 'string' ? body['reference'] : null);
const fromQuery: Reference = ({ request }) => request.query.get('reference');
const ofPayment: Reference = ({ psp, params }) => psp.bank.findPayment(params['id'] ?? '')?.reference ?? null;
const ofPayout: Reference = ({ psp, params }) => psp.bank.findPayout(params['id'] ?? '')?.reference ?? null;
const ofRefund: Reference = ({ psp, params }) => {
  const refund = psp.bank.findRefund(params['id'] ?? '');
  return refund === undefined ? null : (psp.bank.findPayment(refund.paymentPspReference)?.reference ?? null);
};

const ofDispute: Reference = ({ psp, params }) => psp.bank.findDispute(params['id'] ?? '')?.reference ?? null;
const ofNone: Reference = () => null;

function route(
  method: 'GET' | 'POST' | 'DELETE',
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
  route('GET', '/payments/{id}/refunds', 'list-refunds', listRefunds, ofPayment),
  route('GET', '/refunds/{id}', 'get-refund', getRefund, ofRefund),
  route('POST', '/payouts', 'create-payout', createPayout, fromBody),
  route('GET', '/payouts', 'list-payouts', listPayouts, fromQuery),
  route('GET', '/payouts/{id}', 'get-payout', getPayout, ofPayout),
  route('GET', '/disputes', 'list-disputes', listDisputes, ofNone),
  route('GET', '/disputes/{id}', 'get-dispute', getDispute, ofDispute),
  route('POST', '/disputes/{id}/evidence', 'answer-dispute', submitEvidence, ofDispute),
  route('POST', '/disputes/{id}/accept', 'answer-dispute', acceptDispute, ofDispute),
  route('POST', '/payment-methods', 'save-method', saveMethod, ofNone),
  route('GET', '/payment-methods', 'list-methods', listMethods, ofNone),
  route('GET', '/payment-methods/{id}', 'list-methods', getMethod, ofNone),
  route('DELETE', '/payment-methods/{id}', 'remove-method', removeMethod, ofNone),
  route('GET', '/settlements', 'read-settlement', listSettlements, ofNone),
  route('GET', '/settlements/open', 'read-settlement', openSettlement, ofNone),
  route('GET', '/settlements/{id}', 'read-settlement', getSettlement, ofNone),
  route('GET', '/settlements/{id}/file', 'read-settlement', downloadSettlement, ofNone),
];
