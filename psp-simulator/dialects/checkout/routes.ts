/** The map of what is simulated of Checkout.com, and what a faults file calls each route. */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { acceptDispute, getDispute, getEvidence, listDisputes, provideEvidence, submitEvidence } from './disputes.ts';
import { createHostedPayment, getHostedPayment, hostedIn } from './hosted-payments.ts';
import {
  createCustomer,
  createInstrument,
  createToken,
  deleteCustomer,
  deleteInstrument,
  getCustomer,
  getInstrument,
  updateCustomer,
  updateInstrument,
} from './instruments.ts';
import { capturePayment, refundPayment, reversePayment, voidPayment } from './modifications.ts';
import { createAccessToken, TOKEN_PATH } from './oauth.ts';
import { createPayment } from './payments.ts';
import { findRecord, getActions, getEvent, getPayment, getSubjectEvents, listPayments } from './reads.ts';
import { getBalances, getReport, getReportFile, listFinancialActions, listReports } from './settlement-routes.ts';

type ReferenceOf = (call: Call) => string | null;

const none: ReferenceOf = () => null;
const ofBody: ReferenceOf = ({ body }) => {
  const { reference } = body;
  return typeof reference === 'string' && reference !== '' ? reference : null;
};
const ofQuery: ReferenceOf = ({ request }) => request.query.get('reference');
const ofPayment: ReferenceOf = (call) => findRecord(call)?.reference ?? null;
const ofHosted: ReferenceOf = (call) => hostedIn(call)?.reference ?? null;
const ofDispute: ReferenceOf = ({ psp, params }) => psp.bank.findDispute(params['id'] ?? '')?.reference ?? null;

function route(
  method: Route['method'],
  path: string,
  operation: Operation,
  handle: (call: Call) => PspAnswer,
  referenceOf: ReferenceOf,
): Route {
  return { method, path, operation, handle, referenceOf };
}

export const checkoutRoutes: readonly Route[] = [
  route('POST', TOKEN_PATH, 'write-other', createAccessToken, none),
  route('POST', '/payments', 'create-payment', createPayment, ofBody),
  route('GET', '/payments', 'list-payments', listPayments, ofQuery),
  route('GET', '/payments/{id}', 'get-payment', getPayment, ofPayment),
  route('GET', '/payments/{id}/actions', 'get-payment', getActions, ofPayment),
  route('POST', '/payments/{id}/captures', 'capture', capturePayment, ofPayment),
  route('POST', '/payments/{id}/voids', 'void', voidPayment, ofPayment),
  route('POST', '/payments/{id}/refunds', 'refund', refundPayment, ofPayment),
  route('POST', '/payments/{id}/reversals', 'void', reversePayment, ofPayment),
  route('POST', '/hosted-payments', 'create-payment', createHostedPayment, ofBody),
  route('GET', '/hosted-payments/{id}', 'get-payment', getHostedPayment, ofHosted),
  route('POST', '/tokens', 'write-other', createToken, none),
  route('POST', '/instruments', 'save-method', createInstrument, none),
  route('GET', '/instruments/{id}', 'list-methods', getInstrument, none),
  route('PATCH', '/instruments/{id}', 'write-other', updateInstrument, none),
  route('DELETE', '/instruments/{id}', 'remove-method', deleteInstrument, none),
  route('POST', '/customers', 'write-other', createCustomer, none),
  route('GET', '/customers/{id}', 'list-methods', getCustomer, none),
  route('PATCH', '/customers/{id}', 'write-other', updateCustomer, none),
  route('DELETE', '/customers/{id}', 'remove-method', deleteCustomer, none),
  route('GET', '/disputes', 'list-disputes', listDisputes, none),
  route('GET', '/disputes/{id}', 'get-dispute', getDispute, ofDispute),
  route('POST', '/disputes/{id}/accept', 'answer-dispute', acceptDispute, ofDispute),
  route('PUT', '/disputes/{id}/evidence', 'answer-dispute', provideEvidence, ofDispute),
  route('GET', '/disputes/{id}/evidence', 'get-dispute', getEvidence, ofDispute),
  route('POST', '/disputes/{id}/evidence', 'answer-dispute', submitEvidence, ofDispute),
  route('GET', '/financial-actions', 'read-settlement', listFinancialActions, none),
  route('GET', '/reports', 'read-settlement', listReports, none),
  route('GET', '/reports/{id}', 'read-settlement', getReport, none),
  route('GET', '/reports/{id}/files/{file}', 'read-settlement', getReportFile, none),
  route('GET', '/balances/{id}', 'read-other', getBalances, none),
  route('GET', '/workflows/events/{id}', 'read-other', getEvent, none),
  route('GET', '/workflows/events/subject/{id}', 'read-other', getSubjectEvents, none),
];
