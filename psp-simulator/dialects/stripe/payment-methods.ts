/**
 * PaymentMethods: create, retrieve, update, attach, detach, list. Only cards are simulated, and
 * only test cards. A test id such as `pm_card_visa` stands for a fresh method wherever a stored
 * one is expected, as at Stripe.
 */
import type { Call, PspAnswer } from '../dialect.ts';
import { methodEvent } from './announcements.ts';
import { declineFor } from './declines.ts';
import { declinedCard, invalid, jsonAnswer, missingParam, noSuch } from './errors.ts';
import { choice, fieldsOf, mergedMetadata, metadataIn, refuseUnknown, requiredCustomer } from './fields.ts';
import { text, type FormFields } from './form.ts';
import { LIST_PARAMS, listAnswer } from './list.ts';
import { findTestCard, type TestCard } from './magic.ts';
import {
  changeMethod,
  findStoredMethod,
  methodsOfCustomer,
  storedMethodObject,
  storeMethod,
  type StoredMethod,
} from './saved-methods.ts';

const CREATE_PARAMS = new Set(['type', 'card', 'billing_details', 'metadata', 'allow_redisplay', 'expand']);
const UPDATE_PARAMS = new Set(['billing_details', 'card', 'metadata', 'allow_redisplay', 'expand']);
const ATTACH_PARAMS = new Set(['customer', 'customer_account', 'expand']);
const PLAIN_PARAMS = new Set(['expand']);
const LIST_METHOD_PARAMS = new Set<string>([...LIST_PARAMS, 'customer', 'customer_account', 'type', 'allow_redisplay']);
const REDISPLAY = ['always', 'limited', 'unspecified'] as const;

export function createMethod(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  const type = text(fields, 'type');
  if (type === undefined) throw missingParam('type');
  if (type !== 'card') throw invalid(`The payment method type "${type}" is not simulated.`, { param: 'type' });
  const method = storeMethod(call.psp, {
    id: call.psp.ids.next('pm'),
    card: requiredCard(fields),
    customer: null,
    metadata: metadataIn(fields),
    billing: billingIn(fields),
    allowRedisplay: choice(fields, ['allow_redisplay'], REDISPLAY, 'unspecified'),
  });
  return jsonAnswer(200, storedMethodObject(method));
}

export function retrieveMethod(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  return jsonAnswer(200, storedMethodObject(methodOf(call)));
}

export function updateMethod(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, UPDATE_PARAMS);
  const method = methodOf(call);
  const after = changeMethod(call.psp, method, {
    metadata: mergedMetadata(method.details.metadata, fields),
    billing: { ...method.details.billing, ...billingIn(fields) },
    allowRedisplay: choice(fields, ['allow_redisplay'], REDISPLAY, 'unspecified'),
  });
  return jsonAnswer(200, storedMethodObject(after));
}

export function attachMethod(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, ATTACH_PARAMS);
  const customer = requiredCustomer(call, fields);
  return jsonAnswer(200, storedMethodObject(attachTo(call, call.params['id'] ?? '', customer)));
}

/** Attaches a stored method, or a fresh one of a test card; throws the issuer's no as a 402. */
export function attachTo(call: Call, id: string, customer: string): StoredMethod {
  const card = findTestCard(id);
  const stored = findStoredMethod(call.psp, id);
  if (card === undefined && stored === undefined) throw noSuch('PaymentMethod', id, { param: 'payment_method' });
  if (stored !== undefined && stored.customer !== null && stored.customer !== customer) {
    throw invalid('The payment method you provided has already been attached to a customer.', {
      code: 'payment_method_already_attached',
    });
  }
  if (stored?.details.used === true) throw usedBefore();
  const checked = stored?.card ?? card;
  if (checked?.decline !== undefined && checked.attaches !== true) throw declinedCard(declineFor(checked.decline));
  const attached =
    stored === undefined
      ? storeMethod(call.psp, { id: call.psp.ids.next('pm'), card: card as TestCard, customer, setUp: true })
      : changeMethod(call.psp, stored, { customer, setUp: true });
  methodEvent(call.psp, 'payment_method.attached', storedMethodObject(attached));
  return attached;
}

/** A detached method can never be used again; here it is forgotten. */
export function detachMethod(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  const method = methodOf(call);
  if (method.customer === null) {
    throw invalid('The payment method you provided is not attached to a customer so detachment is impossible.', {
      param: 'payment_method',
    });
  }
  call.psp.bank.removeMethod(method.id);
  const detached = storedMethodObject({ ...method, customer: null });
  methodEvent(call.psp, 'payment_method.detached', detached);
  return jsonAnswer(200, detached);
}

export function listMethods(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, LIST_METHOD_PARAMS);
  const customer = call.params['id'] ?? requiredCustomer(call, fields);
  const type = text(fields, 'type') ?? 'card';
  const methods = type === 'card' ? methodsOfCustomer(call.psp, customer) : [];
  const items = methods.map((method) => ({
    id: method.id,
    createdAtMs: method.createdAtMs,
    render: () => storedMethodObject(method),
  }));
  const url = call.params['id'] === undefined ? '/v1/payment_methods' : `/v1/customers/${customer}/payment_methods`;
  return listAnswer(items, fields, { url, what: 'payment_method' });
}

/** Text that Stripe answers when a method without a customer is used a second time. */
export function usedBefore(): Error {
  return invalid(
    'This PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
    { param: 'payment_method' },
  );
}

function methodOf(call: Call): StoredMethod {
  const id = call.params['id'] ?? '';
  const method = findStoredMethod(call.psp, id);
  if (method === undefined) throw noSuch('PaymentMethod', id, { param: 'payment_method', inPath: true });
  return method;
}

function requiredCard(fields: FormFields): TestCard {
  const source = text(fields, 'card', 'token') ?? text(fields, 'card', 'number');
  if (source === undefined) throw missingParam('card');
  const card = findTestCard(source);
  if (card === undefined) {
    throw invalid('The card is not one of the test cards that are simulated.', {
      type: 'card_error',
      code: 'incorrect_number',
      param: 'card[number]',
    });
  }
  return card;
}

function billingIn(fields: FormFields): Record<string, unknown> {
  const given = ['email', 'name', 'phone'].map((name) => [name, text(fields, 'billing_details', name)] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
