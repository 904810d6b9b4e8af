/**
 * The map of what is simulated of Adyen. Paths are matched after `normalizePath`, which cuts
 * off hosts, the live prefix and the version, so one route serves v68 to v72.
 */
import type { Call, Operation, PspAnswer, Route } from '../dialect.ts';
import { capturePayment, cancelPayment, refundPayment, reversePayment, technicalCancel } from './modifications.ts';
import { createPayment, referenceOfDetails, submitDetails } from './payments.ts';
import { createPayout } from './payouts.ts';

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

function post(path: string, operation: Operation, handle: (call: Call) => PspAnswer, referenceOf: ReferenceOf): Route {
  return { method: 'POST', path, operation, handle, referenceOf };
}

export const adyenRoutes: readonly Route[] = [
  post('/checkout/payments', 'create-payment', createPayment, ofBody('reference')),
  post('/checkout/payments/details', 'submit-challenge', submitDetails, referenceOfDetails),
  post('/checkout/payments/{ref}/captures', 'capture', capturePayment, ofPayment),
  post('/checkout/payments/{ref}/cancels', 'void', cancelPayment, ofPayment),
  post('/checkout/payments/{ref}/refunds', 'refund', refundPayment, ofPayment),
  post('/checkout/payments/{ref}/reversals', 'void', reversePayment, ofPayment),
  post('/checkout/cancels', 'void', technicalCancel, ofBody('paymentReference')),
  post('/payout/payout', 'create-payout', createPayout, ofBody('reference')),
];

/**
 * `/v72/payments`, `/checkout/v72/payments`, `/prefix-checkout-live.adyenpayments.com/checkout/v72/payments`
 * and `https://checkout-test.adyen.com/v72/payments` are all `/checkout/payments`. A path of another
 * shape or version stays as it is, and is therefore not simulated.
 */
export function normalizeAdyenPath(path: string): string {
  const match = /(?:^|\/)v(\d+)(\/.+)$/.exec(path);
  if (match === null) return path;
  const [, version = '', rest = ''] = match;
  if (rest === '/payout') return '/payout/payout';
  const known = Number(version) >= OLDEST_CHECKOUT && Number(version) <= NEWEST_CHECKOUT;
  return known && !path.includes('/pal/') ? `/checkout${rest}` : path;
}
