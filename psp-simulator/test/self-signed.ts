/**
 * A certificate for `localhost`, made on the spot, so that an SDK that speaks only https can be
 * tested with its own transport. Signed by itself, valid for tests only, never written to disk.
 * Writes just enough DER for an X.509 v1 certificate; no library and no key in the repository.
 */
import { generateKeyPairSync, sign } from 'node:crypto';

const OID_COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03];
const OID_ECDSA_SHA256 = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];

/** PEM texts as `https.createServer` takes them. */
export function selfSignedCertificate(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(Buffer.from(OID_ECDSA_SHA256));
  const name = sequence(tagged(0x31, sequence(Buffer.from(OID_COMMON_NAME), tagged(0x0c, Buffer.from('localhost')))));
  const validity = sequence(time('20200101000000Z'), time('20991231235959Z'));
  const body = sequence(
    tagged(0x02, Buffer.from([1])),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const base64 = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function time(text: string): Buffer {
  return tagged(0x18, Buffer.from(text));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const prefix = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...prefix]), content]);
}
