/**
 * The adyen dialect: Adyen's Checkout API (v68 to v72), its instant card payout and its
 * standard webhooks, as the official SDK speaks them. What is and is not simulated stands in
 * README.md.
 */
import { createHash } from 'node:crypto';
import { PspProblem } from '../../core/problem.ts';
import type { Dialect, PspContext, PspRequest, SignedMessage, SigningRequest } from '../dialect.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { redirectResultOf } from './details.ts';
import { adyenErrorAnswer } from './errors.ts';
import { adyenIdempotency } from './idempotency.ts';
import { adyenRoutes, normalizeAdyenPath } from './routes.ts';
import { adyenSignature } from './signature.ts';
import { adyenWebhooks, type NotificationItem } from './webhooks.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** After the published steps Adyen repeats the last one until thirty days are over. */
const RETRY_STEPS_MS = [
  9 * SECOND,
  18 * SECOND,
  27 * SECOND,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  1 * HOUR,
  2 * HOUR,
  4 * HOUR,
];
const LAST_RETRY_STEP_MS = 8 * HOUR;
const FIRST_STEPS_MS = RETRY_STEPS_MS.reduce((sum, step) => sum + step, 0);
const LAST_STEPS_IN_THIRTY_DAYS = Math.floor((30 * DAY - FIRST_STEPS_MS) / LAST_RETRY_STEP_MS);

export const adyen: Dialect = {
  name: 'adyen',
  title: 'Adyen (Checkout API v72)',
  profile: {
    ...SLOW_THINGS,
    // One page of Adyen's documentation says seven days, another thirty-one: the shorter is the safer assumption.
    keyLifeMs: 7 * DAY,
    // There is no status query that could lag.
    visibilityLagMs: 0,
    latency: { kind: 'lognormal', p50Ms: 400, p95Ms: 1_000 },
    firstDelivery: { kind: 'lognormal', p50Ms: 300, p95Ms: 1_500 },
    retryScheduleMs: [
      ...RETRY_STEPS_MS,
      ...Array.from({ length: LAST_STEPS_IN_THIRTY_DAYS }, () => LAST_RETRY_STEP_MS),
    ],
    ackTimeoutMs: 10 * SECOND,
    challengeLifeMs: 15 * MINUTE,
    payoutSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND, p95Ms: 2 * MINUTE },
    refundSettlement: { kind: 'lognormal', p50Ms: 30 * SECOND, p95Ms: 2 * MINUTE },
  },
  bankRules: { challengeCompletes: 'on-submit', challengeExpiresTo: 'declined', confirmAfterDecline: false },
  credentials: (pspName) => ({
    apiKey: `AQE_assay_${pspName}_${derived(pspName, 'api-key').slice(0, 32)}`,
    merchantAccount: `Assay${capitalized(pspName)}`,
    hmacKey: derived(pspName, 'hmac-key').toUpperCase(),
  }),
  routes: adyenRoutes,
  normalizePath: normalizeAdyenPath,
  authenticate,
  parseBody,
  idempotency: adyenIdempotency,
  errorAnswer: adyenErrorAnswer,
  webhooksFor: adyenWebhooks,
  sign,
  acknowledges: (status) => status >= 200 && status < 300,
  queue: 'head-of-line',
  signsTime: false,
  returnQuery: (challenge, _payment, psp) => ({ redirectResult: redirectResultOf(challenge.id, psp) }),
};

function authenticate(request: PspRequest, psp: PspContext): void {
  if (request.headers['x-api-key'] !== psp.credentials['apiKey'])
    throw new PspProblem('unauthorized', 'HTTP Status Response - Unauthorized');
}

function parseBody(request: PspRequest): Record<string, unknown> {
  if (request.rawBody.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(request.rawBody.toString('utf8'));
  } catch {
    throw new PspProblem('malformed', 'Unexpected input: the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new PspProblem('malformed', 'Unexpected input: the body is not a JSON object');
  return value as Record<string, unknown>;
}

interface Notification {
  live: string;
  notificationItems: { NotificationRequestItem: NotificationItem }[];
}

/** Puts the signature into each item. A body altered on its way keeps the signatures of the true one. */
function sign(request: SigningRequest): SignedMessage {
  const truth = (JSON.parse(request.body) as Notification).notificationItems;
  const sent = JSON.parse(request.sendInstead ?? request.body) as Notification;
  sent.notificationItems.forEach(({ NotificationRequestItem: item }, index) => {
    const signed = truth[index]?.NotificationRequestItem ?? item;
    const signature = request.form === 'malformed' ? 'not-a-signature' : adyenSignature(signed, keyFor(request));
    item.additionalData =
      request.form === 'missing' ? item.additionalData : { ...item.additionalData, hmacSignature: signature };
  });
  return {
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Adyen HttpClient 1.0' },
    body: JSON.stringify(sent),
  };
}

function keyFor(request: SigningRequest): string {
  const current = request.credentials['hmacKey'] ?? '';
  if (request.key === 'current') return current;
  if (request.key === 'previous') return request.credentials['previousHmacKey'] ?? reversed(current);
  return '00'.repeat(32);
}

/** A key that is not the current one, of the same form. */
function reversed(key: string): string {
  return [...key].reverse().join('');
}

function capitalized(pspName: string): string {
  return pspName
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function derived(pspName: string, purpose: string): string {
  return createHash('sha256').update(`assay adyen ${pspName} ${purpose}`).digest('hex');
}
