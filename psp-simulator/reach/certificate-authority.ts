/**
 * The simulator's own certificate authority: signs a certificate for each host name that a
 * client asks for, so that an SDK which insists on https and on the PSP's real host name
 * connects unchanged. Nobody trusts it but the processes that are told to. Keys of leaves
 * never leave memory; the CA's own are the business of `ca-folder.ts`.
 */
import { generateKeyPairSync } from 'node:crypto';
import type { Clock, ServerCertificate } from '../../kernel/index.ts';
import { makeCertificate, type CertificateName } from './certificate.ts';

const DAY_MS = 86_400_000;

/** Clocks of containers and of the machine around them differ; a certificate from tomorrow is refused. */
const BACKDATED_MS = DAY_MS;

/** Long enough to be set up once, short enough that a forgotten one stops being a risk. */
const CA_LIFE_MS = 730 * DAY_MS;

/** Some clients refuse certificates of servers that live longer than 398 days. */
const LEAF_LIFE_MS = 397 * DAY_MS;

/** A leaf that is about to end is made anew. */
const LEAF_RENEWAL_MS = 2 * DAY_MS;

/** What every client still takes and every CA still gives. */
const KEY_BITS = 2_048;

/** Host names kept at a time: far beyond the names of all PSPs together. */
const MOST_LEAVES = 1_000;

export const CA_NAME: CertificateName = {
  organization: 'Assay',
  commonName: 'Assay PSP simulator CA (for tests on this machine)',
};

export interface AuthorityMaterial {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

export interface CertificateAuthority {
  /** PEM text that clients must trust. */
  readonly cert: string;
  /** A certificate for these names (host names or addresses), the first one its subject. `expired`: it ended yesterday. */
  certificateFor(names: readonly string[], options?: { expired?: boolean }): ServerCertificate;
}

/** PEM, PKCS #8. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: KEY_BITS });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The CA's certificate for its key, valid from `nowMs` on. */
export function newAuthorityCertificate(keyPem: string, nowMs: number): string {
  return makeCertificate({
    subject: CA_NAME,
    issuer: CA_NAME,
    key: keyPem,
    issuerKey: keyPem,
    notBeforeMs: nowMs - BACKDATED_MS,
    notAfterMs: nowMs + CA_LIFE_MS,
    for: 'ca',
  });
}

export function createAuthority(material: AuthorityMaterial, clock: Clock): CertificateAuthority {
  const issuerKey = material.key;
  const leafKey = newPrivateKey();
  const leaves = new Map<string, { certificate: ServerCertificate; endsMs: number }>();

  return {
    cert: material.cert,
    certificateFor: (names, { expired = false } = {}) => {
      const nowMs = clock.now();
      const key = `${expired ? 'expired ' : ''}${names.join(' ')}`;
      const kept = leaves.get(key);
      if (kept !== undefined && (expired || kept.endsMs - nowMs > LEAF_RENEWAL_MS)) return kept.certificate;
      const endsMs = expired ? nowMs - DAY_MS : nowMs + LEAF_LIFE_MS;
      const cert = leaf({ names, key: leafKey, issuerKey, endsMs });
      const certificate = { key: leafKey, cert: `${cert}${material.cert}` };
      if (leaves.size >= MOST_LEAVES) leaves.clear();
      leaves.set(key, { certificate, endsMs });
      return certificate;
    },
  };
}

interface LeafRequest {
  names: readonly string[];
  key: string;
  issuerKey: string;
  endsMs: number;
}

function leaf({ names, key, issuerKey, endsMs }: LeafRequest): string {
  const [first = 'localhost'] = names;
  return makeCertificate({
    subject: { organization: 'Assay PSP simulator', commonName: first },
    issuer: CA_NAME,
    key,
    issuerKey,
    notBeforeMs: endsMs - LEAF_LIFE_MS - BACKDATED_MS,
    notAfterMs: endsMs,
    for: names,
  });
}
