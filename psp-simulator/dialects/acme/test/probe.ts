/**
 * How the conformance suite speaks to acme: a merchant's client written from
 * `openapi/psp-acme.yaml`, by hand and without a line of the dialect.
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

const TOKENS: Readonly<Record<ProbeCard, string>> = {
  approved: 'tok_ok',
  declined: 'tok_declined',
  'insufficient-funds': 'tok_insufficient_funds',
  frictionless: 'tok_3ds_frictionless',
  'frictionless-attempted': 'tok_3ds_attempted',
  challenge: 'tok_3ds',
  'soft-decline': 'tok_soft_decline',
  'disputed-won': 'tok_disputed_won',
  'disputed-lost': 'tok_disputed_lost',
  'refund-fails': 'tok_refund_fails',
  'refund-fails-late': 'tok_refund_fails_late',
};

const DESTINATIONS = { paid: 'tok_payout_ok', failed: 'tok_payout_fail', returned: 'tok_payout_returned' } as const;

/** EUR has two decimals. */
const major = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

function post({ credentials }: ProbeSession, path: string, key: string, body: unknown): WireRequest {
  return {
    method: 'POST',
    path,
    headers: {
      authorization: `Bearer ${credentials['apiKey'] ?? ''}`,
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  };
}

const get = (session: ProbeSession, path: string): Promise<WireAnswer> =>
  session.send({ method: 'GET', path, headers: { authorization: `Bearer ${session.credentials['apiKey'] ?? ''}` } });

function seen(answer: WireAnswer): SeenPayment {
  const payment = answer.json as Record<string, unknown>;
  return {
    pspReference: String(payment['payment_id']),
    state: payment['status'] as SeenState,
    redirectUrl: typeof payment['redirect_url'] === 'string' ? payment['redirect_url'] : null,
    answer,
  };
}

const creation = (session: ProbeSession, wish: PayWish, token: string): WireRequest =>
  post(session, '/payments', wish.idempotencyKey, {
    amount: major(wish.amountMinor),
    currency: wish.currency,
    reference: wish.reference,
    method: 'card',
    token,
    capture: wish.capture === 'automatic',
    return_url: session.returnUrl,
  });

const createRequest = (session: ProbeSession, wish: PayWish): WireRequest => creation(session, wish, TOKENS[wish.card]);

const PLAIN: PayWish = {
  reference: 'order-refused',
  amountMinor: 5_000,
  currency: 'EUR',
  card: 'approved',
  capture: 'automatic',
  idempotencyKey: 'key-refused',
};

export const probe: DialectProbe = {
  dialect: 'acme',
  currency: 'EUR',
  cardsNotOffered: {},
  pay: async (session, wish) => seen(await session.send(createRequest(session, wish))),
  afterReturn: async (session, payment) => seen(await get(session, `/payments/${payment.pspReference}`)),
  capture: (session, id, amountMinor, { final, key }) =>
    session.send(post(session, `/payments/${id}/capture`, key, { amount: major(amountMinor), final })),
  void: (session, id, key) => session.send(post(session, `/payments/${id}/void`, key, {})),
  refund: (session, id, amountMinor, { key }) =>
    session.send(post(session, `/payments/${id}/refunds`, key, { amount: major(amountMinor), reference: `r-${key}` })),
  payout: (session, { reference, amountMinor, currency, outcome, key }) =>
    session.send(
      post(session, '/payouts', key, {
        amount: major(amountMinor),
        currency,
        reference,
        destination: DESTINATIONS[outcome],
      }),
    ),
  retrieve: async (session, id) => seen(await get(session, `/payments/${id}`)),
  list: async (session, pageSize) => {
    const ids: string[] = [];
    for (;;) {
      const after = ids.length === 0 ? '' : `&starting_after=${ids.at(-1)}`;
      const { json } = await get(session, `/payments?limit=${pageSize}${after}`);
      const { data, has_more: more } = json as { data: { payment_id: string }[]; has_more: boolean };
      ids.push(...data.map((payment) => payment.payment_id));
      if (!more) return ids;
    }
  },
  saveMethod: async (session, key) => {
    const answer = await session.send(
      post(session, '/payment-methods', key, { token: 'tok_ok', customer: 'player-1' }),
    );
    return { token: (answer.json as { method_token: string }).method_token };
  },
  payWithToken: async (session, token, wish) => seen(await session.send(creation(session, wish, token))),
  submitEvidence: (session, id, key) =>
    session.send(post(session, `/disputes/${id}/evidence`, key, { text: 'Delivered, signed for, and thanked for.' })),
  createRequest,
  unauthorized: (session) => {
    const request = createRequest(session, PLAIN);
    return {
      request: { ...request, headers: { ...request.headers, authorization: 'Bearer sk_acme_nobody' } },
      status: 401,
      bodyHas: '"code":"unauthorized"',
    };
  },
  malformed: (session) => ({
    request: { ...createRequest(session, PLAIN), body: '{"amount":' },
    status: 400,
    bodyHas: '"code":"bad_request"',
  }),
  notSimulated: (session) => ({
    request: post(session, '/subscriptions', 'key-refused', {}),
    status: 404,
    bodyHas: 'not simulated',
  }),
  refusals: {
    otherBody: { status: 422, bodyHas: '"code":"idempotency_mismatch"' },
    inFlight: { status: 409, bodyHas: '"code":"in_flight"' },
    rateLimited: { status: 429, bodyHas: '"code":"rate_limited"', header: 'retry-after' },
    unknownCurrency: { status: 422, bodyHas: '"code":"validation_failed","message":"currency' },
  },
  webhooksSigned: true,
  verifyWebhook: ({ headers, body }, { credentials }) => {
    const signed = `${headers['x-timestamp'] ?? ''}.${body}`;
    const digest = createHmac('sha256', credentials['webhookSecret'] ?? '')
      .update(signed)
      .digest('hex');
    return headers['x-signature'] === `sha256=${digest}`;
  },
  eventOf: ({ body }) => {
    const event = JSON.parse(body) as { event_id: string; type: string; status: string };
    return { id: event.event_id, type: `${event.type}.${event.status}` };
  },
};
