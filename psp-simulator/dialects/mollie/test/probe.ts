/**
 * How the conformance suite speaks to the mollie dialect: a merchant that uses card tokens and
 * signed next-generation webhooks, written by hand from Mollie's public documentation and
 * without a line of the dialect. Classic webhooks have tests of their own.
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
  approved: 'tkn_assay_approved',
  declined: 'tkn_assay_declined',
  'insufficient-funds': 'tkn_assay_insufficient_funds',
  frictionless: 'tkn_assay_frictionless',
  'frictionless-attempted': 'tkn_assay_frictionless_attempted',
  challenge: 'tkn_assay_challenge',
  'soft-decline': 'tkn_assay_soft_decline',
  'disputed-won': 'tkn_assay_dispute_won',
  'disputed-lost': 'tkn_assay_dispute_lost',
  'refund-fails': 'tkn_assay_refund_fails',
  'refund-fails-late': 'tkn_assay_refund_fails_late',
};

const PAYOUT_MARKS = { paid: '', failed: ' assay_outcome=fail', returned: ' assay_outcome=return' } as const;

/** EUR has two decimals; a wish in another currency is about that currency alone. */
const euros = (minor: number, currency = 'EUR'): { currency: string; value: string } => ({
  currency,
  value: `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`,
});

/** Balances and subscriptions belong to the organization; its token opens them, an API key does not. */
function keyFor({ credentials }: ProbeSession, path: string): string {
  const isOfOrganization = /^\/(?:balances|webhooks)/.test(path);
  return credentials[isOfOrganization ? 'accessToken' : 'apiKey'] ?? '';
}

function post(session: ProbeSession, path: string, key: string, body: unknown): WireRequest {
  return {
    method: 'POST',
    path: `/v2${path}`,
    headers: {
      authorization: `Bearer ${keyFor(session, path)}`,
      accept: 'application/hal+json',
      'content-type': 'application/json',
      'idempotency-key': key,
    },
    body: JSON.stringify(body),
  };
}

const get = (session: ProbeSession, path: string): Promise<WireAnswer> =>
  session.send({
    method: 'GET',
    path: `/v2${path}`,
    headers: { authorization: `Bearer ${keyFor(session, path)}` },
  });

interface Payment {
  id?: string;
  status?: string;
  customerId?: string;
  mandateId?: string;
  amountCaptured?: { value: string };
  amountRefunded?: { value: string };
  amountRemaining?: { value: string };
  _links?: { checkout?: { href: string } };
}

function stateOf(payment: Payment): SeenState {
  const { status, amountCaptured, amountRefunded, amountRemaining, _links } = payment;
  if (status === 'open') return _links?.checkout === undefined ? 'open' : 'requires_action';
  if (status === 'failed') return 'declined';
  if (status === 'authorized') return Number(amountCaptured?.value ?? 0) > 0 ? 'captured' : 'authorized';
  if (status === 'canceled' || status === 'expired') return status;
  const isRefunded = Number(amountRefunded?.value ?? 0) > 0 && Number(amountRemaining?.value ?? 1) === 0;
  return isRefunded ? 'refunded' : 'captured';
}

function seen(answer: WireAnswer): SeenPayment {
  const payment = answer.json as Payment;
  return {
    pspReference: payment.id ?? '',
    state: stateOf(payment),
    redirectUrl: payment._links?.checkout?.href ?? null,
    answer,
  };
}

const creationBody = (session: ProbeSession, wish: PayWish): Record<string, unknown> => ({
  amount: euros(wish.amountMinor, wish.currency),
  description: `Order ${wish.reference}`,
  redirectUrl: session.returnUrl,
  method: 'creditcard',
  captureMode: wish.capture,
  metadata: { reference: wish.reference },
});

const createRequest = (session: ProbeSession, wish: PayWish): WireRequest =>
  post(session, '/payments', wish.idempotencyKey, {
    ...creationBody(session, wish),
    cardToken: TOKENS[wish.card],
  });

const subscribed = new WeakSet<ProbeSession>();

/** Asks once for every event. */
async function subscribe(session: ProbeSession): Promise<void> {
  if (subscribed.has(session)) return;
  subscribed.add(session);
  const hook = { name: 'all', url: 'https://shop.example.com/mollie', eventTypes: ['*'] };
  await session.send(post(session, '/webhooks', `hook-${session.next()}`, hook));
}

const PLAIN: PayWish = {
  reference: 'order-refused',
  amountMinor: 5_000,
  currency: 'EUR',
  card: 'approved',
  capture: 'automatic',
  idempotencyKey: 'key-refused',
};

