/**
 * Customers: who owns stored payment methods. Kept in the bank's store of saved things under
 * their `cus_` id (type `customer`), so that a reset forgets them with everything else.
 */
import { APPROVED, type SavedMethod } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { customerEvent } from './announcements.ts';
import { seconds } from './details.ts';
import { jsonAnswer, noSuch } from './errors.ts';
import { fieldsOf, mergedMetadata, refuseUnknown } from './fields.ts';
import { isGiven, text, type FormFields } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { attachTo } from './payment-methods.ts';
import { methodsOfCustomer } from './saved-methods.ts';

interface CustomerDetails {
  kind: 'customer';
  email: string | null;
  name: string | null;
  phone: string | null;
  description: string | null;
  defaultMethod: string | null;
  metadata: Record<string, string>;
}

const SHARED_PARAMS = [
  'address',
  'balance',
  'business_name',
  'cash_balance',
  'description',
  'email',
  'expand',
  'individual_name',
  'invoice_prefix',
  'invoice_settings',
  'metadata',
  'name',
  'next_invoice_sequence',
  'phone',
  'preferred_locales',
  'shipping',
  'source',
  'tax',
  'tax_exempt',
  'validate',
];
const CREATE_PARAMS = new Set([...SHARED_PARAMS, 'payment_method', 'tax_id_data', 'test_clock']);
const UPDATE_PARAMS = new Set([...SHARED_PARAMS, 'default_source']);
const RETRIEVE_PARAMS = new Set(['expand']);
const LIST_CUSTOMER_PARAMS = new Set<string>([...LIST_PARAMS, 'email', 'test_clock']);

export function createCustomer(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  const blank = { email: null, name: null, phone: null, description: null, defaultMethod: null, metadata: {} };
  const id = call.psp.ids.next('cus');
  const details = changed({ kind: 'customer', ...blank }, fields);
  const method = text(fields, 'payment_method');
  if (method !== undefined) attachTo(call, method, id);
  const customer = save(call.psp, id, details);
  customerEvent(call.psp, 'customer.created', customerObject(customer));
  return jsonAnswer(200, customerObject(customer));
}

export function updateCustomer(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, UPDATE_PARAMS);
  const customer = customerOf(call);
  const after = save(call.psp, customer.token, changed(detailsOf(customer), fields));
  customerEvent(call.psp, 'customer.updated', customerObject(after));
  return jsonAnswer(200, customerObject(after));
}

export function retrieveCustomer(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), RETRIEVE_PARAMS);
  return jsonAnswer(200, customerObject(customerOf(call)));
}

export function listCustomers(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_CUSTOMER_PARAMS);
  const email = text(fields, 'email');
  const items = call.psp.bank
    .methods()
    .filter((saved) => saved.type === 'customer' && (email === undefined || detailsOf(saved).email === email))
    .map((saved) => ({ id: saved.token, createdAtMs: saved.createdAtMs, render: () => customerObject(saved) }));
  return listAnswer(items, fields, { url: '/v1/customers', what: 'customer' });
}

/** Stripe detaches the payment methods of a customer that is deleted; here they are forgotten. */
export function deleteCustomer(call: Call): PspAnswer {
  const customer = customerOf(call);
  for (const method of methodsOfCustomer(call.psp, customer.token)) call.psp.bank.removeMethod(method.id);
  call.psp.bank.removeMethod(customer.token);
  customerEvent(call.psp, 'customer.deleted', customerObject(customer));
  return jsonAnswer(200, { id: customer.token, object: 'customer', deleted: true });
}

/** The customer named in the path. */
export function customerOf(call: Call, name = 'id'): SavedMethod {
  const id = call.params[name] ?? '';
  const saved = call.psp.bank.findMethod(id);
  if (saved?.type !== 'customer') throw noSuch('customer', id, { param: name === 'id' ? 'id' : name, inPath: true });
  return saved;
}

function changed(before: CustomerDetails, fields: FormFields): CustomerDetails {
  const next = (name: string, old: string | null): string | null =>
    isGiven(fields, name) ? (text(fields, name) ?? null) : old;
  return {
    kind: 'customer',
    email: next('email', before.email),
    name: next('name', before.name),
    phone: next('phone', before.phone),
    description: next('description', before.description),
    defaultMethod: text(fields, 'invoice_settings', 'default_payment_method') ?? before.defaultMethod,
    metadata: mergedMetadata(before.metadata, fields),
  };
}

function save(psp: PspContext, id: string, details: CustomerDetails): SavedMethod {
  return psp.bank.saveMethod({
    token: id,
    customer: null,
    type: 'customer',
    brand: null,
    last4: null,
    expiryMonth: null,
    expiryYear: null,
    outcome: APPROVED,
    details: { ...details },
  });
}

function detailsOf(saved: SavedMethod): CustomerDetails {
  return saved.details as unknown as CustomerDetails;
}

function customerObject(saved: SavedMethod): Record<string, unknown> {
  const { email, name, phone, description, defaultMethod, metadata } = detailsOf(saved);
  return {
    id: saved.token,
    object: 'customer',
    address: null,
    balance: 0,
    created: seconds(saved.createdAtMs),
    currency: null,
    default_source: null,
    delinquent: false,
    description,
    discount: null,
    email,
    invoice_prefix: saved.token.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: defaultMethod,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata,
    name,
    next_invoice_sequence: 1,
    phone,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
}
