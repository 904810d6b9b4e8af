/**
 * How the conformance suite speaks to open-banking: a merchant's client written from the public
 * facts of TrueLayer's v3 API. Requests are signed here by hand; webhooks are verified by `jose`
 * with the key set that the simulator serves. The payer of a plain payment acts at his bank as
 * part of `pay`, because no money moves without him.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { createLocalJWKSet, flattenedVerify } from 'jose';
import type { JSONWebKeySet } from 'jose';
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

type Json = Record<string, unknown>;

const NO_CARD = 'A bank transfer has no card: the payer always authenticates at his own bank.';
const NO_CHARGEBACK = 'A transfer that the payer has sent cannot be taken back: open banking has no chargebacks.';

const BANK = 'mock-payments-gb-redirect';
const PROVIDERS: Readonly<Partial<Record<ProbeCard, string>>> = {
  declined: `${BANK}-rejected`,
  'insufficient-funds': `${BANK}-insufficient-funds`,
  'refund-fails': `${BANK}-refund-fails`,
  'refund-fails-late': `${BANK}-refund-fails-late`,
};

/** Made with a pocket calculator: the endings decide what becomes of a payout. */
const IBANS = {
  paid: 'GB82WEST12345698765432',
  failed: 'GB04ASSA00000000000002',
  returned: 'GB74ASSA00000000000003',
} as const;

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Signed with ES512 over method, path, idempotency key and body. */
function post(session: ProbeSession, path: string, key: string, body: unknown, token?: string): WireRequest {
  const { credentials } = session;
  const text = JSON.stringify(body);
  const header = base64url(
    JSON.stringify({
      alg: 'ES512',
      kid: credentials['signingKeyId'],
      tl_version: '2',
      tl_headers: 'Idempotency-Key',
    }),
  );
  const payload = base64url(`POST ${path}\nIdempotency-Key: ${key}\n${text}`);
  const signature = sign('sha512', Buffer.from(`${header}.${payload}`), {
    key: createPrivateKey(credentials['signingPrivateKey'] ?? ''),
    dsaEncoding: 'ieee-p1363',
  });
  return {
    method: 'POST',
    path,
    headers: {
      authorization: `Bearer ${token ?? credentials['accessToken'] ?? ''}`,
      'content-type': 'application/json',
      'idempotency-key': key,
      'tl-signature': `${header}..${signature.toString('base64url')}`,
    },
    body: text,
  };
}

const get = (session: ProbeSession, path: string): Promise<WireAnswer> =>
  session.send({
    method: 'GET',
    path,
    headers: { authorization: `Bearer ${session.credentials['accessToken'] ?? ''}` },
  });

function stateOf(payment: Json): SeenState {
  switch (payment['status']) {
    case 'settled':
    case 'executed':
      return 'captured';
    case 'authorized':
      return 'authorized';
    case 'authorizing':
      return 'requires_action';
    case 'failed':
      return ({ canceled: 'canceled', expired: 'expired' } as const)[String(payment['failure_reason'])] ?? 'declined';
    default:
      return 'open';
  }
}

function seen(answer: WireAnswer): SeenPayment {
  const payment = (answer.json ?? {}) as Json;
  const next = (payment['authorization_flow'] as { actions?: { next?: Json } } | undefined)?.actions?.next;
  return {
    pspReference: String(payment['id']),
    state: stateOf(payment),
    redirectUrl: next?.['type'] === 'redirect' ? String(next['uri']) : null,
    answer,
  };
}

const retrieve = async (session: ProbeSession, id: string): Promise<SeenPayment> =>
  seen(await get(session, `/v3/payments/${id}`));

function creation(session: ProbeSession, wish: PayWish, token?: string): WireRequest {
  return post(
    session,
    '/v3/payments',
    wish.idempotencyKey,
    {
      amount_in_minor: wish.amountMinor,
      currency: wish.currency,
      payment_method: {
        type: 'bank_transfer',
        provider_selection: { type: 'preselected', provider_id: PROVIDERS[wish.card] ?? BANK },
        beneficiary: {
          type: 'merchant_account',
          merchant_account_id: session.credentials['merchantAccountEur'],
          reference: 'SHOP',
        },
      },
      user: { name: 'Jane Doe', email: 'jane@example.com' },
      metadata: { reference: wish.reference },
    },
    token,
  );
}

async function accessToken({ credentials, send }: ProbeSession): Promise<string> {
  const answer = await send({
    method: 'POST',
    path: '/connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: credentials['clientId'] ?? '',
      client_secret: credentials['clientSecret'] ?? '',
      scope: 'payments',
    }).toString(),
  });
  return String((answer.json as Json)['access_token']);
}