export const probe: DialectProbe = {
  dialect: 'mollie',
  currency: 'EUR',
  cardsNotOffered: {
    'disputed-lost':
      'Mollie only tells that a chargeback came and that it was reversed; one that is lost stays as it is, without a word.',
  },
  pay: async (session, wish) => {
    await subscribe(session);
    return seen(await session.send(createRequest(session, wish)));
  },
  afterReturn: async (session, payment) => seen(await get(session, `/payments/${payment.pspReference}`)),
  capture: async (session, id, amountMinor, { final, key }) => {
    const answer = await session.send(post(session, `/payments/${id}/captures`, key, { amount: euros(amountMinor) }));
    if (!final || answer.status >= 300) return answer;
    await session.send(post(session, `/payments/${id}/release-authorization`, `${key}-rest`, {}));
    return answer;
  },
  void: (session, id, key) => session.send(post(session, `/payments/${id}/release-authorization`, key, {})),
  refund: (session, id, amountMinor, { key }) =>
    session.send(
      post(session, `/payments/${id}/refunds`, key, { amount: euros(amountMinor), description: `Refund ${key}` }),
    ),
  payout: async (session, { reference, amountMinor, outcome, key }) => {
    await subscribe(session);
    const balance = (await get(session, '/balances/primary')).json as { id: string };
    const description = `${reference}${PAYOUT_MARKS[outcome]}`;
    return session.send(
      post(session, '/payouts', key, { balanceId: balance.id, amount: euros(amountMinor), description }),
    );
  },
  retrieve: async (session, id) => seen(await get(session, `/payments/${id}`)),
  list: async (session, pageSize) => {
    const ids: string[] = [];
    let path: string | undefined = `/payments?limit=${pageSize}`;
    while (path !== undefined) {
      const { json } = await get(session, path);
      const page = json as {
        _embedded: { payments: { id: string }[] };
        _links: { next: { href: string } | null };
      };
      ids.push(...page._embedded.payments.map((payment) => payment.id));
      path = page._links.next?.href.split('/v2')[1];
    }
    return ids;
  },
  saveMethod: async (session, key) => {
    const answer = await session.send(
      post(session, '/customers', key, { name: 'Ada Lovelace', email: 'ada@example.com' }),
    );
    const { id } = answer.json as { id: string };
    const first = await session.send(
      post(session, `/customers/${id}/payments`, `${key}-first`, {
        ...creationBody(session, { ...PLAIN, reference: `first-${key}`, amountMinor: 100 }),
        cardToken: TOKENS.approved,
        sequenceType: 'first',
      }),
    );
    return { token: `${id}/${(first.json as Payment).mandateId ?? ''}` };
  },
  payWithToken: async (session, token, wish) => {
    const [customerId, mandateId] = token.split('/');
    const { redirectUrl: _noPage, ...body } = creationBody(session, wish);
    return seen(
      await session.send(
        post(session, '/payments', wish.idempotencyKey, { ...body, sequenceType: 'recurring', customerId, mandateId }),
      ),
    );
  },
  submitEvidence: {
    notOffered: "Mollie's API takes no evidence against a chargeback; a merchant answers by mail or in the dashboard.",
  },
  createRequest,
  unauthorized: (session) => {
    const request = createRequest(session, PLAIN);
    return {
      request: { ...request, headers: { ...request.headers, authorization: 'Bearer test_nobody' } },
      status: 401,
      bodyHas: '"title":"Unauthorized Request"',
    };
  },
  malformed: (session) => ({
    request: { ...createRequest(session, PLAIN), body: '{"amount":' },
    status: 400,
    bodyHas: '"title":"Bad Request"',
  }),
  notSimulated: (session) => ({
    request: post(session, '/payment-links', 'key-refused', {}),
    status: 404,
    bodyHas: 'not simulated',
  }),
  refusals: {
    otherBody: { status: 400, bodyHas: '"title":"Bad Request"' },
    inFlight: { status: 409, bodyHas: '"title":"Conflict"' },
    rateLimited: { status: 429, bodyHas: '"title":"Too Many Requests"', header: 'retry-after' },
    unknownCurrency: { status: 422, bodyHas: '"field":"amount.currency"' },
  },
  webhooksSigned: true,
  verifyWebhook: ({ headers, body }, { credentials }) => {
    const hex = createHmac('sha256', credentials['webhookSecret'] ?? '')
      .update(body)
      .digest('hex');
    return headers['x-mollie-signature'] === `sha256=${hex}`;
  },
  eventOf: ({ body }) => {
    const { id, type } = JSON.parse(body) as { id: string; type: string };
    return { id, type };
  },
};
