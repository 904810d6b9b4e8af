/** The payment that a route is about: shared by all resources below `/v2/payments/{id}`. */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call } from '../dialect.ts';
import { noSuch } from './errors.ts';

/** Throws Mollie's 404 when there is none, or when it cannot be seen yet. */
export function paymentOf(call: Call): PaymentRecord {
  const id = call.params['id'] ?? '';
  const record = call.psp.bank.findPayment(id);
  if (record === undefined || !call.isVisible(record, 0)) throw noSuch('payment', id);
  return record;
}
