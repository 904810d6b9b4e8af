/**
 * The map of what is simulated of Mollie's v2 API: path → neutral operation → handler. Everything
 * else is answered with a 404 that says so. Literals (`open`, `primary`, `all`) stand before
 * `{id}`: the first match wins.
 */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { getBalance, getPrimaryBalance, listBalances, listBalanceTransactions } from './balances.ts';
import { createCapture, getCapture, listCaptures } from './captures.ts';
import { getChargeback, listAllChargebacks, listChargebacks } from './chargebacks.ts';
import * as customers from './customers.ts';
import { referenceIn } from './details.ts';
import { createHook, deleteHook, getEvent, getHook, listHooks, updateHook } from './hooks.ts';
import { payoutScript } from './magic.ts';
import { getMethod, listAllMethods, listMethods } from './method-routes.ts';
import * as payments from './payments.ts';
import { cancelPayout, createPayout, getPayout, listPayouts } from './payouts.ts';
import { cancelRefund, createRefund, getRefund, listAllRefunds, listRefunds } from './refunds.ts';
import * as settlements from './settlement-routes.ts';

type ReferenceOf = (call: Call) => string | null;
type Handler = (call: Call) => PspAnswer;

const none: ReferenceOf = () => null;
const ofMetadata: ReferenceOf = ({ body }) => referenceIn(body['metadata']);
const ofPayment: ReferenceOf = ({ psp, params }) => psp.bank.findPayment(params['id'] ?? '')?.reference ?? null;
const ofPayout: ReferenceOf = ({ psp, params }) => psp.bank.findPayout(params['id'] ?? '')?.reference ?? null;
const ofNewPayout: ReferenceOf = ({ body }) =>
  typeof body['description'] === 'string' ? payoutScript(body['description']).reference : null;

function route(
  method: Route['method'],
  path: string,
  operation: Operation,
  handle: Handler,
  referenceOf: ReferenceOf = none,
): Route {
  return { method, path: `/v2/${path}`, operation, handle, referenceOf };
}

export const mollieRoutes: readonly Route[] = [
  route('POST', 'payments', 'create-payment', payments.createPayment, ofMetadata),
  route('GET', 'payments', 'list-payments', payments.listPayments),
  route('GET', 'payments/{id}', 'get-payment', payments.getPayment, ofPayment),
  route('PATCH', 'payments/{id}', 'write-other', payments.updatePayment, ofPayment),
  route('DELETE', 'payments/{id}', 'void', payments.cancelPayment, ofPayment),
  route('POST', 'payments/{id}/release-authorization', 'void', payments.releaseAuthorization, ofPayment),
  route('POST', 'payments/{id}/captures', 'capture', createCapture, ofPayment),
  route('GET', 'payments/{id}/captures', 'read-other', listCaptures, ofPayment),
  route('GET', 'payments/{id}/captures/{captureId}', 'read-other', getCapture, ofPayment),
  route('POST', 'payments/{id}/refunds', 'refund', createRefund, ofPayment),
  route('GET', 'payments/{id}/refunds', 'list-refunds', listRefunds, ofPayment),
  route('GET', 'payments/{id}/refunds/{refundId}', 'get-refund', getRefund, ofPayment),
  route('DELETE', 'payments/{id}/refunds/{refundId}', 'write-other', cancelRefund, ofPayment),
  route('GET', 'refunds', 'list-refunds', listAllRefunds),
  route('GET', 'payments/{id}/chargebacks', 'list-disputes', listChargebacks, ofPayment),
  route('GET', 'payments/{id}/chargebacks/{chargebackId}', 'get-dispute', getChargeback, ofPayment),
  route('GET', 'chargebacks', 'list-disputes', listAllChargebacks),
  route('POST', 'customers', 'write-other', customers.createCustomer),
  route('GET', 'customers', 'read-other', customers.listCustomers),
  route('GET', 'customers/{id}', 'read-other', customers.getCustomer),
  route('PATCH', 'customers/{id}', 'write-other', customers.updateCustomer),
  route('DELETE', 'customers/{id}', 'remove-method', customers.deleteCustomer),
  route('POST', 'customers/{id}/payments', 'create-payment', payments.createCustomerPayment, ofMetadata),
  route('GET', 'customers/{id}/payments', 'list-payments', payments.listCustomerPayments),
  route('POST', 'customers/{id}/mandates', 'save-method', customers.createMandate),
  route('GET', 'customers/{id}/mandates', 'list-methods', customers.listMandates),
  route('GET', 'customers/{id}/mandates/{mandateId}', 'list-methods', customers.getMandate),
  route('DELETE', 'customers/{id}/mandates/{mandateId}', 'remove-method', customers.revokeMandate),
  route('GET', 'methods', 'read-other', listMethods),
  route('GET', 'methods/all', 'read-other', listAllMethods),
  route('GET', 'methods/{id}', 'read-other', getMethod),
  route('POST', 'payouts', 'create-payout', createPayout, ofNewPayout),
  route('GET', 'payouts', 'list-payouts', listPayouts),
  route('GET', 'payouts/{id}', 'get-payout', getPayout, ofPayout),
  route('DELETE', 'payouts/{id}', 'write-other', cancelPayout, ofPayout),
  route('GET', 'settlements', 'read-settlement', settlements.listSettlements),
  route('GET', 'settlements/open', 'read-settlement', settlements.getOpenSettlement),
  route('GET', 'settlements/next', 'read-settlement', settlements.getNextSettlement),
  route('GET', 'settlements/{id}', 'read-settlement', settlements.getSettlement),
  route('GET', 'settlements/{id}/payments', 'read-settlement', settlements.listSettlementPayments),
  route('GET', 'settlements/{id}/captures', 'read-settlement', settlements.listSettlementCaptures),
  route('GET', 'settlements/{id}/refunds', 'read-settlement', settlements.listSettlementRefunds),
  route('GET', 'settlements/{id}/chargebacks', 'read-settlement', settlements.listSettlementChargebacks),
  route('GET', 'balances', 'read-settlement', listBalances),
  route('GET', 'balances/primary', 'read-settlement', getPrimaryBalance),
  route('GET', 'balances/{id}', 'read-settlement', getBalance),
  route('GET', 'balances/{id}/transactions', 'read-settlement', listBalanceTransactions),
  route('POST', 'webhooks', 'write-other', createHook),
  route('GET', 'webhooks', 'read-other', listHooks),
  route('GET', 'webhooks/{id}', 'read-other', getHook),
  route('PATCH', 'webhooks/{id}', 'write-other', updateHook),
  route('DELETE', 'webhooks/{id}', 'write-other', deleteHook),
  route('GET', 'events/{id}', 'read-other', getEvent),
];
