/**
 * open-banking: pay-by-bank. A merchant initiates a payment, the payer consents to it at his own
 * bank, and the bank sends the money. The wire is that of TrueLayer's Payments API v3, because
 * its facts are public; where the simulator differs or chose, README.md says so.
 */
import { createHash } from 'node:crypto';
import { PspProblem } from '../../core/problem.ts';
import type { Dialect, PspContext, PspRequest } from '../dialect.ts';
import { SLOW_THINGS } from '../slow-things.ts';
import { accountId } from './account-ids.ts';
import { openBankingError, traceId } from './errors.ts';
import { openBankingIdempotency } from './idempotency.ts';
import { privatePem, uuidOf } from './keys.ts';
import { JWKS_PATH, openBankingRoutes } from './routes.ts';
import { openBankingSamples } from './samples.ts';
import { openBankingSettlement } from './settlement.ts';
import { checkSignature, merchantKeys, signWebhook } from './signature.ts';
import { checkToken, TOKEN_PATH } from './token.ts';
import { OPEN_BANKING_EVENTS, openBankingWebhooks } from './webhooks.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export const openBanking: Dialect = {
  name: 'open-banking',
  title: 'Open banking (payment initiation, in the manner of TrueLayer v3)',
  profile: {
    ...SLOW_THINGS,
    keyLifeMs: 6 * HOUR_MS,
    visibilityLagMs: 0,
    latency: { kind: 'lognormal', p50Ms: 250, p95Ms: 800 },
    firstDelivery: { kind: 'lognormal', p50Ms: 400, p95Ms: 2_000 },
    // Public is only the outline: some fast retries, then longer and longer pauses, for 72 hours.
    retryScheduleMs: [
      5 * SECOND_MS,
      15 * SECOND_MS,
      1 * MINUTE_MS,
      5 * MINUTE_MS,
      15 * MINUTE_MS,
      1 * HOUR_MS,
      2 * HOUR_MS,
      4 * HOUR_MS,
      8 * HOUR_MS,
      16 * HOUR_MS,
      16 * HOUR_MS,
      24 * HOUR_MS,
    ],
    ackTimeoutMs: 10 * SECOND_MS,
    challengeLifeMs: 15 * MINUTE_MS,
    // Nothing is ever reserved: there is no authorization that could run out.
    authorizationLifeMs: 0,
    openLifeMs: 30 * MINUTE_MS,
    payoutSettlement: { kind: 'lognormal', p50Ms: 10 * SECOND_MS, p95Ms: 2 * MINUTE_MS },
    refundSettlement: { kind: 'lognormal', p50Ms: 10 * SECOND_MS, p95Ms: 2 * MINUTE_MS },
  },
  bankRules: { challengeCompletes: 'at-once', challengeExpiresTo: 'expired', confirmAfterDecline: false },
  credentials,
  routes: openBankingRoutes,
  normalizePath: (path) => path.replace(/^\/?https?:\/\/[^/]+/, ''),
  authenticate,
  parseBody,
  idempotency: openBankingIdempotency,
  publishedRateLimit: { requests: 100, windowMs: SECOND_MS },
  rateLimitHeaders: (state): Record<string, string> =>
    state.exceeded ? { 'retry-after': String(Math.ceil(state.resetMs / SECOND_MS)) } : {},
  errorAnswer: (problem, _request, psp) => openBankingError(problem, psp),
  answerHeaders: (exchangeId) => ({ 'tl-trace-id': traceId(exchangeId) }),
  webhooksFor: openBankingWebhooks,
  sign: signWebhook,
  acknowledges: (status) => status >= 200 && status < 300,
  queue: 'independent',
  signsTime: true,
  eventTypes: OPEN_BANKING_EVENTS,
  samples: openBankingSamples,
  settlement: openBankingSettlement,
  hosts: [
    'api.truelayer.com',
    'api.truelayer-sandbox.com',
    'auth.truelayer.com',
    'auth.truelayer-sandbox.com',
    'webhooks.truelayer.com',
    'webhooks.truelayer-sandbox.com',
  ],
  returnQuery: (_challenge, payment) => ({ payment_id: payment.pspReference }),
};

/** The merchant's private keys are among them: a test can sign at once, and only a test may have them. */
function credentials(pspName: string): Record<string, string> {
  const clientId = `assay-${pspName}`;
  const [es512, es256] = merchantKeys(clientId);
  const secret = (purpose: string): string =>
    createHash('sha256').update(`assay open-banking ${pspName} ${purpose}`).digest('hex').slice(0, 32);
  return {
    clientId,
    clientSecret: uuidOf(secret('client-secret')),
    accessToken: `test-token-${secret('access-token')}`,
    ...(es512 === undefined ? {} : { signingKeyId: es512.kid, signingPrivateKey: privatePem(es512) }),
    ...(es256 === undefined ? {} : { signingKeyIdEs256: es256.kid, signingPrivateKeyEs256: privatePem(es256) }),
    merchantAccountEur: accountId({ name: pspName }, 'EUR'),
    merchantAccountGbp: accountId({ name: pspName }, 'GBP'),
  };
}

/** A token for everything but the token itself and the public keys; every POST has a key, and is signed. */
function authenticate(request: PspRequest, psp: PspContext): void {
  if (request.path === TOKEN_PATH || request.path === JWKS_PATH) return;
  checkToken(request, psp);
  if (request.method !== 'POST') return;
  if ((request.headers['idempotency-key'] ?? '') === '')
    throw new PspProblem('idempotency-key-missing', 'Value is required.');
  checkSignature(request, psp);
}

/** JSON, but for the token endpoint, which takes a form as well. */
function parseBody(request: PspRequest): Record<string, unknown> {
  const text = request.rawBody.toString('utf8');
  if (text === '') return {};
  const isForm = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (isForm) return Object.fromEntries(new URLSearchParams(text));
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new PspProblem('malformed', 'The body is not JSON.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new PspProblem('malformed', 'The body must be a JSON object.');
  return parsed as Record<string, unknown>;
}
