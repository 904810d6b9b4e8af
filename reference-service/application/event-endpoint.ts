/**
 * Where the platform is told. The address comes from the configuration alone, never from a
 * request, redirects are not followed, and without encryption only this machine can be named:
 * nobody can make the service call an address of his choice.
 */
import { UserError } from '../../kernel/index.ts';
import { signerOf, type EventSigner } from './sign-event.ts';

export interface EventEndpointConfig {
  /** https; http only to this machine, or where `allowHttp` is set. */
  url: string;
  /** `whsec_…` or `whsk_…`; each signs every event, so that the receiver can change his. */
  secrets: readonly string[];
  /** The network to the platform is private (or in memory). */
  allowHttp?: boolean;
}

export interface EventEndpoint {
  url: string;
  /** The address without what may be secret in it. */
  shownUrl: string;
  signers: readonly EventSigner[];
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @throws UserError; secrets never appear in it */
export function readEventEndpoint(where: string, config: EventEndpointConfig): EventEndpoint {
  const url = URL.canParse(config.url) ? new URL(config.url) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new UserError(
      `${where}.url is not an http or https URL without a user name.`,
      'Give the address of the platform, for instance https://platform.example/webhooks.',
    );
  if (url.protocol === 'http:' && !LOOPBACK.has(url.hostname) && config.allowHttp !== true)
    throw new UserError(
      `${where}.url is http, and ${url.hostname} is not this machine.`,
      'Use https, or say that plain http is allowed there.',
    );
  const signers = config.secrets.map((secret) => signerOf(secret));
  const wrong = signers.findIndex((signer) => signer === null);
  if (signers.length === 0 || wrong >= 0)
    throw new UserError(
      wrong >= 0 ? `${where}.secrets[${wrong}] is not a secret of Standard Webhooks.` : `${where}.secrets is empty.`,
      'Give whsec_ and 24 to 64 bytes in base64, or whsk_ and an Ed25519 key.',
    );
  return {
    url: config.url,
    shownUrl: `${url.origin}${url.pathname}`,
    signers: signers.filter((signer) => signer !== null),
  };
}
