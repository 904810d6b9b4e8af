/**
 * How the conformance suite speaks to example-bank: a merchant's client, written by hand and
 * without a line of the dialect, so that one mistake cannot cancel itself.
 */
import { createHmac } from 'node:crypto';
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

const SOURCES: Readonly<Record<ProbeCard, string>> = {
  approved: 'card_ok',
  declined: 'card_declined',
  'insufficient-funds': 'card_no_money',
  frictionless: 'card_frictionless',
  'frictionless-attempted': 'card_attempted',
  challenge: 'card_challenge',
  'soft-decline': 'card_wants_3ds',
  'disputed-won': 'card_disputed_won',
  'disputed-lost': 'card_disputed_lost',
  'refund-fails': 'card_refund_fails',
  'refund-fails-late': 'card_refund_fails_late',
};

const DESTINATIONS = { paid: 'account_ok', failed: 'account_closed', returned: 'account_returns' } as const;

const PLAIN: PayWish = {
  reference: 'order-refused',
  amountMinor: 5_000,
  currency: 'EUR',
  card: 'approved',
  capture: 'automatic',
  idempotencyKey: 'key-refused',
};

function post({ credentials }: ProbeSession, path: string, key: string, body: unknown): WireRequest {
  const authorization = `Bearer ${credentials['apiKey'] ?? ''}`;
  const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': key };
  return { method: 'POST', path, headers, body: JSON.stringify(body) };
}

const get = (session: ProbeSession, path: string): Promise<WireAnswer> =>
  session.send({ method: 'GET', path, headers: { authorization: `Bearer ${session.credentials['apiKey'] ?? ''}` } });

function seen(answer: WireAnswer): SeenPayment {
  const payment = answer.json as { id: string; status: SeenState; redirect_url: string | null };
  return { pspReference: payment.id, state: payment.status, redirectUrl: payment.redirect_url, answer };
}

const creation = (session: ProbeSession, wish: PayWish, source: string): WireRequest =>
  post(session, '/payments', wish.idempotencyKey, {
    amount: wish.amountMinor,
    currency: wish.currency,
    reference: wish.reference,
    source,
    capture: wish.capture === 'automatic',
    return_url: session.returnUrl,
  });

const createRequest = (session: ProbeSession, wish: PayWish): WireRequest =>
  creation(session, wish, SOURCES[wish.card]);

export const probe: DialectProbe = {
  dialect: 'example-bank',
  currency: 'EUR',
  cardsNotOffered: {},
  pay: async (session, wish) => seen(await session.send(createRequest(session, wish))),
  afterReturn: async (session, payment) => seen(await get(session, `/payments/${payment.pspReference}`)),
  capture: (session, id, amount, { key }) => session.send(post(session, `/payments/${id}/capture`, key, { amount })),
  void: (session, id, key) => session.send(post(session, `/payments/${id}/cancel`, key, {})),
  refund: (session, id, amount, { key }) => session.send(post(session, `/payments/${id}/refunds`, key, { amount })),
  payout: (session, { reference, amountMinor: amount, currency, outcome, key }) =>
    session.send(post(session, '/payouts', key, { amount, currency, reference, destination: DESTINATIONS[outcome] })),
  retrieve: async (session, id) => seen(await get(session, `/payments/${id}`)),
  list: async (session, pageSize) => {
    const ids: string[] = [];
    for (let after = ''; ;) {
      const { json } = await get(session, `/payments?limit=${pageSize}${after}`);
      const { data, next } = json as { data: { id: string }[]; next: string | null };
      ids.push(...data.map(({ id }) => id));
      if (next === null) return ids;
      after = `&after=${next}`;
    }
  },
  saveMethod: async (session, key) => {
    const answer = await session.send(post(session, '/cards', key, { source: 'card_ok' }));
    return { token: (answer.json as { id: string }).id };
  },
  payWithToken: async (session, token, wish) => seen(await session.send(creation(session, wish, token))),
  submitEvidence: (session, id, key) =>
    session.send(post(session, `/disputes/${id}/evidence`, key, { text: 'Delivered and signed for.' })),
  createRequest,
  unauthorized: (session) => {
    const request = createRequest(session, PLAIN);
    const headers = { ...request.headers, authorization: 'Bearer nobody' };
    return { request: { ...request, headers }, status: 401, bodyHas: '"code":"unauthorized"' };
  },
  malformed: (session) => ({
    request: { ...createRequest(session, PLAIN), body: '{"amount":' },
    status: 400,
    bodyHas: '"code":"malformed"',
  }),
  notSimulated: (session) => ({
    request: post(session, '/subscriptions', 'key-refused', {}),
    status: 404,
    bodyHas: 'not simulated',
  }),
  refusals: {
    otherBody: { status: 422, bodyHas: '"code":"idempotency_other_body"' },
    inFlight: { status: 409, bodyHas: '"code":"idempotency_in_flight"' },
    rateLimited: { status: 429, bodyHas: '"code":"rate_limited"', header: 'retry-after' },
    unknownCurrency: { status: 422, bodyHas: '"field":"currency"' },
  },
  webhooksSigned: true,
  verifyWebhook: ({ headers, body }, { credentials }) => {
    const [, time = '', given = ''] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['x-signature'] ?? '') ?? [];
    const digest = createHmac('sha256', credentials['webhookSecret'] ?? '')
      .update(`${time}.${body}`)
      .digest('hex');
    return given === digest;
  },
  eventOf: ({ body }) => JSON.parse(body) as { id: string; type: string },
};
