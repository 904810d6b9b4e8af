/**
 * The map of what is simulated of PayPal: path → neutral operation → handler. Everything else is
 * answered as a resource that does not exist, in PayPal's words. `PayPal-Mock-Response` is
 * honoured by every route of the API.
 */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import {
  acceptClaim,
  adjudicate,
  appeal,
  listDisputes,
  provideEvidence,
  sendMessage,
  showDispute,
} from './disputes.ts';
import { orderIdOf } from './ids.ts';
import { refuseAsMocked } from './mock-response.ts';
import {
  listEvents,
  listEventTypes,
  listWebhooks,
  resendEvent,
  serveCertificate,
  showEvent,
  showWebhook,
  simulateEvent,
  verifySignature,
} from './notifications.ts';
import { issueToken } from './oauth.ts';
import { confirmSource, createOrder, referenceInBody, showOrder, startApproval, updateOrder } from './orders.ts';
import { batchOf } from './payout-batch.ts';
import { cancelItem, createBatch, showBatch, showItem } from './payouts.ts';
import {
  captureAuthorization,
  refundCapture,
  showAuthorization,
  showCapture,
  showRefund,
  voidAuthorization,
} from './payments.ts';
import { searchTransactions, showBalances } from './reporting.ts';
import { authorizeOrder, captureOrder } from './settle-order.ts';
import {
  createPaymentToken,
  createSetupToken,
  deletePaymentToken,
  listPaymentTokens,
  showPaymentToken,
  showSetupToken,
} from './vault.ts';

type ReferenceOf = (call: Call) => string | null;

const none: ReferenceOf = () => null;
const ofOrder: ReferenceOf = ({ psp, params }) => psp.bank.findPayment(params['id'] ?? '')?.reference ?? null;
const ofPart: ReferenceOf = ({ psp, params }) => psp.bank.findPayment(orderIdOf(params['id'] ?? ''))?.reference ?? null;
const ofApproval: ReferenceOf = ({ psp, request }) =>
  psp.bank.findPayment(request.query.get('token') ?? '')?.reference ?? null;
const ofRefund: ReferenceOf = ({ psp, params }) => {
  const refund = psp.bank.findRefund(params['id'] ?? '');
  return refund === undefined ? null : (psp.bank.findPayment(refund.paymentPspReference)?.reference ?? null);
};
const ofDispute: ReferenceOf = ({ psp, params }) => psp.bank.findDispute(params['id'] ?? '')?.reference ?? null;
const ofItem: ReferenceOf = ({ psp, params }) => psp.bank.findPayout(params['id'] ?? '')?.reference ?? null;
const ofBatch: ReferenceOf = ({ psp, params }) => batchOf(psp, params['id'] ?? '')[0]?.reference ?? null;
const ofNewBatch: ReferenceOf = ({ body }) => {
  const items = body['items'];
  const item: unknown = Array.isArray(items) ? items[0] : undefined;
  const header = body['sender_batch_header'];
  const found = [textIn(item, 'sender_item_id'), textIn(header, 'sender_batch_id')].find((text) => text !== null);
  return found ?? null;
};

function textIn(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const text: unknown = (value as Record<string, unknown>)[name];
  return typeof text === 'string' && text !== '' ? text : null;
}

function route(
  method: Route['method'],
  path: string,
  operation: Operation,
  handle: (call: Call) => PspAnswer,
  referenceOf: ReferenceOf = none,
): Route {
  const handled = (call: Call): PspAnswer => {
    refuseAsMocked(call);
    return handle(call);
  };
  return { method, path, operation, handle: handled, referenceOf };
}

const ORDERS = '/v2/checkout/orders';
const PAYMENTS = '/v2/payments';
const PAYOUTS = '/v1/payments/payouts';
const DISPUTES = '/v1/customer/disputes';
const NOTIFICATIONS = '/v1/notifications';
const VAULT = '/v3/vault';

