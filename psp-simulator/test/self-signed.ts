/**
 * A certificate for `localhost`, made on the spot, so that an SDK that speaks only https can be
 * tested with its own transport. Valid for tests only, never written to disk.
 */
import { newPrivateKey } from '../reach/certificate-authority.ts';
import { makeCertificate } from '../reach/certificate.ts';

const LOCALHOST = { organization: 'Assay tests', commonName: 'localhost' };

/** PEM texts as `https.createServer` takes them. */
export function selfSignedCertificate(): { key: string; cert: string } {
  const key = newPrivateKey();
  const cert = makeCertificate({
    subject: LOCALHOST,
    issuer: LOCALHOST,
    key,
    issuerKey: key,
    notBeforeMs: Date.UTC(2020, 0, 1),
    notAfterMs: Date.UTC(2099, 11, 31),
    for: ['localhost', '127.0.0.1'],
  });
  return { key, cert };
}
