/**
 * How the conformance suite speaks to the adyen dialect: a small merchant client for Adyen's
 * Checkout API, written by hand. It shares no code with the dialect but for the numbers of the
 * test cards. Adyen has no status query, so this merchant believes answers and webhooks.
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

interface Card {
  number?: string;
  holderName?: string;
  authenticate?: true;
}

const CARDS: Readonly<Record<ProbeCard, Card>> = {
  approved: {},
  declined: { holderName: 'DECLINED' },
  'insufficient-funds': { holderName: 'NOT_ENOUGH_BALANCE' },
  frictionless: { number: TEST_CARDS.frictionless.number, authenticate: true },
  'frictionless-attempted': { number: TEST_CARDS.frictionless_attempted.number, authenticate: true },
  challenge: { number: TEST_CARDS.enrolled.number, authenticate: true },
  'soft-decline': { number: TEST_CARDS.soft_decline.number },
  'disputed-won': { holderName: 'Chargeback Reversed' },
  'disputed-lost': { holderName: 'Second Chargeback' },
  'refund-fails': { number: TEST_CARDS.refund_fails.number },
  'refund-fails-late': { number: TEST_CARDS.refund_fails_late.number },
};

const PREFIX = '/v72';
const DISPUTES = '/ca/services/DisputeService/v30';

function post(session: ProbeSession, path: string, body: unknown, key?: string): WireRequest {
  return {
    method: 'POST',
    path,
    headers: {
      'x-api-key': session.credentials['apiKey'] ?? '',
      'content-type': 'application/json',
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
  };
}

function merchantAccount(session: ProbeSession): string {
  return session.credentials['merchantAccount'] ?? '';
}

function paymentBody(session: ProbeSession, wish: PayWish, paymentMethod: object): Record<string, unknown> {
  return {
    amount: { currency: wish.currency, value: wish.amountMinor },
    merchantAccount: merchantAccount(session),
    reference: wish.reference,
    returnUrl: session.returnUrl,
    shopperReference: 'shopper-1',
    paymentMethod,
    ...(CARDS[wish.card].authenticate === true ? { authenticationData: { attemptAuthentication: 'always' } } : {}),
    ...(wish.capture === 'manual' ? { additionalData: { manualCapture: 'true' } } : {}),
  };
}

function createRequest(session: ProbeSession, wish: PayWish): WireRequest {
  const { number = TEST_CARDS.plain.number, holderName = 'Ada Example' } = CARDS[wish.card];
  const paymentMethod = {
    type: 'scheme',
    holderName,
    encryptedCardNumber: `test_${number}`,
    encryptedExpiryMonth: 'test_03',
    encryptedExpiryYear: 'test_2030',
    encryptedSecurityCode: 'test_737',
  };
  return post(session, `${PREFIX}/payments`, paymentBody(session, wish, paymentMethod), wish.idempotencyKey);
}

const STATES: Readonly<Record<string, SeenState>> = {
  RedirectShopper: 'requires_action',
  Refused: 'declined',
  Error: 'declined',
  Cancelled: 'canceled',
};

function seen(answer: WireAnswer, capture: PayWish['capture']): SeenPayment {
  const body = (answer.json ?? {}) as { pspReference?: string; resultCode?: string; action?: { url?: string } };
  const { resultCode = '' } = body;
  const approved = capture === 'automatic' ? 'captured' : 'authorized';
  return {
    pspReference: body.pspReference ?? '',
    state: resultCode === 'Authorised' ? approved : (STATES[resultCode] ?? 'open'),
    redirectUrl: body.action?.url ?? null,
    answer,
  };
}

/** A call about a payment of its own; the answer only says that it was received. */
function modify(
  session: ProbeSession,
  pspReference: string,
  wish: { what: 'captures' | 'cancels' | 'refunds'; amount?: { currency: string; value: number }; key: string },
): Promise<WireAnswer> {
  const { what, amount, key } = wish;
  const body = { merchantAccount: merchantAccount(session), ...(amount === undefined ? {} : { amount }) };
  return session.send(post(session, `${PREFIX}/payments/${pspReference}/${what}`, body, key));
}

interface Item {
  additionalData: { hmacSignature?: string };
  amount: { currency: string; value: number };
  eventCode: string;
  merchantAccountCode: string;
  merchantReference: string;
  originalReference?: string;
  pspReference: string;
  success: string;
}

function itemIn(body: string): Item {
  const parsed = JSON.parse(body) as { notificationItems: { NotificationRequestItem: Item }[] };
  const [entry] = parsed.notificationItems;
  if (entry === undefined) throw new Error('the notification has no item');
  return entry.NotificationRequestItem;
}

