/** Mollie's customers and their mandates: the payment methods that a merchant may charge again. */
import { APPROVED } from '../../core/records.ts';
import type { SavedMethod } from '../../core/records.ts';
import type { Call, PspAnswer } from '../dialect.ts';
import { emptyAnswer, halAnswer, noSuch, unprocessable } from './errors.ts';
import { choice, metadataIn, optionalText, refuseUnknown, textField } from './fields.ts';
import { listAnswer } from './list.ts';
import {
  customerDetails,
  customers,
  findCustomer,
  mandateDetails,
  mandatesOf,
  mandateStatus,
  newMandate,
  saveCustomer,
} from './mandate-store.ts';
import { documentation, halLink, htmlLink, mollieTime, placeOf } from './place.ts';
import type { Place } from './place.ts';

const CUSTOMER_PARAMS = ['name', 'email', 'locale', 'metadata'];

export function createCustomer(call: Call): PspAnswer {
  refuseUnknown(call, CUSTOMER_PARAMS);
  const { body } = call;
  const saved = saveCustomer(call.psp, call.psp.ids.next('cst'), {
    name: optionalText(body, 'name', { most: 255 }),
    email: optionalText(body, 'email', { most: 255 }),
    locale: optionalText(body, 'locale', { most: 5 }),
    metadata: metadataIn(body),
  });
  return halAnswer(201, customerObject(saved, placeOf(call)));
}

export function getCustomer(call: Call): PspAnswer {
  return halAnswer(200, customerObject(customerOf(call), placeOf(call)));
}

export function updateCustomer(call: Call): PspAnswer {
  refuseUnknown(call, CUSTOMER_PARAMS);
  const before = customerOf(call);
  const { body } = call;
  const details = customerDetails(before);
  const saved = saveCustomer(call.psp, before.token, {
    name: optionalText(body, 'name', { most: 255 }) ?? details.name,
    email: optionalText(body, 'email', { most: 255 }) ?? details.email,
    locale: optionalText(body, 'locale', { most: 5 }) ?? details.locale,
    metadata: body['metadata'] === undefined ? details.metadata : metadataIn(body),
  });
  return halAnswer(200, customerObject(saved, placeOf(call)));
}

/** Its mandates go with it. */
export function deleteCustomer(call: Call): PspAnswer {
  const { token } = customerOf(call);
  for (const mandate of call.psp.bank.methods({ customer: token })) call.psp.bank.removeMethod(mandate.token);
  call.psp.bank.removeMethod(token);
  return emptyAnswer(204);
}

export function listCustomers(call: Call): PspAnswer {
  const items = customers(call.psp).map((saved) => ({
    id: saved.token,
    render: (place: Place) => customerObject(saved, place),
  }));
  return listAnswer(call, items, { name: 'customers', page: 'list-customers' });
}

/** A mandate that the merchant already has on paper; cards only come in by a first payment. */
export function createMandate(call: Call): PspAnswer {
  refuseUnknown(call, [
    'method',
    'consumerName',
    'consumerAccount',
    'consumerBic',
    'consumerEmail',
    'signatureDate',
    'mandateReference',
    'paypalBillingAgreementId',
    'payPalVaultId',
    'id',
  ]);
  const { token } = customerOf(call);
  const { body } = call;
  const type = choice(body, 'method', ['directdebit', 'paypal', 'creditcard'], 'directdebit');
  if (type === 'creditcard') throw unprocessable('A mandate for a card comes from a first payment', 'method');
  const consumerAccount = optionalText(body, 'consumerAccount', { most: 34 });
  if (type === 'directdebit' && consumerAccount === null)
    throw unprocessable('The consumer account is required for a direct debit mandate', 'consumerAccount');
  const saved = newMandate(call.psp, token, {
    type,
    outcome: APPROVED,
    consumerName: textField(body, 'consumerName', { most: 255 }),
    consumerAccount,
    consumerBic: optionalText(body, 'consumerBic', { most: 11 }),
    signatureDate: optionalText(body, 'signatureDate', { most: 10 }),
    mandateReference: optionalText(body, 'mandateReference', { most: 35 }),
  });
  return halAnswer(201, mandateObject(saved, placeOf(call)));
}

export function getMandate(call: Call): PspAnswer {
  return halAnswer(200, mandateObject(mandateOf(call), placeOf(call)));
}

export function listMandates(call: Call): PspAnswer {
  const { token } = customerOf(call);
  const items = mandatesOf(call.psp, token).map((saved) => ({
    id: saved.token,
    render: (place: Place) => mandateObject(saved, place),
  }));
  return listAnswer(call, items, { name: 'mandates', page: 'list-mandates' });
}

export function revokeMandate(call: Call): PspAnswer {
  call.psp.bank.removeMethod(mandateOf(call).token);
  return emptyAnswer(204);
}

function customerOf(call: Call): SavedMethod {
  const id = call.params['id'] ?? '';
  const saved = findCustomer(call.psp, id);
  if (saved === undefined) throw noSuch('customer', id);
  return saved;
}

function mandateOf(call: Call): SavedMethod {
  const id = call.params['mandateId'] ?? '';
  const saved = mandatesOf(call.psp, customerOf(call).token).find((known) => known.token === id);
  if (saved === undefined) throw noSuch('mandate', id);
  return saved;
}

function customerObject(saved: SavedMethod, place: Place): Record<string, unknown> {
  const { token } = saved;
  const { name, email, locale, metadata } = customerDetails(saved);
  return {
    resource: 'customer',
    id: token,
    mode: 'test',
    name,
    email,
    locale,
    metadata: metadata ?? null,
    createdAt: mollieTime(saved.createdAtMs),
    _links: {
      self: halLink(place, `customers/${token}`),
      dashboard: htmlLink(`https://my.mollie.com/dashboard/customers/${token}`),
      payments: halLink(place, `customers/${token}/payments`),
      mandates: halLink(place, `customers/${token}/mandates`),
      documentation: documentation('get-customer'),
    },
  };
}

const LABELS: Readonly<Record<string, string>> = { mastercard: 'Mastercard', amex: 'American Express' };

function mandateObject(saved: SavedMethod, place: Place): Record<string, unknown> {
  const { token, customer, type, createdAtMs } = saved;
  const details = mandateDetails(saved);
  const isCard = type === 'creditcard';
  return {
    resource: 'mandate',
    id: token,
    mode: 'test',
    status: mandateStatus(place.psp, saved) ?? 'invalid',
    method: type,
    details: isCard
      ? {
          cardHolder: details.consumerName,
          cardNumber: saved.last4,
          cardLabel: LABELS[saved.brand ?? ''] ?? 'Visa',
          cardFingerprint: null,
          cardExpiryDate: '2030-03-31',
        }
      : {
          consumerName: details.consumerName,
          consumerAccount: details.consumerAccount,
          consumerBic: details.consumerBic,
        },
    mandateReference: details.mandateReference,
    signatureDate: details.signatureDate ?? mollieTime(createdAtMs).slice(0, 10),
    customerId: customer,
    createdAt: mollieTime(createdAtMs),
    _links: {
      self: halLink(place, `customers/${customer ?? ''}/mandates/${token}`),
      customer: halLink(place, `customers/${customer ?? ''}`),
      documentation: documentation('get-mandate'),
    },
  };
}
