/**
 * X.509 version 3 certificates (RFC 5280) for the simulator's own CA and for the host names
 * that it answers for: ECDSA on P-256, signed with SHA-256. Written here because it is little,
 * and because it must be synchronous: a leaf is made within a TLS handshake.
 */
import { createHash, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { isIP } from 'node:net';
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectId,
  octetString,
  sequence,
  set,
  time,
  utf8String,
} from './der.ts';

const OID = {
  commonName: '2.5.4.3',
  organization: '2.5.4.10',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** Upper bound of a common name (RFC 5280, ub-common-name). Clients read the alternative names anyway. */
const LONGEST_COMMON_NAME = 64;

export interface CertificateName {
  commonName: string;
  organization: string;
}

export interface CertificateRequest {
  subject: CertificateName;
  issuer: CertificateName;
  /** Public key of the subject, P-256. */
  publicKey: KeyObject;
  /** Private key of the issuer, P-256. */
  issuerKey: KeyObject;
  notBeforeMs: number;
  notAfterMs: number;
  /** `ca`: may sign others, but no further CA. Otherwise the host names and addresses of a server. */
  for: 'ca' | readonly string[];
}

/** The certificate as PEM text. Deterministic but for the signature. */
export function makeCertificate(request: CertificateRequest): string {
  const { subject, issuer, publicKey, issuerKey } = request;
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const issuerSpki = createPublicKey(issuerKey).export({ type: 'spki', format: 'der' });
  const algorithm = sequence(objectId(OID.ecdsaWithSha256));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber(spki, request)),
    algorithm,
    distinguishedName(issuer),
    sequence(time(request.notBeforeMs), time(request.notAfterMs)),
    distinguishedName(subject),
    spki,
    explicit(3, sequence(...extensions(request, keyId(spki), keyId(issuerSpki)))),
  );
  const signature = sign('sha256', body, issuerKey);
  return pem(sequence(body, algorithm, bitString(signature)));
}

function extensions(request: CertificateRequest, subjectKeyId: Buffer, issuerKeyId: Buffer): Buffer[] {
  const identity = [
    extension(OID.subjectKeyId, false, octetString(subjectKeyId)),
    extension(OID.authorityKeyId, false, sequence(implicit(0, issuerKeyId))),
  ];
  if (request.for === 'ca') {
    return [
      extension(OID.basicConstraints, true, sequence(boolean(true), integer(Buffer.from([0])))),
      // keyCertSign and cRLSign.
      extension(OID.keyUsage, true, bitString(Buffer.from([0b0000_0110]), 1)),
      ...identity,
    ];
  }
  return [
    extension(OID.basicConstraints, true, sequence()),
    // digitalSignature.
    extension(OID.keyUsage, true, bitString(Buffer.from([0b1000_0000]), 7)),
    extension(OID.extendedKeyUsage, false, sequence(objectId(OID.serverAuth))),
    extension(OID.subjectAltName, false, sequence(...request.for.map(alternativeName))),
    ...identity,
  ];
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octetString(value));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? implicit(2, Buffer.from(name, 'ascii')) : implicit(7, addressBytes(name));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined): number[] =>
    text === undefined || text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
  const before = groups(head);
  const after = groups(tail);
  const middle = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return Buffer.from([...before, ...middle, ...after].flatMap((group) => [group >> 8, group & 0xff]));
}

function distinguishedName({ commonName, organization }: CertificateName): Buffer {
  const attribute = (id: string, text: string): Buffer => set(sequence(objectId(id), utf8String(text)));
  return sequence(
    attribute(OID.organization, organization),
    attribute(OID.commonName, commonName.slice(0, LONGEST_COMMON_NAME)),
  );
}

/** Positive, at most 20 bytes, and another one for every name, key and term. */
function serialNumber(spki: Buffer, { notBeforeMs, notAfterMs, for: names }: CertificateRequest): Buffer {
  const digest = createHash('sha256')
    .update(spki)
    .update(JSON.stringify([notBeforeMs, notAfterMs, names]))
    .digest();
  return digest.subarray(0, 16);
}

/** Hash of the public key's bits (RFC 5280, 4.2.1.2): all of the SPKI behind the algorithm, 65 bytes for P-256. */
function keyId(spki: Buffer): Buffer {
  return createHash('sha1').update(spki.subarray(-65)).digest();
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
