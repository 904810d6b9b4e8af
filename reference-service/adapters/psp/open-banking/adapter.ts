/**
 * The neutral PSP port for pay by bank, in the wire of TrueLayer's Payments API v3. The payer
 * always authenticates at his own bank, so a challenge need not be forced; nothing is reserved,
 * so there is one step only. The merchant reference is `metadata.reference`.
 */
import type { PspAdapter, PspAdapterFactory, PspCapabilities, PspEnvironment } from '../../../ports/psp-adapter.ts';
import { createBankClient } from './client.ts';
import { parseBankWebhook, readEvents } from './events.ts';
import { cancelPayment, createPayment, queryPayment, refundPayment } from './payments.ts';
import type { MerchantAccounts } from './payments.ts';
import { createPayout, queryPayout } from './payouts.ts';
import { fetchSettlements } from './statements.ts';
import { createWebhookKeys } from './webhook-keys.ts';

/** The documents say six hours, or thirty days; the shorter is the one to count on. */
const KEY_LIFE_MS = 6 * 60 * 60 * 1000;
/** A payment is read by its id, from where it was written; this is our caution. */
const VISIBILITY_LAG_MS = 5_000;

export const createOpenBankingAdapter: PspAdapterFactory = (config, ports): PspAdapter => {
  const client = createBankClient(config, ports);
  const accounts: MerchantAccounts = (currency) =>
    config.credentials[`merchantAccount${currency.slice(0, 1)}${currency.slice(1).toLowerCase()}`] ?? null;
  const accountIds = Object.entries(config.credentials).flatMap(([name, id]) =>
    /^merchantAccount[A-Z][a-z]{2}$/.test(name) ? [id] : [],
  );
  const nextKey = (): string => ports.ids.uuid();
  const capabilities: PspCapabilities = {
    methods: ['bank'],
    payoutMethods: ['bank'],
    twoStepMethods: [],
    storableMethods: [],
    statusQuery: true,
    queryByReference: false,
    keyLifeMs: config.profile?.keyLifeMs ?? KEY_LIFE_MS,
    visibilityLagMs: config.profile?.visibilityLagMs ?? VISIBILITY_LAG_MS,
    needsReturn: false,
    cancelByReference: false,
  };
  return {
    name: config.name,
    dialect: 'open-banking',
    environment: environmentOf(config.baseUrl),
    capabilities,
    createPayment: (attempt, { returnUrl }) => createPayment(client, attempt, { returnUrl, accounts, nextKey }),
    queryPayment: (attempt) => queryPayment(client, attempt),
    // A fresh key each time: a stored refusal is replayed, and a later cancel may be possible.
    cancelPayment: (attempt) => cancelPayment(client, attempt, nextKey),
    capturePayment: () => Promise.resolve({ kind: 'rejected', reason: 'what a bank has sent is there at once' }),
    refundPayment: (refund) => refundPayment(client, refund),
    createPayout: (attempt) => createPayout(client, attempt, accounts),
    queryPayout: (attempt) => queryPayout(client, attempt),
    webhookKeys: createWebhookKeys(config, ports),
    parseWebhook: parseBankWebhook,
    readEvents: (event) => readEvents(client, event),
    fetchSettlements: (sinceMs) => fetchSettlements(client, accountIds, sinceMs),
  };
};

/** The provider's two worlds differ by host. Its events do not say which they come from; their keys do. */
function environmentOf(baseUrl: string): PspEnvironment | null {
  const { hostname } = new URL(baseUrl);
  if (hostname.endsWith('truelayer-sandbox.com')) return 'test';
  return hostname.endsWith('truelayer.com') ? 'live' : null;
}
