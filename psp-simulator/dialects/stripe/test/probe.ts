/**
 * How the conformance suite speaks to stripe: a merchant's client written from Stripe's public
 * API reference, by hand and without a line of the dialect.
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

/** What stands in a form: texts and numbers, in hashes as deep as one likes. */
type Form = { readonly [name: string]: string | number | boolean | Form };

const CARDS: Readonly<Record<ProbeCard, { method: string; more?: Form; metadata?: Form }>> = {
  approved: { method: 'pm_card_visa' },
  declined: { method: 'pm_card_visa_chargeDeclined' },
  'insufficient-funds': { method: 'pm_card_visa_chargeDeclinedInsufficientFunds' },
  frictionless: { method: 'pm_card_threeDSecureFrictionless' },
  'frictionless-attempted': {
    method: 'pm_card_visa',
    more: { payment_method_options: { card: { request_three_d_secure: 'any' } } },
  },
  challenge: { method: 'pm_card_threeDSecure2Required' },
  'soft-decline': { method: 'pm_card_authenticationRequired', more: { off_session: true } },
  'disputed-won': { method: 'pm_card_createDispute', metadata: { assay_dispute: 'won' } },
  'disputed-lost': { method: 'pm_card_createDispute', metadata: { assay_dispute: 'lost' } },
  'refund-fails': { method: 'pm_card_visa', metadata: { assay_refund: 'fail' } },
  'refund-fails-late': { method: 'pm_card_refundFail' },
};

const PAYOUT_OUTCOMES = { paid: {}, failed: { assay_outcome: 'fail' }, returned: { assay_outcome: 'return' } } as const;

function encode(form: Form, prefix = ''): string[] {
  return Object.entries(form).flatMap(([name, value]) => {
    const key = prefix === '' ? name : `${prefix}[${name}]`;
    return typeof value === 'object'
      ? encode(value, key)
      : [`${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`];
  });
}

function post({ credentials }: ProbeSession, path: string, key: string, form: Form): WireRequest {
  return {
    method: 'POST',
    path,
    headers: {
      authorization: `Bearer ${credentials['apiKey'] ?? ''}`,
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': key,
    },
    body: encode(form).join('&'),
  };
}

const get = (session: ProbeSession, path: string): Promise<WireAnswer> =>
  session.send({ method: 'GET', path, headers: { authorization: `Bearer ${session.credentials['apiKey'] ?? ''}` } });

interface Intent {
  id?: string;
  status?: string;
  last_payment_error?: object | null;
  next_action?: { redirect_to_url?: { url: string } } | null;
  latest_charge?: { amount_refunded: number; refunded: boolean } | string | null;
}

function stateOf(intent: Intent): SeenState {
  switch (intent.status) {
    case 'succeeded':
      return typeof intent.latest_charge === 'object' && intent.latest_charge?.refunded === true
        ? 'refunded'
        : 'captured';
    case 'requires_capture':
      return 'authorized';
    case 'requires_action':
      return 'requires_action';
    case 'canceled':
      return 'canceled';
    default:
      return intent.last_payment_error == null ? 'open' : 'declined';
  }
}

function seen(answer: WireAnswer): SeenPayment {
  const body = answer.json as Intent & { error?: { payment_intent?: Intent } };
  const intent = body.error?.payment_intent ?? body;
  return {
    pspReference: intent.id ?? '',
    state: stateOf(intent),
    redirectUrl: intent.next_action?.redirect_to_url?.url ?? null,
    answer,
  };
}

function creation(session: ProbeSession, wish: PayWish, more: Form, metadata: Form = {}): WireRequest {
  const manual = wish.capture === 'manual';
  return post(session, '/v1/payment_intents', wish.idempotencyKey, {
    amount: wish.amountMinor,
    currency: wish.currency.toLowerCase(),
    confirm: true,
    capture_method: wish.capture,
    return_url: session.returnUrl,
    metadata: { reference: wish.reference, ...metadata },
    ...(manual ? { payment_method_options: { card: { request_multicapture: 'if_available' } } } : {}),
    ...more,
  });
}

function createRequest(session: ProbeSession, wish: PayWish): WireRequest {
  const { method, more = {}, metadata = {} } = CARDS[wish.card];
  return creation(session, wish, { payment_method: method, ...more }, metadata);
}

const retrieve = async (session: ProbeSession, id: string): Promise<SeenPayment> =>
  seen(await get(session, `/v1/payment_intents/${id}?expand[]=latest_charge`));

