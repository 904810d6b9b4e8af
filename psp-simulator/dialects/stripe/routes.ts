/**
 * The map of what is simulated of Stripe: path → neutral operation → handler. Everything else
 * is answered as an unrecognized URL. The literal `search` stands before `{id}`: first match wins.
 */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { retrieveBalance } from './balance.ts';
import { listTransactions, retrieveTransaction } from './balance-transactions.ts';
import {
  createSession,
  expireSession,
  listLineItems,
  listSessions,
  referenceOfSession,
  retrieveSession,
} from './checkout-sessions.ts';
import { createCustomer, deleteCustomer, listCustomers, retrieveCustomer, updateCustomer } from './customers.ts';
import { intentIdOfCharge, tailOf } from './details.ts';
import { closeDispute, listDisputes, retrieveDispute, updateDispute } from './disputes.ts';
import { listWarnings, retrieveWarning } from './early-fraud.ts';
import { referenceIn } from './fields.ts';
import { inside, text, textMap, type FormFields } from './form.ts';
import { listIntents, retrieveIntent, searchIntents } from './intent-reads.ts';
import { cancelIntent, captureIntent, confirmIntent, createIntent, updateIntent } from './payment-intents.ts';
import {
  attachMethod,
  createMethod,
  detachMethod,
  listMethods,
  retrieveMethod,
  updateMethod,
} from './payment-methods.ts';
import { cancelPayout, createPayout, listPayouts, retrievePayout, updatePayout } from './payouts.ts';
import { cancelRefund, createRefund, listRefunds, refundedPayment, retrieveRefund, updateRefund } from './refunds.ts';
import { createReportRun, fileContents, retrieveFile, retrieveReportRun } from './reports.ts';
import {
  cancelSetupIntent,
  confirmSetupIntent,
  createSetupIntent,
  listSetupIntents,
  retrieveSetupIntent,
  updateSetupIntent,
} from './setup-intents.ts';
import { listCharges, listEvents, retrieveCharge, retrieveEvent } from './side-reads.ts';
import {
  createEndpoint,
  deleteEndpoint,
  listEndpoints,
  retrieveEndpoint,
  updateEndpoint,
} from './webhook-endpoints.ts';

type ReferenceOf = (call: Call) => string | null;

const none: ReferenceOf = () => null;
const ofMetadata: ReferenceOf = (call) => referenceIn(textMap(call.body as FormFields, 'metadata'));
const ofIntent: ReferenceOf = (call) => call.psp.bank.findPayment(call.params['id'] ?? '')?.reference ?? null;
const ofCharge: ReferenceOf = (call) =>
  call.psp.bank.findPayment(intentIdOfCharge(call.params['id'] ?? ''))?.reference ?? null;
const ofRefund: ReferenceOf = (call) => {
  const refund = call.psp.bank.findRefund(call.params['id'] ?? '');
  return refund === undefined ? null : (call.psp.bank.findPayment(refund.paymentPspReference)?.reference ?? null);
};
const ofDispute: ReferenceOf = (call) => call.psp.bank.findDispute(call.params['id'] ?? '')?.reference ?? null;
const ofSession: ReferenceOf = (call) =>
  call.psp.bank.findPayment(`pi_${tailOf(call.params['id'] ?? '')}`)?.reference ?? null;
