/**
 * Signs what the platform is told, in the form of Standard Webhooks 1.0: over
 * `<id>.<unix seconds>.<body>`, once with each configured secret, so that the receiver can change
 * his while both are valid. `whsec_` secrets give `v1` (HMAC-SHA256), `whsk_` keys give `v1a`
 * (Ed25519), whose public half can be handed out.
 */
import { createHmac, createPrivateKey, sign, type KeyObject } from 'node:crypto';

export interface EventSigner {
  /** One signature, as `v1,<base64>` or `v1a,<base64>`. */
  sign(content: Buffer): string;
}

/** Shorter secrets can be guessed, longer ones are hashed down by HMAC; the bounds are those of the convention. */
const SECRET_BYTES = { min: 24, max: 64 };

/** RFC 8410: the DER of an Ed25519 private key is this and the 32 bytes of its seed. */
const ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/** Null when the text is neither form of secret. */
export function signerOf(secret: string): EventSigner | null {
  const match = /^(whsec|whsk)_([A-Za-z0-9+/]+={0,2})$/.exec(secret);
  if (match === null) return null;
  const bytes = Buffer.from(match[2] ?? '', 'base64');
  if (match[1] === 'whsec') {
    if (bytes.length < SECRET_BYTES.min || bytes.length > SECRET_BYTES.max) return null;
    return { sign: (content) => `v1,${createHmac('sha256', bytes).update(content).digest('base64')}` };
  }
  // The seed alone, or followed by the public key.
  if (bytes.length !== SEED_BYTES && bytes.length !== 2 * SEED_BYTES) return null;
  const key = ed25519Key(bytes.subarray(0, SEED_BYTES));
  return { sign: (content) => `v1a,${sign(null, content, key).toString('base64')}` };
}

function ed25519Key(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([ED25519_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}

/** The three headers of a try. @param timestampSeconds of this try, in unix seconds */
export function signedHeaders(
  signers: readonly EventSigner[],
  { id, timestampSeconds, body }: { id: string; timestampSeconds: number; body: string },
): Record<string, string> {
  const content = Buffer.from(`${id}.${timestampSeconds}.${body}`, 'utf8');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signers.map((signer) => signer.sign(content)).join(' '),
  };
}