export const probe: DialectProbe = {
  dialect: 'adyen',
  currency: 'EUR',
  cardsNotOffered: {},
  createRequest,
  pay: async (session, wish) => seen(await session.send(createRequest(session, wish)), wish.capture),
  afterReturn: async (session, payment, returned, key) => {
    const redirectResult = returned?.searchParams.get('redirectResult') ?? null;
    if (redirectResult === null) return payment;
    const answer = await session.send(
      post(session, `${PREFIX}/payments/details`, { details: { redirectResult } }, key),
    );
    return seen(answer, 'automatic');
  },
  capture: (session, id, value, { currency, key }) =>
    modify(session, id, { what: 'captures', amount: { currency, value }, key }),
  void: (session, id, key) => modify(session, id, { what: 'cancels', key }),
  refund: (session, id, value, { currency, key }) =>
    modify(session, id, { what: 'refunds', amount: { currency, value }, key }),
  payout: (session, { reference, amountMinor, currency, outcome, key }) => {
    const body = {
      amount: { currency, value: amountMinor },
      merchantAccount: merchantAccount(session),
      reference,
      shopperReference: 'shopper-1',
      shopperName: { firstName: 'Ada', lastName: LAST_NAMES[outcome] },
      card: { number: TEST_CARDS.plain.number, expiryMonth: '03', expiryYear: '2030', holderName: 'Ada Example' },
    };
    return session.send(post(session, '/pal/servlet/Payout/v68/payout', body, key));
  },
  retrieve: { notOffered: 'Adyen has no status query: a merchant in doubt repeats the call or waits for the webhook.' },
  list: { notOffered: 'Adyen lists no payments by API.' },
  saveMethod: async (session, key) => {
    const body = {
      merchantAccount: merchantAccount(session),
      shopperReference: 'shopper-1',
      recurringProcessingModel: 'CardOnFile',
      paymentMethod: {
        type: 'scheme',
        encryptedCardNumber: `test_${TEST_CARDS.plain.number}`,
        encryptedExpiryMonth: 'test_03',
        encryptedExpiryYear: 'test_2030',
      },
    };
    const answer = await session.send(post(session, `${PREFIX}/storedPaymentMethods`, body, key));
    return { token: (answer.json as { id: string }).id };
  },
  payWithToken: async (session, token, wish) => {
    const body = paymentBody(session, wish, { type: 'scheme', storedPaymentMethodId: token });
    const request = post(session, `${PREFIX}/payments`, body, wish.idempotencyKey);
    return seen(await session.send(request), wish.capture);
  },
  submitEvidence: async (session, disputePspReference, key) => {
    const who = { disputePspReference, merchantAccountCode: merchantAccount(session) };
    const reasons = await session.send(post(session, `${DISPUTES}/retrieveApplicableDefenseReasons`, who));
    const { defenseReasons } = reasons.json as {
      defenseReasons: {
        defenseReasonCode: string;
        defenseDocumentTypes: { defenseDocumentTypeCode: string; requirementLevel: string }[];
      }[];
    };
    const [reason] = defenseReasons;
    const required = reason?.defenseDocumentTypes.filter(({ requirementLevel }) => requirementLevel === 'Required');
    const defenseDocuments = required?.map(({ defenseDocumentTypeCode }) => ({
      content: Buffer.from('The player played.').toString('base64'),
      contentType: 'application/pdf',
      defenseDocumentTypeCode,
    }));
    const supplied = await session.send(
      post(session, `${DISPUTES}/supplyDefenseDocument`, { ...who, defenseDocuments }),
    );
    if (supplied.status >= 300) return supplied;
    const defense = { ...who, defenseReasonCode: reason?.defenseReasonCode };
    return session.send(post(session, `${DISPUTES}/defendDispute`, defense, key));
  },
  unauthorized: (session) => {
    const plain = post(session, `${PREFIX}/payments`, {});
    return {
      request: { ...plain, headers: { ...plain.headers, 'x-api-key': 'AQE_wrong' } },
      status: 401,
      bodyHas: '"errorCode":"000"',
    };
  },
  malformed: (session) => ({
    request: { ...post(session, `${PREFIX}/payments`, {}), body: '{"amount": ' },
    status: 400,
    bodyHas: '"errorCode":"702"',
  }),
  notSimulated: (session) => ({
    request: post(session, `${PREFIX}/paymentLinks`, { merchantAccount: merchantAccount(session) }),
    status: 404,
    bodyHas: 'not simulated',
  }),
  refusals: {
    otherBody: null,
    inFlight: { status: 422, bodyHas: '"errorCode":"704"' },
    rateLimited: { status: 429, bodyHas: '"errorType":"security"', header: 'transient-error' },
    unknownCurrency: { status: 422, bodyHas: '"errorCode":"138"' },
  },
  verifyWebhook: ({ body }, session) => {
    const item = itemIn(body);
    const signed = [
      item.pspReference,
      item.originalReference ?? '',
      item.merchantAccountCode,
      item.merchantReference,
      item.amount.value,
      item.amount.currency,
      item.eventCode,
      item.success,
    ].join(':');
    const key = Buffer.from(session.credentials['hmacKey'] ?? '', 'hex');
    const expected = createHmac('sha256', key).update(signed).digest();
    const given = Buffer.from(item.additionalData.hmacSignature ?? '', 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
  webhooksSigned: true,
  eventOf: ({ body }) => {
    const { eventCode, pspReference, success } = itemIn(body);
    return { id: `${eventCode}:${pspReference}:${success}`, type: eventCode };
  },
};

/** What the receiving bank does is chosen by the shopper's name. */
const LAST_NAMES = {
  paid: 'Example',
  failed: 'Example assay_outcome=fail',
  returned: 'Example assay_outcome=return',
} as const;