const ofNewSession: ReferenceOf = (call) => {
  const fields = call.body as FormFields;
  const session = {
    metadata: textMap(fields, 'metadata'),
    clientReferenceId: text(fields, 'client_reference_id') ?? null,
  };
  return referenceOfSession(session, textMap(inside(fields, 'payment_intent_data'), 'metadata'));
};
const ofPayout: ReferenceOf = (call) => call.psp.bank.findPayout(call.params['id'] ?? '')?.reference ?? null;
const ofNewRefund: ReferenceOf = (call) => refundedPayment(call)?.reference ?? ofMetadata(call);
const ofQuery: ReferenceOf = (call) => {
  const query = text({ query: call.request.query.get('query') ?? '' }, 'query');
  return /metadata\[['"](?:reference|order)['"]\]:['"]([^'"]*)['"]/.exec(query ?? '')?.[1] ?? null;
};

function route(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  operation: Operation,
  handle: (call: Call) => PspAnswer,
  referenceOf: ReferenceOf,
): Route {
  return { method, path, operation, handle, referenceOf };
}

export const stripeRoutes: readonly Route[] = [
  route('POST', '/v1/payment_intents', 'create-payment', createIntent, ofMetadata),
  route('GET', '/v1/payment_intents', 'list-payments', listIntents, none),
  route('GET', '/v1/payment_intents/search', 'list-payments', searchIntents, ofQuery),
  route('GET', '/v1/payment_intents/{id}', 'get-payment', retrieveIntent, ofIntent),
  route('POST', '/v1/payment_intents/{id}', 'write-other', updateIntent, ofIntent),
  route('POST', '/v1/payment_intents/{id}/confirm', 'confirm-payment', confirmIntent, ofIntent),
  route('POST', '/v1/payment_intents/{id}/capture', 'capture', captureIntent, ofIntent),
  route('POST', '/v1/payment_intents/{id}/cancel', 'void', cancelIntent, ofIntent),
  route('POST', '/v1/refunds', 'refund', createRefund, ofNewRefund),
  route('GET', '/v1/refunds', 'list-refunds', listRefunds, none),
  route('GET', '/v1/refunds/{id}', 'get-refund', retrieveRefund, ofRefund),
  route('POST', '/v1/refunds/{id}', 'write-other', updateRefund, ofRefund),
  route('POST', '/v1/refunds/{id}/cancel', 'write-other', cancelRefund, ofRefund),
  route('POST', '/v1/payouts', 'create-payout', createPayout, ofMetadata),
  route('GET', '/v1/payouts', 'list-payouts', listPayouts, none),
  route('GET', '/v1/payouts/{id}', 'get-payout', retrievePayout, ofPayout),
  route('POST', '/v1/payouts/{id}', 'write-other', updatePayout, ofPayout),
  route('POST', '/v1/payouts/{id}/cancel', 'write-other', cancelPayout, ofPayout),
  route('GET', '/v1/charges', 'read-other', listCharges, none),
  route('GET', '/v1/charges/{id}', 'read-other', retrieveCharge, ofCharge),
  route('GET', '/v1/events', 'read-other', listEvents, none),
  route('GET', '/v1/events/{id}', 'read-other', retrieveEvent, none),
  route('GET', '/v1/disputes', 'list-disputes', listDisputes, none),
  route('GET', '/v1/disputes/{id}', 'get-dispute', retrieveDispute, ofDispute),
  route('POST', '/v1/disputes/{id}', 'answer-dispute', updateDispute, ofDispute),
  route('POST', '/v1/disputes/{id}/close', 'answer-dispute', closeDispute, ofDispute),
  route('GET', '/v1/radar/early_fraud_warnings', 'read-other', listWarnings, none),
  route('GET', '/v1/radar/early_fraud_warnings/{id}', 'read-other', retrieveWarning, none),

  route('POST', '/v1/customers', 'write-other', createCustomer, none),
  route('GET', '/v1/customers', 'read-other', listCustomers, none),
  route('GET', '/v1/customers/{id}', 'read-other', retrieveCustomer, none),
  route('POST', '/v1/customers/{id}', 'write-other', updateCustomer, none),
  route('DELETE', '/v1/customers/{id}', 'write-other', deleteCustomer, none),
  route('GET', '/v1/customers/{id}/payment_methods', 'list-methods', listMethods, none),
  route('POST', '/v1/payment_methods', 'save-method', createMethod, none),
  route('GET', '/v1/payment_methods', 'list-methods', listMethods, none),
  route('GET', '/v1/payment_methods/{id}', 'read-other', retrieveMethod, none),
  route('POST', '/v1/payment_methods/{id}', 'write-other', updateMethod, none),
  route('POST', '/v1/payment_methods/{id}/attach', 'save-method', attachMethod, none),
  route('POST', '/v1/payment_methods/{id}/detach', 'remove-method', detachMethod, none),
  route('POST', '/v1/setup_intents', 'save-method', createSetupIntent, none),
  route('GET', '/v1/setup_intents', 'read-other', listSetupIntents, none),
  route('GET', '/v1/setup_intents/{id}', 'read-other', retrieveSetupIntent, none),
  route('POST', '/v1/setup_intents/{id}', 'write-other', updateSetupIntent, none),
  route('POST', '/v1/setup_intents/{id}/confirm', 'save-method', confirmSetupIntent, none),
  route('POST', '/v1/setup_intents/{id}/cancel', 'write-other', cancelSetupIntent, none),
  route('POST', '/v1/checkout/sessions', 'create-payment', createSession, ofNewSession),
  route('GET', '/v1/checkout/sessions', 'list-payments', listSessions, none),
  route('GET', '/v1/checkout/sessions/{id}', 'get-payment', retrieveSession, ofSession),
  route('GET', '/v1/checkout/sessions/{id}/line_items', 'read-other', listLineItems, ofSession),
  route('POST', '/v1/checkout/sessions/{id}/expire', 'void', expireSession, ofSession),

  route('POST', '/v1/webhook_endpoints', 'write-other', createEndpoint, none),
  route('GET', '/v1/webhook_endpoints', 'read-other', listEndpoints, none),
  route('GET', '/v1/webhook_endpoints/{id}', 'read-other', retrieveEndpoint, none),
  route('POST', '/v1/webhook_endpoints/{id}', 'write-other', updateEndpoint, none),
  route('DELETE', '/v1/webhook_endpoints/{id}', 'write-other', deleteEndpoint, none),

  route('GET', '/v1/balance', 'read-settlement', retrieveBalance, none),
  route('GET', '/v1/balance_transactions', 'read-settlement', listTransactions, none),
  route('GET', '/v1/balance_transactions/{id}', 'read-settlement', retrieveTransaction, none),
  route('POST', '/v1/reporting/report_runs', 'read-settlement', createReportRun, none),
  route('GET', '/v1/reporting/report_runs/{id}', 'read-settlement', retrieveReportRun, none),
  route('GET', '/v1/files/{id}', 'read-settlement', retrieveFile, none),
  route('GET', '/v1/files/{id}/contents', 'read-settlement', fileContents, none),
];
