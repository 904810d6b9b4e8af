/**
 * X.509 certificates for the simulator's own CA and for the host names that it answers for:
 * RSA 2048, signed with SHA-256. Made by node-forge, which is synchronous: a leaf is made within
 * a TLS handshake. Keys come from `node:crypto`, which makes them many times faster.
 */
import { createHash, createPublicKey } from 'node:crypto';
import { isIP } from 'node:net';
import forge from 'node-forge';

/** Upper bound of a common name (RFC 5280, ub-common-name). Clients read the alternative names anyway. */
const LONGEST_COMMON_NAME = 64;

/** Kinds of alternative names (RFC 5280, 4.2.1.6). */
const DNS_NAME = 2;
const IP_ADDRESS = 7;

export interface CertificateName {
  commonName: string;
  organization: string;
}

export interface CertificateRequest {
  subject: CertificateName;
  issuer: CertificateName;
  /** Private key of the subject, PEM. */
  key: string;
  /** Private key of the issuer, PEM. */
  issuerKey: string;
  notBeforeMs: number;
  notAfterMs: number;
  /** `ca`: may sign others, but no further CA. Otherwise the host names and addresses of a server. */
  for: 'ca' | readonly string[];
}

/** The certificate as PEM text; the same request gives the same text. */
export function makeCertificate(request: CertificateRequest): string {
  const issuerKey = forge.pki.privateKeyFromPem(request.issuerKey);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(publicPem(request.key));
  certificate.serialNumber = serialNumber(request);
  certificate.validity.notBefore = new Date(request.notBeforeMs);
  certificate.validity.notAfter = new Date(request.notAfterMs);
  certificate.setSubject(attributes(request.subject));
  certificate.setIssuer(attributes(request.issuer));
  certificate.setExtensions([
    ...(request.for === 'ca' ? CA_EXTENSIONS : serverExtensions(request.for)),
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: keyId(request.issuerKey) },
  ]);
  certificate.sign(issuerKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
}

const CA_EXTENSIONS = [
  { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
  { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
];

function serverExtensions(names: readonly string[]): object[] {
  return [
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: names.map((name) =>
        isIP(name) === 0 ? { type: DNS_NAME, value: name } : { type: IP_ADDRESS, ip: name },
      ),
    },
  ];
}

function attributes({ commonName, organization }: CertificateName): forge.pki.CertificateField[] {
  return [
    { name: 'organizationName', value: organization },
    { name: 'commonName', value: commonName.slice(0, LONGEST_COMMON_NAME) },
  ];
}

/** Positive, and another one for every name, key and term. The first byte is fixed: OpenSSL refuses an integer with zeros before it. */
function serialNumber({ key, notBeforeMs, notAfterMs, for: names }: CertificateRequest): string {
  const text = JSON.stringify([publicPem(key), notBeforeMs, notAfterMs, names]);
  return `01${createHash('sha256').update(text).digest('hex').slice(0, 30)}`;
}

function keyId(key: string): string {
  return forge.pki
    .getPublicKeyFingerprint(forge.pki.publicKeyFromPem(publicPem(key)), { md: forge.md.sha1.create() })
    .getBytes();
}

function publicPem(key: string): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}
