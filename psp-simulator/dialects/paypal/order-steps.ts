/** Steps that creating, confirming, capturing and authorizing an order share. */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspContext } from '../dialect.ts';
import { asDetails, orderDetails, type OrderDetails } from './details.ts';
import { unknownResource, unprocessable } from './errors.ts';
import { wantsRepresentation } from './fields.ts';
import { saveMethod } from './save-method.ts';
import type { GivenSource } from './source.ts';

/** Throws RESOURCE_NOT_FOUND. */
export function orderOf({ psp, params }: Call): PaymentRecord {
  const record = psp.bank.findPayment(params['id'] ?? '');
  if (record === undefined) throw unknownResource();
  return record;
}

/** Sends the order to be paid with `given`. */
export function confirm({ psp }: Call, record: PaymentRecord, given: GivenSource): PaymentRecord {
  const details = orderDetails(record);
  return psp.bank.confirmPayment({
    pspReference: record.pspReference,
    outcome: given.outcome,
    method: given.source.kind,
    methodToken: given.token,
    ...(given.returnUrl === null ? {} : { returnUrl: given.returnUrl }),
    details: asDetails({
      ...sourceDetails(given),
      attempt: details.attempt + 1,
      pending: null,
      cancelUrl: given.cancelUrl ?? details.cancelUrl,
    }),
  });
}

/** What is kept of the source. */
export function sourceDetails({ source, vault, magic }: GivenSource): Pick<OrderDetails, 'source' | 'vault' | 'magic'> {
  return { source, vault, magic: vault === null ? null : magic };
}

/** What follows a success: the source is saved where the merchant asked for it. */
export function afterCharge(record: PaymentRecord, psp: PspContext): PaymentRecord {
  const details = orderDetails(record);
  const { vault, source, magic } = details;
  const paid = record.state === 'authorized' || record.state === 'captured';
  if (!paid || vault === null || vault.token !== null || source === null || magic === null) return record;
  const { token, customer } = saveMethod(psp, { kind: 'payment-token', source, magic, customer: vault.customer });
  psp.bank.setDetails(record.pspReference, asDetails({ ...details, vault: { customer, token } }));
  return psp.bank.payment(record.pspReference);
}

/** A saved account that its bank refuses: there is no page to go back to. */
export function instrumentDeclined(links?: readonly { href: string; rel: string; method: string }[]): Error {
  return unprocessable(
    'INSTRUMENT_DECLINED',
    "The instrument presented was either declined by the processor or bank, or it can't be used for this payment.",
    undefined,
    links,
  );
}

/** How much of an order an answer shows: one that was paid shows its payments without being asked. */
export function orderForm(call: Call, record: PaymentRecord): 'minimal' | 'with-payments' | 'whole' {
  if (wantsRepresentation(call)) return 'whole';
  return record.state === 'created' || record.state === 'requires_action' ? 'minimal' : 'with-payments';
}
