/**
 * The map of what is simulated of Adyen. Paths are matched after `normalizePath`, which cuts
 * off hosts, the live prefix and the version, so one route serves v68 to v72.
 */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import {
  acceptDispute,
  defendDispute,
  defenseReasons,
  deleteDocument,
  referenceOfDispute,
  supplyDocument,
} from './disputes.ts';
import { capturePayment, cancelPayment, refundPayment, reversePayment, technicalCancel } from './modifications.ts';
import { referenceOfDetails, submitDetails } from './payment-details.ts';
import { createPayment } from './payments.ts';
import { createPayout } from './payouts.ts';
import { downloadReport } from './reports.ts';
import { createSession, getSession, payInSession, referenceOfSession, submitSessionDetails } from './sessions.ts';
import { listPaymentMethods, listStoredMethods, removeStoredMethod, storeMethod } from './stored-methods.ts';

/** Checkout versions whose requests are understood. */
const OLDEST_CHECKOUT = 68;
const NEWEST_CHECKOUT = 72;

type ReferenceOf = (call: Call) => string | null;

const ofBody =
  (name: string): ReferenceOf =>
  (call) => {
    const value = call.body[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
const ofPayment: ReferenceOf = (call) => call.psp.bank.findPayment(call.params['ref'] ?? '')?.reference ?? null;
const ofNobody: ReferenceOf = () => null;

function route(
  method: Route['method'],
  path: string,
  operation: Operation,
  handle: (call: Call) => PspAnswer,
  referenceOf: ReferenceOf = ofNobody,
): Route {
  return { method, path, operation, handle, referenceOf };
}

const SESSION = '/checkoutshopper/v1/sessions/{id}';

export const adyenRoutes: readonly Route[] = [
  route('POST', '/checkout/payments', 'create-payment', createPayment, ofBody('reference')),
  route('POST', '/checkout/payments/details', 'submit-challenge', submitDetails, referenceOfDetails),
  route('POST', '/checkout/payments/{ref}/captures', 'capture', capturePayment, ofPayment),
  route('POST', '/checkout/payments/{ref}/cancels', 'void', cancelPayment, ofPayment),
  route('POST', '/checkout/payments/{ref}/refunds', 'refund', refundPayment, ofPayment),
  route('POST', '/checkout/payments/{ref}/reversals', 'void', reversePayment, ofPayment),
  route('POST', '/checkout/cancels', 'void', technicalCancel, ofBody('paymentReference')),
  route('POST', '/checkout/sessions', 'create-payment', createSession, ofBody('reference')),
  route('GET', '/checkout/sessions/{id}', 'get-payment', getSession, referenceOfSession),
  route('POST', `${SESSION}/payments`, 'confirm-payment', payInSession, referenceOfSession),
  route('POST', `${SESSION}/paymentDetails`, 'submit-challenge', submitSessionDetails, referenceOfSession),
  route('POST', '/checkout/paymentMethods', 'read-other', listPaymentMethods),
  route('GET', '/checkout/storedPaymentMethods', 'list-methods', listStoredMethods),
  route('POST', '/checkout/storedPaymentMethods', 'save-method', storeMethod),
  route('DELETE', '/checkout/storedPaymentMethods/{id}', 'remove-method', removeStoredMethod),
  route('POST', '/payout/payout', 'create-payout', createPayout, ofBody('reference')),
  route('POST', '/disputes/retrieveApplicableDefenseReasons', 'get-dispute', defenseReasons, referenceOfDispute),
  route('POST', '/disputes/supplyDefenseDocument', 'answer-dispute', supplyDocument, referenceOfDispute),
  route('POST', '/disputes/deleteDisputeDefenseDocument', 'answer-dispute', deleteDocument, referenceOfDispute),
  route('POST', '/disputes/defendDispute', 'answer-dispute', defendDispute, referenceOfDispute),
  route('POST', '/disputes/acceptDispute', 'answer-dispute', acceptDispute, referenceOfDispute),
  route('GET', '/reports/download/MerchantAccount/{account}/{file}', 'read-settlement', downloadReport),
];

/**
 * `/v72/payments`, `/checkout/v72/payments`, `/prefix-checkout-live.adyenpayments.com/checkout/v72/payments`
 * and `https://checkout-test.adyen.com/v72/payments` are all `/checkout/payments`. A path of another
 * shape or version stays as it is, and is therefore not simulated.
 */
export function normalizeAdyenPath(path: string): string {
  const kept = /\/(?:checkoutshopper|reports)\/.+$/.exec(path)?.[0];
  if (kept !== undefined) return kept;
  const match = /(?:^|\/)v(\d+)(\/.+)$/.exec(path);
  if (match === null) return path;
  const [, version = '', rest = ''] = match;
  if (path.includes('/DisputeService/')) return `/disputes${rest}`;
  if (rest === '/payout') return '/payout/payout';
  const known = Number(version) >= OLDEST_CHECKOUT && Number(version) <= NEWEST_CHECKOUT;
  return known && !path.includes('/pal/') ? `/checkout${rest}` : path;
}
