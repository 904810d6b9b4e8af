/**
 * One account at a PSP: which protocol it speaks, where, and with what keys. Read from the
 * configuration alone; nothing here is known to the player or the platform.
 */
export type PspDialect = 'acme' | 'stripe' | 'adyen' | 'checkout' | 'paypal' | 'mollie' | 'open-banking';

/** Every PSP has two worlds with the same ids, keys apart; money is real in one of them. */
export type PspEnvironment = 'test' | 'live';

/** One PSP account as configured. `name` is our name for it, also in the webhook URL. */
export interface PspConfig {
  name: string;
  dialect: PspDialect;
  /** Root of the PSP's API without a trailing slash, for instance `http://psp-stripe`. */
  baseUrl: string;
  /**
   * What each dialect wants is in `adapters/psp/README.md`. Secrets of webhooks may be
   * comma-separated lists (rotation); any of them is accepted.
   */
  credentials: Record<string, string>;
  profile?: { keyLifeMs?: number; visibilityLagMs?: number };
}
