/**
 * How the conformance suite speaks to the paypal dialect: a small merchant client for PayPal's
 * APIs, written by hand. It shares no code with the dialect. Test values are PayPal's published
 * ones, and the `ASSAY-…` words of the dialect's README.
 */
import { createVerify, X509Certificate } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type {
  DialectProbe,
  PayWish,
  ProbeCard,
  ProbeSession,
  SeenPayment,
  SeenState,
  WireAnswer,
  WireRequest,
} from '../../../conformance/probe.ts';

interface Order {
  id: string;
  status: string;
  links?: { rel: string; href: string }[];
  purchase_units?: { payments?: { captures?: Part[]; authorizations?: Part[] } }[];
}

interface Part {
  id: string;
  status: string;
  final_capture?: boolean;
}

const PLAIN_CARD = '4012888888881881';

/** Number and name on the card. */
const CARDS: Readonly<Record<ProbeCard, readonly [number: string, name: string]>> = {
  approved: [PLAIN_CARD, 'Ada Example'],
  declined: [PLAIN_CARD, 'CCREJECT-REFUSED'],
  'insufficient-funds': [PLAIN_CARD, 'CCREJECT-IF'],
  frictionless: ['4868719196829038', 'Ada Example'],
  'frictionless-attempted': ['4868719581920723', 'Ada Example'],
  challenge: ['4868719166101368', 'Ada Example'],
  'soft-decline': [PLAIN_CARD, 'CCREJECT-SCA'],
  'disputed-won': [PLAIN_CARD, 'ASSAY-DISPUTE-WON'],
  'disputed-lost': [PLAIN_CARD, 'ASSAY-DISPUTE-LOST'],
  'refund-fails': [PLAIN_CARD, 'ASSAY-REFUND-FAILS'],
  'refund-fails-late': [PLAIN_CARD, 'ASSAY-REFUND-FAILS-LATE'],
};

const AUTHENTICATED: readonly ProbeCard[] = ['frictionless', 'frictionless-attempted', 'challenge'];

function request(
  session: ProbeSession,
  method: string,
  path: string,
  more: { body?: unknown; key?: string } = {},
): WireRequest {
  const { clientId = '', clientSecret = '' } = session.credentials;
  const headers: Record<string, string> = {
    authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
    'content-type': 'application/json',
    prefer: 'return=representation',
  };
  if (more.key !== undefined) headers['paypal-request-id'] = more.key;
  return { method, path, headers, ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }) };
}

function createRequest(session: ProbeSession, wish: PayWish): WireRequest {
  const [number, name] = CARDS[wish.card];
  const card = {
    number,
    expiry: '2030-01',
    security_code: '123',
    name,
    ...(AUTHENTICATED.includes(wish.card) ? { attributes: { verification: { method: 'SCA_WHEN_REQUIRED' } } } : {}),
    experience_context: { return_url: session.returnUrl, cancel_url: `${session.returnUrl}?cancelled=1` },
  };
  return orderRequest(session, wish, { card });
}

function orderRequest(session: ProbeSession, wish: PayWish, source: unknown): WireRequest {
  return request(session, 'POST', '/v2/checkout/orders', {
    key: wish.idempotencyKey,
    body: {
      intent: wish.capture === 'automatic' ? 'CAPTURE' : 'AUTHORIZE',
      purchase_units: [{ custom_id: wish.reference, amount: money(wish.amountMinor, wish.currency) }],
      payment_source: source,
    },
  });
}

function money(minor: number, currency: string): { currency_code: string; value: string } {
  return { currency_code: currency, value: (minor / 100).toFixed(2) };
}

function seen(answer: WireAnswer): SeenPayment {
  const order = answer.json as Order;
  const redirectUrl = order.links?.find(({ rel }) => rel === 'payer-action')?.href ?? null;
  return { pspReference: order.id, state: stateOf(order), redirectUrl, answer };
}

function stateOf(order: Order): SeenState {
  const payments = order.purchase_units?.[0]?.payments;
  const [authorization] = payments?.authorizations ?? [];
  const [capture] = payments?.captures ?? [];
  if (order.status === 'PAYER_ACTION_REQUIRED') return 'requires_action';
  if (order.status === 'VOIDED') return 'expired';
  if (order.status !== 'COMPLETED') return 'open';
  if (capture?.status === 'DECLINED' || authorization?.status === 'DENIED') return 'declined';
  if (capture?.status === 'REFUNDED') return 'refunded';
  if (capture !== undefined) return 'captured';
  return authorization?.status === 'VOIDED' ? 'canceled' : 'authorized';
}

async function readOrder(session: ProbeSession, orderId: string): Promise<WireAnswer> {
  return session.send(request(session, 'GET', `/v2/checkout/orders/${orderId}`));
}

async function partsOf(session: ProbeSession, orderId: string): Promise<{ captures: Part[]; authorizations: Part[] }> {
  const payments = ((await readOrder(session, orderId)).json as Order).purchase_units?.[0]?.payments;
  return { captures: payments?.captures ?? [], authorizations: payments?.authorizations ?? [] };
}

const PAYOUT_NOTES = { paid: 'Thank you', failed: 'ASSAY-PAYOUT-FAILS', returned: 'ASSAY-PAYOUT-RETURNED' } as const;

