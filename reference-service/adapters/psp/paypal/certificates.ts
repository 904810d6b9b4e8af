/**
 * The certificates that PayPal signs its webhooks with, fetched from the address that a message
 * names. Whoever writes the message chooses that address, so only PayPal's own hosts and its one
 * path are gone to; what was fetched is kept. PayPal names a new certificate when it changes keys.
 */
import type { PspAdapterPorts, PspConfig, WebhookInput } from '../../../ports/psp-adapter.ts';
import { WebhookKeysUnavailableError } from '../../../ports/psp-adapter.ts';
import { asExchangeError } from '../exchange.ts';

const PATH = /^\/v1\/notifications\/certs\/[A-Za-z0-9-]{1,128}$/;
/** A certificate with its chain is about 4 kB. */
const LARGEST_BYTES = 16_384;
/** PayPal uses one at a time, two while it changes. */
const MOST_KEPT = 8;

/** Headers without which no certificate could help. */
const REQUIRED: readonly string[] = ['paypal-transmission-id', 'paypal-transmission-time', 'paypal-transmission-sig'];

export interface Certificates {
  /** PEM, or null when the message names none that is PayPal's. @throws WebhookKeysUnavailableError */
  forMessage(input: WebhookInput): Promise<string | null>;
}

export function createCertificates(config: PspConfig, ports: PspAdapterPorts): Certificates {
  const kept = new Map<string, string>();
  return {
    forMessage: async ({ headers }) => {
      const url = headers['paypal-cert-url'];
      if (url === undefined || REQUIRED.some((name) => headers[name] === undefined)) return null;
      if (!isPaypals(url, config.baseUrl)) return null;
      const known = kept.get(url);
      if (known !== undefined) return known;
      const pem = await fetchCertificate(url, ports);
      if (pem === null) return null;
      for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT + 1))) kept.delete(oldest);
      kept.set(url, pem);
      return pem;
    },
  };
}

/** The host that we call ourselves, or its twin in PayPal's own domain: `api.` serves the certificates of `api-m.`. */
export function isPaypals(url: string, baseUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const given = new URL(url);
  const base = new URL(baseUrl);
  if (given.protocol !== base.protocol || given.username !== '' || given.search !== '' || !PATH.test(given.pathname))
    return false;
  if (given.host === base.host) return true;
  return base.host.startsWith('api-m.') && given.host === `api.${base.host.slice('api-m.'.length)}`;
}

/** Null: PayPal has no certificate under this name. */
async function fetchCertificate(url: string, { network, timeoutMs }: PspAdapterPorts): Promise<string | null> {
  const answer = await network
    .request({ method: 'GET', url, timeoutMs, headers: { accept: '*/*' } })
    .catch((error: unknown) => {
      throw new WebhookKeysUnavailableError(`the certificate cannot be fetched: ${asExchangeError(error).message}`);
    });
  if (answer.status === 404) return null;
  if (answer.status !== 200 || answer.body.length > LARGEST_BYTES)
    throw new WebhookKeysUnavailableError(`the certificate cannot be fetched: status ${answer.status}`);
  return answer.body.toString('utf8');
}
