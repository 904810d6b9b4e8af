/**
 * The adapters to PSPs, one folder per dialect, and the choice among them. Nothing outside
 * this folder knows a dialect's wire; dialect folders do not know each other.
 */
import type { PspAdapterFactory, PspDialect, WebhookVerifiers } from '../../ports/psp-adapter.ts';
import type { SettlementParsers } from '../../ports/settlement.ts';
import { createAcmeAdapter } from './acme/adapter.ts';
import { parseAcmeSettlement } from './acme/settlement.ts';
import { acmeWebhookVerifier } from './acme/signature.ts';
import { createAdyenAdapter } from './adyen/adapter.ts';
import { parseAdyenSettlement } from './adyen/settlement.ts';
import { adyenWebhookVerifier } from './adyen/signature.ts';
import { createCheckoutAdapter } from './checkout/adapter.ts';
import { parseCheckoutSettlement } from './checkout/settlement.ts';
import { checkoutWebhookVerifier } from './checkout/signature.ts';
import { createMollieAdapter } from './mollie/adapter.ts';
import { parseMollieSettlement } from './mollie/settlement.ts';
import { mollieWebhookVerifier } from './mollie/signature.ts';
import { refusingImpossible } from './neutral.ts';
import { createOpenBankingAdapter } from './open-banking/adapter.ts';
import { parseBankStatement } from './open-banking/settlement.ts';
import { bankWebhookVerifier } from './open-banking/signature.ts';
import { createPaypalAdapter } from './paypal/adapter.ts';
import { parsePaypalSettlement } from './paypal/settlement.ts';
import { paypalWebhookVerifier } from './paypal/signature.ts';
import { createStripeAdapter } from './stripe/adapter.ts';
import { parseStripeSettlement } from './stripe/settlement.ts';
import { stripeWebhookVerifier } from './stripe/signature.ts';

const FACTORIES: Readonly<Record<PspDialect, PspAdapterFactory>> = {
  acme: createAcmeAdapter,
  stripe: createStripeAdapter,
  adyen: createAdyenAdapter,
  checkout: createCheckoutAdapter,
  paypal: createPaypalAdapter,
  mollie: createMollieAdapter,
  'open-banking': createOpenBankingAdapter,
};

/** The adapter of one configured PSP. Opens no connection. */
export const createPspAdapter: PspAdapterFactory = (config, ports) =>
  refusingImpossible(FACTORIES[config.dialect](config, ports));

export const webhookVerifiers: WebhookVerifiers = {
  acme: acmeWebhookVerifier,
  stripe: stripeWebhookVerifier,
  adyen: adyenWebhookVerifier,
  checkout: checkoutWebhookVerifier,
  paypal: paypalWebhookVerifier,
  mollie: mollieWebhookVerifier,
  'open-banking': bankWebhookVerifier,
};

/** Who reads a dialect's native settlement files. */
export const settlementParsers: SettlementParsers = {
  acme: parseAcmeSettlement,
  stripe: parseStripeSettlement,
  adyen: parseAdyenSettlement,
  checkout: parseCheckoutSettlement,
  paypal: parsePaypalSettlement,
  mollie: parseMollieSettlement,
  'open-banking': parseBankStatement,
};
