/**
 * The neutral PSP port over Checkout.com's current platform (NAS). Captures, voids, refunds and
 * payouts are answered "accepted" and told by event. So is the capture of a payment that is
 * captured at once: the creation answers `Authorized`, which is `pending` for who wanted it all.
 */
import type {
  CreatePaymentResult,
  PspAdapter,
  PspAdapterFactory,
  PspCapabilities,
  PspEnvironment,
  PspPaymentAttempt,
} from '../../../ports/psp-adapter.ts';
import { cannotExpress, refused } from '../failures.ts';
import { unknownToken } from '../neutral.ts';
import { createCheckoutClient } from './client.ts';
import type { CheckoutClient } from './client.ts';
import { parseCheckoutWebhook } from './events.ts';
import { cancelPayment, capturePayment, refundPayment } from './modifications.ts';
import { toCheckoutAmount } from './money.ts';
import { createPayout, queryPayout } from './payouts.ts';
import { queryPayment, reportOf } from './queries.ts';
import { fetchSettlements } from './reports-api.ts';
import { sourceOf } from './tokens.ts';

/** Keys live for a day in both environments (checkout.com/docs, Idempotency). */
const KEY_LIFE_MS = 24 * 60 * 60 * 1000;
/** Not published; payments are seen at once as a rule. */
const VISIBILITY_LAG_MS = 10_000;

export const createCheckoutAdapter: PspAdapterFactory = (config, ports): PspAdapter => {
  const client = createCheckoutClient(config, ports);
  const { credentials } = config;
  const environment = checkoutEnvironment(credentials['secretKey'] ?? '');
  const capabilities: PspCapabilities = {
    methods: ['card'],
    payoutMethods: ['card', 'bank'],
    twoStepMethods: ['card'],
    storableMethods: ['card'],
    keptPayoutMethods: ['card'],
    statusQuery: true,
    keyLifeMs: config.profile?.keyLifeMs ?? KEY_LIFE_MS,
    visibilityLagMs: config.profile?.visibilityLagMs ?? VISIBILITY_LAG_MS,
    needsReturn: false,
    cancelByReference: true,
  };
  return {
    name: config.name,
    dialect: 'checkout',
    environment,
    capabilities,
    createPayment: (attempt, { returnUrl }) =>
      createPayment(client, attempt, { returnUrl, processingChannelId: credentials['processingChannelId'] }),
    queryPayment: (attempt) => queryPayment(client, attempt),
    // A fresh key each time: an accepted void is replayed, also when it was declined later.
    cancelPayment: (attempt) => cancelPayment(client, attempt, () => ports.ids.uuid()),
    capturePayment: (capture) => capturePayment(client, capture),
    refundPayment: (refund) => refundPayment(client, refund),
    createPayout: (attempt) => createPayout(client, attempt, credentials),
    queryPayout: (attempt) => queryPayout(client, attempt),
    parseWebhook: ({ rawBody }) => parseCheckoutWebhook(rawBody),
    fetchSettlements: (sinceMs) => fetchSettlements(client, sinceMs),
  };
};

/** The platform's keys name their world: `sk_sbox_…` is the sandbox. */
function checkoutEnvironment(secretKey: string): PspEnvironment | null {
  if (secretKey.startsWith('sk_sbox_')) return 'test';
  return secretKey.startsWith('sk_') ? 'live' : null;
}

async function createPayment(
  client: CheckoutClient,
  attempt: PspPaymentAttempt,
  { returnUrl, processingChannelId }: { returnUrl: string; processingChannelId: string | undefined },
): Promise<CreatePaymentResult> {
  const amount = toCheckoutAmount(attempt);
  if (amount === null) return refused('invalid_request', cannotExpress('checkout', attempt));
  const source = sourceOf(attempt);
  if (source === null) return unknownToken('checkout', attempt.token);
  const answer = await client.post(
    '/payments',
    {
      source: source.source,
      '3ds': source.threeDs,
      amount,
      currency: attempt.currency,
      capture: attempt.capture === 'automatic',
      reference: attempt.attemptId,
      success_url: returnUrl,
      failure_url: returnUrl,
      // Events repeat the metadata: `capture` tells them an end from a step.
      metadata: { payment_id: attempt.paymentId, player_id: attempt.playerId, capture: attempt.capture },
      ...(processingChannelId === undefined ? {} : { processing_channel_id: processingChannelId }),
    },
    attempt.idempotencyKey,
  );
  return answer.kind === 'ok' ? reportOf(answer.body, attempt) : answer.failure;
}
