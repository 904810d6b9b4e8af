/**
 * The provider's public keys, fetched from its one configured address and kept. An unknown key id
 * is a reason to look again, because keys are rotated, but not more than once a minute: the id
 * comes from a message that nobody has checked yet.
 */
import { WebhookKeysUnavailableError } from '../../../ports/psp-adapter.ts';
import type { PspAdapterPorts, PspConfig, WebhookInput } from '../../../ports/psp-adapter.ts';
import { textOf } from '../fields.ts';
import { readSignature } from './jws.ts';
import { SIGNATURE_HEADER, webKeys } from './signature.ts';

/** Between two looks at the provider's keys. */
const PAUSE_MS = 60_000;

/** A key that was withdrawn is forgotten after this long. */
const MOST_AGE_MS = 24 * 60 * 60 * 1000;

export function createWebhookKeys(
  config: PspConfig,
  { clock, network, timeoutMs }: PspAdapterPorts,
): (input: WebhookInput) => Promise<Record<string, string>> {
  const url = config.credentials['webhookJwksUrl'] ?? `${config.baseUrl}/.well-known/jwks`;
  let kept: { text: string; atMs: number } | null = null;
  let askedAtMs: number | null = null;

  async function fetchKeys(): Promise<string> {
    askedAtMs = clock.now();
    const answer = await network
      .request({ method: 'GET', url, timeoutMs, headers: { accept: 'application/json' } })
      .catch(() => null);
    const text = answer?.status === 200 ? answer.body.toString('utf8') : '';
    if (webKeys(text).length === 0) throw new WebhookKeysUnavailableError('the public keys could not be fetched');
    kept = { text, atMs: clock.now() };
    return text;
  }

  return async ({ headers }) => {
    if (config.credentials['webhookJwks'] !== undefined) return {};
    const signature = readSignature(headers[SIGNATURE_HEADER] ?? '');
    if (signature === null) return {};
    const isFresh = kept !== null && clock.now() - kept.atMs < MOST_AGE_MS;
    const isKnown = kept !== null && webKeys(kept.text).some((jwk) => textOf(jwk, 'kid') === signature.kid);
    if (kept !== null && isFresh && isKnown) return { webhookJwks: kept.text };
    const mayAsk = askedAtMs === null || clock.now() - askedAtMs >= PAUSE_MS;
    if (!mayAsk && kept !== null) return { webhookJwks: kept.text };
    if (!mayAsk) throw new WebhookKeysUnavailableError('the public keys could not be fetched a moment ago');
    return { webhookJwks: await fetchKeys() };
  };
}
