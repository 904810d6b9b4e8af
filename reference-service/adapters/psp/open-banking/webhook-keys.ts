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

/** Between two looks at the provider's keys, and after one that failed. */
const PAUSE_MS = 60_000;
const PAUSE_AFTER_FAILURE_MS = 5_000;

/** Looks at the same time: the first webhooks arrive together, and none can wait for another's look. */
const MOST_LOOKS_AT_ONCE = 8;

/** A key that was withdrawn is forgotten after this long. */
const MOST_AGE_MS = 24 * 60 * 60 * 1000;

export function createWebhookKeys(
  config: PspConfig,
  { clock, network, timeoutMs }: PspAdapterPorts,
): (input: WebhookInput) => Promise<Record<string, string>> {
  const url = config.credentials['webhookJwksUrl'] ?? `${config.baseUrl}/.well-known/jwks`;
  let kept: { text: string; atMs: number } | null = null;
  let nextLookMs = -Infinity;
  let looks = 0;

  async function fetchKeys(): Promise<string> {
    looks += 1;
    const answer = await network
      .request({ method: 'GET', url, timeoutMs, headers: { accept: 'application/json' } })
      .catch(() => null);
    looks -= 1;
    const text = answer?.status === 200 ? answer.body.toString('utf8') : '';
    nextLookMs = clock.now() + (webKeys(text).length === 0 ? PAUSE_AFTER_FAILURE_MS : PAUSE_MS);
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
    const mayLook = clock.now() >= nextLookMs && looks < MOST_LOOKS_AT_ONCE;
    if (!mayLook && kept !== null) return { webhookJwks: kept.text };
    if (!mayLook) throw new WebhookKeysUnavailableError('the public keys could not be fetched a moment ago');
    return { webhookJwks: await fetchKeys() };
  };
}