const PLAIN: PayWish = {
  reference: 'order-refused',
  amountMinor: 5_000,
  currency: 'EUR',
  card: 'approved',
  capture: 'automatic',
  idempotencyKey: 'key-refused',
};

export const probe: DialectProbe = {
  dialect: 'stripe',
  currency: 'EUR',
  cardsNotOffered: {},
  pay: async (session, wish) => seen(await session.send(createRequest(session, wish))),
  afterReturn: (session, payment) => retrieve(session, payment.pspReference),
  capture: (session, id, amountMinor, { final, key }) =>
    session.send(
      post(session, `/v1/payment_intents/${id}/capture`, key, { amount_to_capture: amountMinor, final_capture: final }),
    ),
  void: (session, id, key) => session.send(post(session, `/v1/payment_intents/${id}/cancel`, key, {})),
  refund: (session, id, amountMinor, { key }) =>
    session.send(post(session, '/v1/refunds', key, { payment_intent: id, amount: amountMinor })),
  payout: (session, { reference, amountMinor, currency, outcome, key }) =>
    session.send(
      post(session, '/v1/payouts', key, {
        amount: amountMinor,
        currency: currency.toLowerCase(),
        metadata: { reference, ...PAYOUT_OUTCOMES[outcome] },
      }),
    ),
  retrieve,
  list: async (session, pageSize) => {
    const ids: string[] = [];
    for (;;) {
      const after = ids.length === 0 ? '' : `&starting_after=${ids.at(-1)}`;
      const { json } = await get(session, `/v1/payment_intents?limit=${pageSize}${after}`);
      const { data, has_more: more } = json as { data: { id: string }[]; has_more: boolean };
      ids.push(...data.map(({ id }) => id));
      if (!more) return ids;
    }
  },
  saveMethod: async (session, key) => {
    const idOf = async (path: string, form: Form): Promise<string> => {
      const { json } = await session.send(post(session, path, `${key}${path}`, form));
      return (json as { id: string }).id;
    };
    const customer = await idOf('/v1/customers', { email: 'player-1@example.com' });
    const method = await idOf('/v1/payment_methods', { type: 'card', card: { token: 'tok_visa' } });
    return { token: await idOf(`/v1/payment_methods/${method}/attach`, { customer }) };
  },
  payWithToken: async (session, token, wish) => {
    const { json } = await get(session, `/v1/payment_methods/${token}`);
    const { customer } = json as { customer: string };
    return seen(await session.send(creation(session, wish, { payment_method: token, customer, off_session: true })));
  },
  submitEvidence: (session, id, key) =>
    session.send(
      post(session, `/v1/disputes/${id}`, key, {
        evidence: { uncategorized_text: 'Delivered, signed for, and thanked for.' },
        submit: true,
      }),
    ),
  createRequest,
  unauthorized: (session) => {
    const request = createRequest(session, PLAIN);
    return {
      request: { ...request, headers: { ...request.headers, authorization: 'Bearer sk_test_nobody_at_all' } },
      status: 401,
      bodyHas: 'Invalid API Key provided',
    };
  },
  malformed: (session) => ({
    request: { ...createRequest(session, PLAIN), body: 'amount=%E0%A4%A' },
    status: 400,
    bodyHas: '"type":"invalid_request_error"',
  }),
  notSimulated: (session) => ({
    request: post(session, '/v1/subscriptions', 'key-refused', {}),
    status: 404,
    bodyHas: 'not simulated',
  }),
  refusals: {
    otherBody: { status: 400, bodyHas: '"type":"idempotency_error"' },
    inFlight: { status: 409, bodyHas: '"code":"idempotency_key_in_use"' },
    rateLimited: { status: 429, bodyHas: '"code":"rate_limit"', header: 'stripe-rate-limited-reason' },
    unknownCurrency: { status: 400, bodyHas: 'Invalid currency: zzz. Stripe currently supports these currencies:' },
  },
  webhooksSigned: true,
  verifyWebhook: ({ headers, body }, { credentials }) => {
    const [, time, signature] = /^t=(\d+),v1=([0-9a-f]+)$/.exec(headers['stripe-signature'] ?? '') ?? [];
    const expected = createHmac('sha256', credentials['webhookSecret'] ?? '')
      .update(`${time}.${body}`)
      .digest('hex');
    return signature === expected;
  },
  eventOf: ({ body }) => {
    const { id, type } = JSON.parse(body) as { id: string; type: string };
    return { id, type };
  },
};
