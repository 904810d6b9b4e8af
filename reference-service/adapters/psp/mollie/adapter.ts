/**
 * The neutral PSP port over the official Mollie SDK. The SDK does the wire; these files say which
 * call to make and what the answer means. The merchant reference is `metadata.reference`.
 * Mollie pays nothing out to players: its payouts go to the merchant's own bank account.
 */
import type { PspAdapter, PspAdapterFactory, PspCapabilities, PspEnvironment } from '../../../ports/psp-adapter.ts';
import { refused } from '../failures.ts';
import { createMollieClient } from './client.ts';
import { parseMollieWebhook, readEvents } from './events.ts';
import { capturePayment, refundPayment } from './modifications.ts';
import { cancelPayment, createPayment, queryPayment } from './payments.ts';
import { fetchSettlements } from './settlements-api.ts';
import { wantsSignedOnly } from './signature.ts';

/** Mollie keeps idempotency keys for an hour (docs.mollie.com, api-idempotency). */
const KEY_LIFE_MS = 60 * 60 * 1000;
/** Mollie promises nothing about its list of payments; half a minute is our caution. */
const VISIBILITY_LAG_MS = 30_000;

export const createMollieAdapter: PspAdapterFactory = (config, ports): PspAdapter => {
  const client = createMollieClient(config, ports);
  const capabilities: PspCapabilities = {
    methods: ['card', 'ewallet', 'bank', 'p2p', 'voucher'],
    payoutMethods: [],
    twoStepMethods: ['card'],
    storableMethods: ['card', 'ewallet'],
    statusQuery: true,
    keyLifeMs: config.profile?.keyLifeMs ?? KEY_LIFE_MS,
    visibilityLagMs: config.profile?.visibilityLagMs ?? VISIBILITY_LAG_MS,
    needsReturn: false,
    cancelByReference: true,
  };
  const noPayouts = () => Promise.resolve(refused('unsupported', "mollie pays out to the merchant's own account only"));
  return {
    name: config.name,
    dialect: 'mollie',
    environment: mollieEnvironment(config.credentials['apiKey'] ?? ''),
    capabilities,
    ready: () => client.ready(),
    createPayment: (attempt, options) =>
      createPayment(client, attempt, wantsSignedOnly(config.credentials) ? { returnUrl: options.returnUrl } : options),
    queryPayment: (attempt) => queryPayment(client, attempt),
    // A fresh key each time: Mollie replays a stored refusal, and a later release may be possible.
    cancelPayment: (attempt) => cancelPayment(client, attempt, () => ports.ids.uuid()),
    capturePayment: (capture) => capturePayment(client, capture),
    refundPayment: (refund) => refundPayment(client, refund),
    createPayout: noPayouts,
    queryPayout: noPayouts,
    parseWebhook: ({ rawBody }) => parseMollieWebhook(rawBody, ports.clock, () => ports.ids.uuid()),
    readEvents: (event) => readEvents(client, event),
    // Only who has a token that may see settlements.
    ...(config.credentials['accessToken'] === undefined
      ? {}
      : { fetchSettlements: (sinceMs: number) => fetchSettlements(config, ports, sinceMs) }),
  };
};

/** Mollie's keys name their world: `test_…`, `live_…`. */
function mollieEnvironment(apiKey: string): PspEnvironment | null {
  const word = /^(test|live)_/.exec(apiKey)?.[1];
  return word === 'test' || word === 'live' ? word : null;
}