async function pay(session: ProbeSession, wish: PayWish): Promise<SeenPayment> {
  const token = await accessToken(session);
  const made = await session.send(creation(session, wish, token));
  const id = String((made.json as Json)['id']);
  const flow = `/v3/payments/${id}/authorization-flow`;
  await session.send(
    post(session, flow, `${wish.idempotencyKey}-flow`, { redirect: { return_uri: session.returnUrl } }, token),
  );
  const waiting = await retrieve(session, id);
  if (wish.card === 'challenge' || waiting.redirectUrl === null) return waiting;
  await session.send({
    method: 'POST',
    path: new URL(waiting.redirectUrl).pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'action=approve',
  });
  return retrieve(session, id);
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
  dialect: 'open-banking',
  currency: 'EUR',
  cardsNotOffered: {
    frictionless: NO_CARD,
    'frictionless-attempted': NO_CARD,
    'soft-decline': NO_CARD,
    'disputed-won': NO_CHARGEBACK,
    'disputed-lost': NO_CHARGEBACK,
  },
  pay,
  afterReturn: (session, payment) => retrieve(session, payment.pspReference),
  capture: { notOffered: 'A bank sends the money at once: nothing is authorized that could be captured later.' },
  void: { notOffered: 'A transfer cannot be voided; a payment that the payer has not authorized yet is cancelled.' },
  refund: (session, id, amountMinor, { key }) =>
    session.send(
      post(session, `/v3/payments/${id}/refunds`, key, { amount_in_minor: amountMinor, reference: `r-${key}` }),
    ),
  payout: (session, { reference, amountMinor, currency, outcome, key }) =>
    session.send(
      post(session, '/v3/payouts', key, {
        merchant_account_id: session.credentials['merchantAccountEur'],
        amount_in_minor: amountMinor,
        currency,
        beneficiary: {
          type: 'external_account',
          account_holder_name: 'Jane Doe',
          account_identifier: { type: 'iban', iban: IBANS[outcome] },
          reference,
        },
      }),
    ),
  retrieve,
  list: async (session, pageSize) => {
    const path = `/v3/merchant-accounts/${session.credentials['merchantAccountEur']}/transactions`;
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const after = cursor === undefined ? '' : `&cursor=${cursor}`;
      const { json } = await get(session, `${path}?limit=${pageSize}${after}`);
      const page = json as { items: Json[]; pagination?: { next_cursor: string } };
      ids.push(...page.items.map((item) => String(item['payment_id'])));
      cursor = page.pagination?.next_cursor;
    } while (cursor !== undefined);
    return ids;
  },
  saveMethod: async (session, key) => {
    const made = await session.send(
      post(session, '/v3/mandates', key, {
        mandate: {
          type: 'commercial',
          provider_selection: { type: 'preselected', provider_id: BANK },
          beneficiary: {
            type: 'merchant_account',
            merchant_account_id: session.credentials['merchantAccountEur'],
            account_holder_name: 'Shop',
          },
        },
        currency: 'EUR',
        user: { name: 'Jane Doe', email: 'jane@example.com' },
        constraints: { maximum_individual_amount: 100_000 },
      }),
    );
    const token = String((made.json as Json)['id']);
    const flow = `/v3/mandates/${token}/authorization-flow`;
    await session.send(post(session, flow, `${key}-flow`, { redirect: { return_uri: session.returnUrl } }));
    return { token };
  },
  payWithToken: async (session, token, wish) => {
    const made = await session.send(
      post(session, '/v3/payments', wish.idempotencyKey, {
        amount_in_minor: wish.amountMinor,
        currency: wish.currency,
        payment_method: { type: 'mandate', mandate_id: token },
        metadata: { reference: wish.reference },
      }),
    );
    return retrieve(session, String((made.json as Json)['id']));
  },
  submitEvidence: { notOffered: NO_CHARGEBACK },
  createRequest: (session, wish) => creation(session, wish),
  unauthorized: (session) => {
    const request = creation(session, PLAIN);
    return {
      request: { ...request, body: (request.body ?? '').replace('5000', '9000') },
      status: 401,
      bodyHas: '"title":"Unauthenticated"',
    };
  },
  malformed: (session) => ({
    request: { ...creation(session, PLAIN), body: '{"amount_in_minor":' },
    status: 400,
    bodyHas: '"title":"Invalid Parameters"',
  }),
  notSimulated: (session) => ({
    request: {
      method: 'GET',
      path: '/v3/payments-providers/return',
      headers: { authorization: `Bearer ${session.credentials['accessToken'] ?? ''}` },
    },
    status: 404,
    bodyHas: 'not simulated',
  }),
  refusals: {
    otherBody: { status: 422, bodyHas: 'Idempotency-Key Reuse' },
    inFlight: { status: 409, bodyHas: 'Idempotency-Key Concurrency Conflict' },
    rateLimited: { status: 429, bodyHas: 'Rate Limit Exceeded', header: 'retry-after' },
    unknownCurrency: { status: 400, bodyHas: '"currency":[' },
  },
  webhooksSigned: true,
  verifyWebhook: async ({ headers, body }, session) => {
    const { json } = await session.send({ method: 'GET', path: '/.well-known/jwks', headers: {} });
    const keys = createLocalJWKSet(json as JSONWebKeySet);
    const [header = '', , signature = ''] = (headers['tl-signature'] ?? '').split('.');
    const { tl_headers: names } = JSON.parse(Buffer.from(header, 'base64url').toString('utf8')) as Json;
    const lines = String(names)
      .split(',')
      .map((name) => `${name}: ${headers[name.toLowerCase()] ?? ''}\n`)
      .join('');
    // The stage's merchant listens for each PSP under its name.
    const payload = Buffer.from(`POST /open-banking\n${lines}${body}`).toString('base64url');
    return flattenedVerify({ protected: header, payload, signature }, keys).then(
      () => true,
      () => false,
    );
  },
  eventOf: ({ body }) => {
    const event = JSON.parse(body) as { event_id: string; type: string };
    return { id: event.event_id, type: event.type };
  },
};
