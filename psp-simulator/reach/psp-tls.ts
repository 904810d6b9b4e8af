/**
 * TLS of one listener: certificates of the simulator's CA for the names that it answers for,
 * and a note in the history when a client does not like them, because a client that does not
 * trust the CA shows nothing but "connection error".
 */
import { networkInterfaces } from 'node:os';
import { isIP } from 'node:net';
import type { HistorySink, TlsOptions } from '../../kernel/index.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { certificateNames } from './host-names.ts';

export interface PspTlsOptions {
  authority: CertificateAuthority;
  /** Who speaks in the history: `psp:stripe`, `proxy`. */
  proc: string;
  history: HistorySink;
  /** Patterns of the host names that it answers for beside this machine's. */
  hosts: readonly string[];
  /** Address that it listens on. */
  listenHost: string;
  /** Asked at each handshake: must the certificate be one that has ended? */
  expired(serverName: string | undefined): boolean;
}

export function tlsFor(options: PspTlsOptions): TlsOptions {
  const { authority, proc, history, hosts, listenHost } = options;
  const addresses = addressesOf(listenHost);
  return {
    certificateFor: (serverName) => {
      const names = certificateNames(serverName, hosts, listenHost);
      const all = serverName === undefined ? [...new Set([...names, ...addresses])] : names;
      return authority.certificateFor(all, { expired: options.expired(serverName) });
    },
    onFailure: ({ serverName, code, message }) => {
      const value = { host: serverName ?? null, code, message: inWords(code, message) };
      history.append({ proc, type: 'note', f: 'tls-failure', value });
    },
  };
}

/** A listener on all addresses is reached by each of them. */
function addressesOf(listenHost: string): string[] {
  if (!/^(0\.0\.0\.0|::)$/.test(listenHost)) return [];
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address.replace(/%.*$/, ''))
    .filter((address) => isIP(address) !== 0);
}

/** OpenSSL's codes that a person meets, in words with the next step. */
function inWords(code: string, message: string): string {
  if (/UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN/.test(code))
    return 'the client does not trust the CA of the simulator: name ca.pem in its trust settings';
  if (/CERTIFICATE_EXPIRED/.test(code)) return 'the client refused a certificate that has ended';
  if (code === 'ECONNRESET') return 'the client closed the connection within the TLS handshake';
  if (/UNSUPPORTED_PROTOCOL|VERSION/.test(code)) return 'the client speaks no TLS version that is still in use';
  return message.split(':').slice(3, 6).join(':') || message;
}
