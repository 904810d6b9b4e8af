/**
 * Vault v3: setup tokens and payment tokens of cards. A PayPal account is saved with a purchase
 * (`attributes.vault.store_in_vault`), because its owner has to approve. Kept is what a receipt
 * may show and what the card does, never its number or security code.
 */
import type { SavedMethod } from '../../core/records.ts';
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import type { MethodDetails } from './details.ts';
import { jsonAnswer, missing, NO_CONTENT, notSimulated, unknownResource, unprocessable, wrongValue } from './errors.ts';
import { countIn, objectAt, textAt, type JsonObject } from './fields.ts';
import { saveMethod } from './save-method.ts';
import { readCard, savedAs } from './source.ts';

const DEFAULT_PAGE_SIZE = 5;
const MOST_PER_PAGE = 5;

export function createSetupToken(call: Call): PspAnswer {
  const { body, psp } = call;
  const sources = objectAt(body, 'payment_source');
  const card = objectAt(sources, 'card', '/payment_source');
  if (card === undefined)
    throw sources === undefined ? missing('/payment_source') : notSimulated('A setup token of anything but a card');
  const saved = saveMethod(psp, {
    ...readCard(card, '/payment_source/card'),
    customer: customerIn(body),
    kind: 'setup-token',
  });
  return jsonAnswer(201, setupTokenObject(saved, psp));
}

export function showSetupToken(call: Call): PspAnswer {
  return jsonAnswer(200, setupTokenObject(methodOf(call, 'setup-token'), call.psp));
}

/** Of a card, or of a setup token, which is used up by it. */
export function createPaymentToken(call: Call): PspAnswer {
  const { body, psp } = call;
  const sources = objectAt(body, 'payment_source');
  if (sources === undefined) throw missing('/payment_source');
  const card = objectAt(sources, 'card', '/payment_source');
  const token = objectAt(sources, 'token', '/payment_source');
  if (card !== undefined) {
    const read = readCard(card, '/payment_source/card');
    return jsonAnswer(
      201,
      paymentTokenObject(saveMethod(psp, { ...read, customer: customerIn(body), kind: 'payment-token' }), psp),
    );
  }
  if (token === undefined) throw notSimulated('A payment token of anything but a card or a setup token');
  const setupId = textAt(token, 'id', '/payment_source/token') ?? '';
  const setup = psp.bank.findMethod(setupId);
  if (setup === undefined || savedAs(setup).kind !== 'setup-token')
    throw unprocessable('TOKEN_NOT_FOUND', 'Token not found or expired. Verify the token and try the request again.');
  psp.bank.removeMethod(setupId);
  const saved = saveMethod(psp, {
    ...savedAs(setup),
    customer: customerIn(body) ?? setup.customer,
    kind: 'payment-token',
  });
  return jsonAnswer(201, paymentTokenObject(saved, psp));
}

/** Pages of one customer's tokens, oldest first. */
export function listPaymentTokens(call: Call): PspAnswer {
  const { psp, request } = call;
  const customer = request.query.get('customer_id');
  if (customer === null || customer === '') throw wrongValue('customer_id', '', 'query');
  const size = countIn(call, 'page_size', { least: 1, most: MOST_PER_PAGE, fallback: DEFAULT_PAGE_SIZE });
  const page = countIn(call, 'page', { least: 1, most: 10, fallback: 1 });
  const all = psp.bank.methods({ customer }).filter((method) => savedAs(method).kind === 'payment-token');
  const pages = Math.max(1, Math.ceil(all.length / size));
  const url = (number: number): string =>
    `${psp.url}/v3/vault/payment-tokens?customer_id=${encodeURIComponent(customer)}&page_size=${size}&page=${number}`;
  const links = [
    { href: url(page), rel: 'self', method: 'GET' },
    { href: url(1), rel: 'first', method: 'GET' },
    ...(page < pages ? [{ href: url(page + 1), rel: 'next', method: 'GET' }] : []),
    { href: url(pages), rel: 'last', method: 'GET' },
  ];
  const counted = request.query.get('total_required') === 'true' ? { total_items: all.length, total_pages: pages } : {};
  const payment_tokens = all.slice((page - 1) * size, page * size).map((method) => paymentTokenObject(method, psp));
  return jsonAnswer(200, { ...counted, customer: { id: customer }, payment_tokens, links });
}

export function showPaymentToken(call: Call): PspAnswer {
  return jsonAnswer(200, paymentTokenObject(methodOf(call, 'payment-token'), call.psp));
}

export function deletePaymentToken(call: Call): PspAnswer {
  call.psp.bank.removeMethod(methodOf(call, 'payment-token').token);
  return NO_CONTENT;
}

function methodOf({ psp, params }: Call, kind: MethodDetails['kind']): SavedMethod {
  const method = psp.bank.findMethod(params['id'] ?? '');
  if (method === undefined || savedAs(method).kind !== kind) throw unknownResource();
  return method;
}

function customerIn(body: JsonObject): string | null {
  return textAt(objectAt(body, 'customer'), 'id', '/customer') ?? null;
}

function setupTokenObject(method: SavedMethod, psp: PspContext): Record<string, unknown> {
  const url = `${psp.url}/v3/vault/setup-tokens/${method.token}`;
  return {
    id: method.token,
    customer: { id: method.customer },
    status: 'APPROVED',
    payment_source: sourceObject(method),
    links: [
      { href: url, rel: 'self', method: 'GET' },
      { href: `${psp.url}/v3/vault/payment-tokens`, rel: 'confirm', method: 'POST' },
    ],
  };
}

function paymentTokenObject(method: SavedMethod, psp: PspContext): Record<string, unknown> {
  const url = `${psp.url}/v3/vault/payment-tokens/${method.token}`;
  return {
    id: method.token,
    customer: { id: method.customer },
    payment_source: sourceObject(method),
    links: [
      { href: url, rel: 'self', method: 'GET' },
      { href: url, rel: 'delete', method: 'DELETE' },
    ],
  };
}

function sourceObject(method: SavedMethod): Record<string, unknown> {
  const { source } = savedAs(method);
  if (source.kind === 'paypal') return { paypal: source.email === null ? {} : { email_address: source.email } };
  const { name, lastDigits, brand, expiry } = source;
  return {
    card: {
      ...(name === null ? {} : { name }),
      last_digits: lastDigits,
      brand,
      ...(expiry === null ? {} : { expiry }),
    },
  };
}