export const paypalRoutes: readonly Route[] = [
  route('POST', '/v1/oauth2/token', 'read-other', issueToken),

  route('POST', ORDERS, 'create-payment', createOrder, referenceInBody),
  route('GET', `${ORDERS}/{id}`, 'get-payment', showOrder, ofOrder),
  route('PATCH', `${ORDERS}/{id}`, 'write-other', updateOrder, ofOrder),
  route('POST', `${ORDERS}/{id}/confirm-payment-source`, 'confirm-payment', confirmSource, ofOrder),
  route('POST', `${ORDERS}/{id}/capture`, 'submit-challenge', captureOrder, ofOrder),
  route('POST', `${ORDERS}/{id}/authorize`, 'submit-challenge', authorizeOrder, ofOrder),
  route('GET', '/checkoutnow', 'read-other', startApproval, ofApproval),

  route('GET', `${PAYMENTS}/authorizations/{id}`, 'get-payment', showAuthorization, ofPart),
  route('POST', `${PAYMENTS}/authorizations/{id}/capture`, 'capture', captureAuthorization, ofPart),
  route('POST', `${PAYMENTS}/authorizations/{id}/void`, 'void', voidAuthorization, ofPart),
  route('GET', `${PAYMENTS}/captures/{id}`, 'get-payment', showCapture, ofPart),
  route('POST', `${PAYMENTS}/captures/{id}/refund`, 'refund', refundCapture, ofPart),
  route('GET', `${PAYMENTS}/refunds/{id}`, 'get-refund', showRefund, ofRefund),

  route('POST', PAYOUTS, 'create-payout', createBatch, ofNewBatch),
  route('GET', `${PAYOUTS}/{id}`, 'get-payout', showBatch, ofBatch),
  route('GET', `${PAYOUTS}-item/{id}`, 'get-payout', showItem, ofItem),
  route('POST', `${PAYOUTS}-item/{id}/cancel`, 'write-other', cancelItem, ofItem),

  route('GET', DISPUTES, 'list-disputes', listDisputes),
  route('GET', `${DISPUTES}/{id}`, 'get-dispute', showDispute, ofDispute),
  route('POST', `${DISPUTES}/{id}/provide-evidence`, 'answer-dispute', provideEvidence, ofDispute),
  route('POST', `${DISPUTES}/{id}/accept-claim`, 'answer-dispute', acceptClaim, ofDispute),
  route('POST', `${DISPUTES}/{id}/adjudicate`, 'write-other', adjudicate, ofDispute),
  route('POST', `${DISPUTES}/{id}/send-message`, 'write-other', sendMessage, ofDispute),
  route('POST', `${DISPUTES}/{id}/appeal`, 'unsupported', appeal, ofDispute),

  route('POST', `${VAULT}/setup-tokens`, 'save-method', createSetupToken),
  route('GET', `${VAULT}/setup-tokens/{id}`, 'list-methods', showSetupToken),
  route('POST', `${VAULT}/payment-tokens`, 'save-method', createPaymentToken),
  route('GET', `${VAULT}/payment-tokens`, 'list-methods', listPaymentTokens),
  route('GET', `${VAULT}/payment-tokens/{id}`, 'list-methods', showPaymentToken),
  route('DELETE', `${VAULT}/payment-tokens/{id}`, 'remove-method', deletePaymentToken),

  route('GET', '/v1/reporting/transactions', 'read-settlement', searchTransactions),
  route('GET', '/v1/reporting/balances', 'read-settlement', showBalances),

  route('GET', `${NOTIFICATIONS}/certs/{id}`, 'read-other', serveCertificate),
  route('POST', `${NOTIFICATIONS}/verify-webhook-signature`, 'read-other', verifySignature),
  route('POST', `${NOTIFICATIONS}/simulate-event`, 'write-other', simulateEvent),
  route('GET', `${NOTIFICATIONS}/webhooks`, 'read-other', listWebhooks),
  route('GET', `${NOTIFICATIONS}/webhooks/{id}`, 'read-other', showWebhook),
  route('GET', `${NOTIFICATIONS}/webhooks-event-types`, 'read-other', listEventTypes),
  route('GET', `${NOTIFICATIONS}/webhooks-events`, 'read-other', listEvents),
  route('GET', `${NOTIFICATIONS}/webhooks-events/{id}`, 'read-other', showEvent),
  route('POST', `${NOTIFICATIONS}/webhooks-events/{id}/resend`, 'write-other', resendEvent),
];

/**
 * The official SDK can be led here by a base URL only with its own one in the path:
 * `/https://api-m.sandbox.paypal.com/v2/checkout/orders` is `/v2/checkout/orders`.
 */
export function normalizePaypalPath(path: string): string {
  return path.replace(/^\/?https?:\/+[^/]+/, '');
}
