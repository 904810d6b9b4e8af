/**
 * How the conformance suite speaks to the checkout dialect: a small merchant client for
 * Checkout.com's API, written by hand. It shares no code with the dialect but for the numbers
 * of the test cards.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
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
import { TEST_CARDS } from '../magic.ts';

const NUMBERS: Readonly<Record<ProbeCard, string>> = {
  approved: TEST_CARDS.plain.number,
  declined: TEST_CARDS.do_not_honour.number,
  'insufficient-funds': TEST_CARDS.insufficient_funds.number,
  frictionless: TEST_CARDS.frictionless.number,
  'frictionless-attempted': TEST_CARDS.frictionless_attempted.number,
  challenge: TEST_CARDS.plain.number,
  'soft-decline': TEST_CARDS.soft_decline.number,
  'disputed-won': TEST_CARDS.disputed_won.number,
  'disputed-lost': TEST_CARDS.disputed_lost.number,
  'refund-fails': TEST_CARDS.refund_fails.number,
  'refund-fails-late': TEST_CARDS.refund_fails_late.number,
};

/** Cards that are to be authenticated; the others are sent without 3-D Secure. */
const AUTHENTICATED: readonly ProbeCard[] = ['frictionless', 'frictionless-attempted', 'challenge'];

function request(
  session: ProbeSession,
  method: string,
  path: string,
  more: { body?: unknown; key?: string; as?: 'secretKey' | 'publicKey' } = {},
): WireRequest {
  const headers: Record<string, string> = {
    authorization: `Bearer ${session.credentials[more.as ?? 'secretKey'] ?? ''}`,
    'content-type': 'application/json',
  };
  if (more.key !== undefined) headers['cko-idempotency-key'] = more.key;
  return { method, path, headers, ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }) };
}

function createRequest(session: ProbeSession, wish: PayWish): WireRequest {
  const source = {
    type: 'card',
    number: NUMBERS[wish.card],
    expiry_month: 12,
    expiry_year: 2098,
    cvv: '100',
    name: 'Ada Example',
  };
  return request(session, 'POST', '/payments', { body: paymentBody(session, wish, source), key: wish.idempotencyKey });
}

function paymentBody(session: ProbeSession, wish: PayWish, source: object): object {
  return {
    source,
    amount: wish.amountMinor,
    currency: wish.currency,
    capture: wish.capture === 'automatic',
    reference: wish.reference,
    processing_channel_id: 'pc_assayassayassayassayassay2',
    '3ds': { enabled: AUTHENTICATED.includes(wish.card) },
    success_url: session.returnUrl,
    failure_url: session.returnUrl,
  };
}

const STATES: Readonly<Record<string, SeenState>> = {
  Pending: 'requires_action',
  Authorized: 'authorized',
  Captured: 'captured',
  'Partially Captured': 'captured',
  'Partially Refunded': 'captured',
  Refunded: 'refunded',
  Declined: 'declined',
  Voided: 'canceled',
  Canceled: 'canceled',
  Expired: 'expired',
};

function seen(answer: WireAnswer): SeenPayment {
  const body = (answer.json ?? {}) as { id?: string; status?: string; _links?: { redirect?: { href?: string } } };
  return {
    pspReference: body.id ?? '',
    state: STATES[body.status ?? ''] ?? 'open',
    redirectUrl: body._links?.redirect?.href ?? null,
    answer,
  };
}

/** A payment that is captured at once is answered as authorized: the merchant asks again. */
async function upToDate(session: ProbeSession, payment: SeenPayment): Promise<SeenPayment> {
  if (payment.state !== 'authorized') return payment;
  return retrieve(session, payment.pspReference);
}

async function retrieve(session: ProbeSession, id: string): Promise<SeenPayment> {
  return seen(await session.send(request(session, 'GET', `/payments/${id}`)));
}

