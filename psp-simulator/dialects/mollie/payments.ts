/**
 * Mollie's payments: create, read, list, update, cancel, and release of what was authorized. A
 * payment that fails is an answer (201 with `status: failed`), never an error.
 */
import type { PaymentRecord } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { captureItems } from './captures.ts';
import { chargebackItems } from './chargebacks.ts';
import { asDetails, paymentDetails } from './details.ts';
import { badRequest, emptyAnswer, halAnswer, noSuch, unprocessable } from './errors.ts';
import { metadataIn, optionalText, optionalUrl, refuseUnknown } from './fields.ts';
import { listAnswer } from './list.ts';
import type { ListItem } from './list.ts';
import { findCustomer } from './mandate-store.ts';
import { PAYMENT_PARAMS, PAYMENT_PARAMS_NOT_SIMULATED, paymentCommand } from './payment-input.ts';
import { paymentOf } from './payment-of.ts';
import { placeOf } from './place.ts';
import { refundItems } from './refunds.ts';
import { settlementOf } from './settlement-ids.ts';
import { paymentObject } from './wire-payment.ts';

export function createPayment(call: Call): PspAnswer {
  return create(call, null);
}

export function createCustomerPayment(call: Call): PspAnswer {
  const id = call.params['id'] ?? '';
  if (findCustomer(call.psp, id) === undefined) throw noSuch('customer', id);
  return create(call, id);
}

function create(call: Call, customerId: string | null): PspAnswer {
  refuseUnknown(call, PAYMENT_PARAMS, PAYMENT_PARAMS_NOT_SIMULATED);
  const record = call.psp.bank.createPayment(paymentCommand(call, customerId));
  return halAnswer(201, paymentObject(record, placeOf(call)));
}

export function getPayment(call: Call): PspAnswer {
  const record = paymentOf(call);
  const place = placeOf(call);
  const embedded = embeddedIn(call, record);
  const settlementId = settlementOf(call.psp, record);
  return halAnswer(
    200,
    paymentObject(record, place, {
      ...(settlementId === undefined ? {} : { settlementId }),
      ...(embedded === undefined ? {} : { embedded }),
    }),
  );
}

export function listPayments(call: Call): PspAnswer {
  return listAnswer(call, visible(call, call.psp.bank.payments()).map(item), {
    name: 'payments',
    page: 'list-payments',
  });
}

export function listCustomerPayments(call: Call): PspAnswer {
  const id = call.params['id'] ?? '';
  if (findCustomer(call.psp, id) === undefined) throw noSuch('customer', id);
  const own = call.psp.bank.payments().filter((record) => paymentDetails(record).customerId === id);
  return listAnswer(call, visible(call, own).map(item), { name: 'payments', page: 'list-customer-payments' });
}

export function updatePayment(call: Call): PspAnswer {
  refuseUnknown(call, [
    'description',
    'redirectUrl',
    'cancelUrl',
    'webhookUrl',
    'metadata',
    'method',
    'locale',
    'dueDate',
    'restrictPaymentMethodsToCountry',
    'issuer',
  ]);
  const record = paymentOf(call);
  const { body } = call;
  const before = paymentDetails(record);
  const has = (name: string): boolean => body[name] !== undefined;
  call.psp.bank.setDetails(
    record.pspReference,
    asDetails({
      ...before,
      description: optionalText(body, 'description', { most: 255 }) ?? before.description,
      metadata: has('metadata') ? metadataIn(body) : before.metadata,
      webhookUrl: has('webhookUrl') ? optionalUrl(body, 'webhookUrl') : before.webhookUrl,
      cancelUrl: has('cancelUrl') ? optionalUrl(body, 'cancelUrl') : before.cancelUrl,
      locale: optionalText(body, 'locale', { most: 5 }) ?? before.locale,
    }),
  );
  return halAnswer(200, paymentObject(call.psp.bank.payment(record.pspReference), placeOf(call)));
}

/** DELETE: only while `isCancelable`. */
export function cancelPayment(call: Call): PspAnswer {
  const record = paymentOf(call);
  const open = record.state === 'created' || record.state === 'requires_action' || record.state === 'authorized';
  if (!open) throw unprocessable('The payment cannot be cancelled', 'id');
  return halAnswer(200, paymentObject(call.psp.bank.cancel(record.pspReference), placeOf(call)));
}

/** 202 without a body; the payment becomes canceled, or paid when a part of it was captured. */
export function releaseAuthorization(call: Call): PspAnswer {
  refuseUnknown(call, []);
  const record = paymentOf(call);
  if (record.capturableMinor === 0) throw unprocessable('The payment has no authorization that can be released');
  call.psp.bank.cancel(record.pspReference);
  return emptyAnswer(202);
}

function item(record: PaymentRecord): ListItem {
  return { id: record.pspReference, render: (place) => paymentObject(record, place) };
}

function visible(call: Call, records: readonly PaymentRecord[]): PaymentRecord[] {
  return records.filter((record) => call.isVisible(record, call.psp.profile.visibilityLagMs));
}

function embeddedIn(call: Call, record: PaymentRecord): Record<string, unknown> | undefined {
  const text = call.request.query.get('embed');
  if (text === null || text === '') return undefined;
  const place = placeOf(call);
  const { psp } = call;
  const parts: Readonly<Record<string, () => ListItem[]>> = {
    captures: () => captureItems(record),
    refunds: () => refundItems(psp.bank.refunds({ paymentPspReference: record.pspReference })),
    chargebacks: () => chargebackItems(psp.bank.disputes({ paymentPspReference: record.pspReference })),
  };
  return Object.fromEntries(
    text.split(',').map((name) => {
      const items = Object.hasOwn(parts, name) ? parts[name] : undefined;
      if (items === undefined) throw badRequest(`The embed value "${name}" is invalid`, 'embed');
      return [name, items().map((entry) => entry.render(place))];
    }),
  );
}
