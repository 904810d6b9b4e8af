/** The routes, and what each of them is about: the merchant's reference keys history and faults. */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { getDispute, listDisputes, submitEvidence } from './disputes.ts';
import { createPayout, createRefund, getPayout, getRefund } from './money-out.ts';
import { cancelPayment, capturePayment, createPayment, getPayment, listPayments } from './payments.ts';
import { removeMethod, saveMethod } from './saved-methods.ts';
import { listSettlements } from './settlement.ts';

type Reference = (call: Call) => string | null;

const ofNone: Reference = () => null;
const ofBody: Reference = ({ body }) => (typeof body['reference'] === 'string' ? body['reference'] : null);
const ofPayment: Reference = ({ psp, params }) => psp.bank.findPayment(params['id'] ?? '')?.reference ?? null;
const ofPayout: Reference = ({ psp, params }) => psp.bank.findPayout(params['id'] ?? '')?.reference ?? null;
const ofDispute: Reference = ({ psp, params }) => psp.bank.findDispute(params['id'] ?? '')?.reference ?? null;

function route(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  operation: Operation,
  handle: (call: Call) => PspAnswer,
  referenceOf: Reference,
): Route {
  return { method, path, operation, handle, referenceOf };
}

export const exampleBankRoutes: readonly Route[] = [
  route('POST', '/payments', 'create-payment', createPayment, ofBody),
  route('GET', '/payments', 'list-payments', listPayments, ofNone),
  route('GET', '/payments/{id}', 'get-payment', getPayment, ofPayment),
  route('POST', '/payments/{id}/capture', 'capture', capturePayment, ofPayment),
  route('POST', '/payments/{id}/cancel', 'void', cancelPayment, ofPayment),
  route('POST', '/payments/{id}/refunds', 'refund', createRefund, ofPayment),
  route('GET', '/refunds/{id}', 'get-refund', getRefund, ofNone),
  route('POST', '/payouts', 'create-payout', createPayout, ofBody),
  route('GET', '/payouts/{id}', 'get-payout', getPayout, ofPayout),
  route('GET', '/disputes', 'list-disputes', listDisputes, ofNone),
  route('GET', '/disputes/{id}', 'get-dispute', getDispute, ofDispute),
  route('POST', '/disputes/{id}/evidence', 'answer-dispute', submitEvidence, ofDispute),
  route('POST', '/cards', 'save-method', saveMethod, ofNone),
  route('DELETE', '/cards/{id}', 'remove-method', removeMethod, ofNone),
  route('GET', '/settlements', 'read-settlement', listSettlements, ofNone),
];