export const probe: DialectProbe = {
  dialect: 'checkout',
  currency: 'EUR',
  cardsNotOffered: {},
  createRequest,
  pay: async (session, wish) => upToDate(session, seen(await session.send(createRequest(session, wish)))),
  afterReturn: (session, payment, returned) =>
    retrieve(session, returned?.searchParams.get('cko-session-id') ?? payment.pspReference),
  capture: (session, id, amountMinor, { final, key }) =>
    session.send(
      request(session, 'POST', `/payments/${id}/captures`, {
        body: { amount: amountMinor, capture_type: final ? 'Final' : 'NonFinal' },
        key,
      }),
    ),
  void: (session, id, key) => session.send(request(session, 'POST', `/payments/${id}/voids`, { body: {}, key })),
  refund: (session, id, amountMinor, { key }) =>
    session.send(request(session, 'POST', `/payments/${id}/refunds`, { body: { amount: amountMinor }, key })),
  payout: (session, { reference, amountMinor, currency, outcome, key }) =>
    session.send(
      request(session, 'POST', '/payments', {
        body: {
          source: { type: 'currency_account', id: 'ca_assayassayassayassayassay2' },
          destination: {
            type: 'bank_account',
            account_number: '55555555',
            bank_code: '202015',
            country: 'GB',
            account_holder: { type: 'individual', first_name: 'Ada', last_name: LAST_NAMES[outcome] },
          },
          amount: amountMinor,
          currency,
          reference,
        },
        key,
      }),
    ),
  retrieve,
  list: async (session, pageSize) => {
    const found: string[] = [];
    for (;;) {
      const path = `/payments?limit=${pageSize}&skip=${found.length}`;
      const { json } = await session.send(request(session, 'GET', path));
      const { data, total_count: total } = json as { data: { id: string }[]; total_count: number };
      found.push(...data.map(({ id }) => id));
      if (found.length >= total || data.length === 0) return found;
    }
  },
  saveMethod: async (session, key) => {
    const card = { type: 'card', number: TEST_CARDS.plain.number, expiry_month: 12, expiry_year: 2098, cvv: '100' };
    const token = await session.send(request(session, 'POST', '/tokens', { body: card, as: 'publicKey' }));
    const body = { type: 'token', token: (token.json as { token: string }).token };
    const instrument = await session.send(request(session, 'POST', '/instruments', { body, key }));
    return { token: (instrument.json as { id: string }).id };
  },
  payWithToken: async (session, token, wish) => {
    const body = paymentBody(session, wish, { type: 'id', id: token });
    const answer = await session.send(request(session, 'POST', '/payments', { body, key: wish.idempotencyKey }));
    return upToDate(session, seen(answer));
  },
  submitEvidence: async (session, id, key) => {
    const body = { additional_evidence_text: 'The player played.' };
    const provided = await session.send(request(session, 'PUT', `/disputes/${id}/evidence`, { body }));
    if (provided.status >= 300) return provided;
    return session.send(request(session, 'POST', `/disputes/${id}/evidence`, { key }));
  },
  unauthorized: (session) => {
    const plain = request(session, 'GET', '/payments');
    return {
      request: { ...plain, headers: { ...plain.headers, authorization: 'Bearer sk_sbox_wrong' } },
      status: 401,
      bodyHas: '',
    };
  },
  malformed: (session) => ({
    request: { ...request(session, 'POST', '/payments'), body: '{"amount": ' },
    status: 400,
    bodyHas: '"error_codes":["request_body_malformed"]',
  }),
  notSimulated: (session) => ({
    request: request(session, 'POST', '/payment-links', { body: {} }),
    status: 404,
    bodyHas: 'POST /payment-links is not simulated',
  }),
  refusals: {
    otherBody: null,
    inFlight: { status: 409, bodyHas: '"request_id"' },
    rateLimited: { status: 429, bodyHas: '"error_type":"too_many_requests"' },
    unknownCurrency: { status: 422, bodyHas: '"currency_invalid"' },
  },
  verifyWebhook: ({ headers, body }, session) => {
    const expected = createHmac('sha256', session.credentials['webhookKey'] ?? '')
      .update(body)
      .digest();
    const given = Buffer.from(headers['cko-signature'] ?? '', 'hex');
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
  webhooksSigned: true,
  eventOf: ({ body }) => JSON.parse(body) as { id: string; type: string },
};

/** What the receiving bank does is chosen by the holder's name. */
const LAST_NAMES = {
  paid: 'Example',
  failed: 'Example assay_outcome=fail',
  returned: 'Example assay_outcome=return',
} as const;
