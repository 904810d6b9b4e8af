/**
 * The neutral PSP port over PayPal: Orders v2 and Payments v2 through the official SDK, Payouts
 * v1 by hand. The order is the payment: its id is the PSP reference, our attempt is its
 * `custom_id`. PayPal finds nothing by our reference, so an attempt whose order id was never
 * received is asked about by repeating the creation under the same key.
 */
import type { PspAdapter, PspAdapterFactory, PspCapabilities, PspEnvironment } from '../../../ports/psp-adapter.ts';
import { createCertificates } from './certificates.ts';
import { createPaypalClient } from './client.ts';
import { parsePaypalWebhook } from './events.ts';
import { cancelPayment, capturePayment, refundPayment } from './modifications.ts';
import { createPayment, queryPayment, submitReturn } from './orders.ts';
import { createPayout, queryPayout } from './payouts.ts';

/** Keys of orders live for six hours (Orders v2, PayPal-Request-Id); those of payments and payouts for weeks. */
const KEY_LIFE_MS = 6 * 60 * 60 * 1000;
/** Not published; an order is seen at once by its id as a rule, so this is our caution. */
const VISIBILITY_LAG_MS = 10_000;

export const createPaypalAdapter: PspAdapterFactory = (config, ports): PspAdapter => {
  const client = createPaypalClient(config, ports);
  const certificates = createCertificates(config, ports);
  const environment = paypalEnvironment(config.baseUrl);
  const capabilities: PspCapabilities = {
    methods: ['card', 'ewallet'],
    payoutMethods: ['ewallet'],
    twoStepMethods: ['card', 'ewallet'],
    storableMethods: ['card', 'ewallet'],
    statusQuery: true,
    queryByReference: false,
    keyLifeMs: config.profile?.keyLifeMs ?? KEY_LIFE_MS,
    visibilityLagMs: config.profile?.visibilityLagMs ?? VISIBILITY_LAG_MS,
    needsReturn: true,
    cancelByReference: false,
  };
  return {
    name: config.name,
    dialect: 'paypal',
    environment,
    capabilities,
    createPayment: (attempt, { returnUrl }) => createPayment(client, attempt, returnUrl),
    queryPayment: (attempt) => queryPayment(client, attempt),
    submitReturn: (attempt, query) => submitReturn(client, attempt, query),
    cancelPayment: (attempt) => cancelPayment(client, attempt),
    capturePayment: (capture) => capturePayment(client, capture),
    refundPayment: (refund) => refundPayment(client, refund),
    createPayout: (attempt) => createPayout(client, attempt),
    queryPayout: (attempt) => queryPayout(client, attempt),
    webhookKeys: async (input) => {
      const pem = await certificates.forMessage(input);
      return pem === null ? {} : { webhookCertificate: pem };
    },
    parseWebhook: ({ rawBody }) => parsePaypalWebhook(rawBody),
  };
};

/** PayPal's own hosts name their world; any other address is a test bench of somebody's. */
function paypalEnvironment(baseUrl: string): PspEnvironment | null {
  const { hostname } = new URL(baseUrl);
  if (hostname.endsWith('.sandbox.paypal.com')) return 'test';
  return hostname.endsWith('.paypal.com') ? 'live' : null;
}