export const probe: DialectProbe = {
  dialect: 'paypal',
  currency: 'EUR',
  pay: async (session, wish) => seen(await session.send(createRequest(session, wish))),
  afterReturn: async (session, payment, returned, key) => {
    const read = await readOrder(session, payment.pspReference);
    if (returned === null || (read.json as Order).status !== 'APPROVED') return seen(read);
    const verb = (read.json as { intent: string }).intent === 'CAPTURE' ? 'capture' : 'authorize';
    const path = `/v2/checkout/orders/${payment.pspReference}/${verb}`;
    return seen(await session.send(request(session, 'POST', path, { body: {}, key })));
  },
  cardsNotOffered: {},
  capture: async (session, orderId, amountMinor, { currency, final, key }) => {
    const [authorization] = (await partsOf(session, orderId)).authorizations;
    const path = `/v2/payments/authorizations/${authorization?.id ?? 'none'}/capture`;
    const body = { amount: money(amountMinor, currency), final_capture: final };
    return session.send(request(session, 'POST', path, { body, key }));
  },
  void: async (session, orderId, key) => {
    const [authorization] = (await partsOf(session, orderId)).authorizations;
    const path = `/v2/payments/authorizations/${authorization?.id ?? 'none'}/void`;
    return session.send(request(session, 'POST', path, { key }));
  },
  refund: async (session, orderId, amountMinor, { currency, key }) => {
    const [capture] = (await partsOf(session, orderId)).captures;
    const path = `/v2/payments/captures/${capture?.id ?? 'none'}/refund`;
    return session.send(request(session, 'POST', path, { body: { amount: money(amountMinor, currency) }, key }));
  },
  payout: async (session, { reference, amountMinor, currency, outcome, key }) => {
    const amount = { currency, value: (amountMinor / 100).toFixed(2) };
    const item = { recipient_type: 'EMAIL', receiver: 'player@example.com', amount, sender_item_id: reference };
    const body = {
      sender_batch_header: { sender_batch_id: `batch-${reference}` },
      items: [{ ...item, note: PAYOUT_NOTES[outcome] }],
    };
    return session.send(request(session, 'POST', '/v1/payments/payouts', { body, key }));
  },
  retrieve: async (session, orderId) => {
    const answer = await readOrder(session, orderId);
    if (answer.status !== 200) return { pspReference: orderId, state: 'open', redirectUrl: null, answer };
    return seen(answer);
  },
  list: {
    notOffered:
      'PayPal has no list of orders; transaction search lists transactions, and a payment is found there hours later.',
  },
  saveMethod: async (session, key) => {
    const card = { number: PLAIN_CARD, expiry: '2030-01', security_code: '123', name: 'Ada Example' };
    const body = { payment_source: { card }, customer: { id: 'customer-1' } };
    const setup = await session.send(request(session, 'POST', '/v3/vault/setup-tokens', { body, key }));
    const token = { id: (setup.json as { id: string }).id, type: 'SETUP_TOKEN' };
    const saved = await session.send(
      request(session, 'POST', '/v3/vault/payment-tokens', { body: { payment_source: { token } }, key }),
    );
    return { token: (saved.json as { id: string }).id };
  },
  payWithToken: async (session, token, wish) =>
    seen(await session.send(orderRequest(session, wish, { card: { vault_id: token } }))),
  submitEvidence: async (session, disputeId, key) => {
    const evidences = [{ evidence_type: 'PROOF_OF_FULFILLMENT', notes: 'Delivered' }];
    const input = JSON.stringify({ evidences });
    const boundary = 'assay-boundary';
    const body = [
      `--${boundary}`,
      'Content-Disposition: form-data; name="input"',
      'Content-Type: application/json',
      '',
      input,
      `--${boundary}--`,
      '',
    ].join('\r\n');
    const path = `/v1/customer/disputes/${disputeId}/provide-evidence`;
    const plain = request(session, 'POST', path, { key });
    const headers = { ...plain.headers, 'content-type': `multipart/form-data; boundary=${boundary}` };
    return session.send({ ...plain, headers, body });
  },
  createRequest,
  unauthorized: (session) => ({
    request: {
      ...request(session, 'POST', '/v2/checkout/orders', { body: {} }),
      headers: { authorization: 'Bearer wrong', 'content-type': 'application/json' },
    },
    status: 401,
    bodyHas: '"error":"invalid_token"',
  }),
  malformed: (session) => ({
    request: { ...request(session, 'POST', '/v2/checkout/orders'), body: '{"intent":' },
    status: 400,
    bodyHas: '"issue":"MALFORMED_REQUEST_JSON"',
  }),
  notSimulated: (session) => ({
    request: request(session, 'POST', '/v1/billing/subscriptions', { body: {} }),
    status: 404,
    bodyHas: 'not simulated',
  }),
  refusals: {
    otherBody: null,
    inFlight: { status: 409, bodyHas: 'PREVIOUS_REQUEST_IN_PROGRESS' },
    rateLimited: { status: 429, bodyHas: 'RATE_LIMIT_REACHED' },
    unknownCurrency: { status: 422, bodyHas: '"issue":"CURRENCY_NOT_SUPPORTED"' },
  },
  verifyWebhook: async ({ headers, body }, session) => {
    const certUrl = new URL(headers['paypal-cert-url'] ?? '');
    const pem = await session.send({ method: 'GET', path: certUrl.pathname, headers: {} });
    const { publicKey } = new X509Certificate(pem.text);
    const text = [
      headers['paypal-transmission-id'],
      headers['paypal-transmission-time'],
      session.credentials['webhookId'],
      crc32(Buffer.from(body, 'utf8')),
    ].join('|');
    const isGenuine = createVerify('sha256')
      .update(text)
      .verify(publicKey, headers['paypal-transmission-sig'] ?? '', 'base64');
    return isGenuine && headers['paypal-auth-algo'] === 'SHA256withRSA' && certUrl.origin === session.baseUrl;
  },
  webhooksSigned: true,
  eventOf: ({ body }) => {
    const event = JSON.parse(body) as { id: string; event_type: string };
    return { id: event.id, type: event.event_type };
  },
};
