/**
 * An HTTP proxy that knows only the simulated PSPs: for SDKs whose host names cannot be changed.
 *
 *   CONNECT api.stripe.com:443 ─► TLS with our certificate for that name ─► the PSP's own pipeline
 *   GET http://api.stripe.com/… ──────────────────────────────────────────► the same
 *   CONNECT anything-else:443 ─► 403
 *
 * It has no way out: what it does not answer itself is refused, never passed on. Requests keep
 * their path and their Host header.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { nearestWord, type HistorySink, type Listening, type Network } from '../../kernel/index.ts';
import { pspListener } from '../engine/listen.ts';
import type { Psp } from '../engine/psp.ts';
import { readHead } from '../engine/read-request.ts';
import { hostOf, withoutHost } from './absolute-path.ts';
import type { CertificateAuthority } from './certificate-authority.ts';
import { fitsHost } from './host-names.ts';
import { tlsFor } from './psp-tls.ts';

export interface ProxyOptions {
  network: Network;
  host: string;
  /** 0: any free one. */
  port: number;
  authority: CertificateAuthority;
  history: HistorySink;
  psps: readonly Psp[];
  /** An outage may have shut a PSP's door. */
  isReachable(psp: string): boolean;
  /** Must this PSP show a certificate that has ended? */
  certificateExpired(psp: string): boolean;
}

/** What the proxy says about a request that it does not take. */
interface Refusal {
  status: number;
  message: string;
}

const PROC = 'proxy';

export async function openProxy(options: ProxyOptions): Promise<Listening> {
  const { network, host, port, authority, history, psps } = options;
  const backends = psps.map((psp) => ({ psp, listener: pspListener(psp) }));
  const namesIn = (target: string): typeof backends => backends.filter(({ psp }) => answersFor(psp, target));

  /** Why nobody answers for a target (`host:port` or an absolute URL), or undefined. */
  function refusalOf(target: string): Refusal | undefined {
    const found = namesIn(target);
    if (found.length === 0) return refused(target, psps);
    if (found.some(({ psp }) => options.isReachable(psp.name))) return undefined;
    return { status: 502, message: `${hostOf(target)}: the connection was refused (a planned outage)` };
  }
  function guard(target: string): Refusal | undefined {
    const refusal = refusalOf(target);
    if (refusal !== undefined) {
      const value = { target, status: refusal.status, message: refusal.message };
      history.append({ proc: PROC, type: 'note', f: 'proxy-refused', value });
    }
    return refusal;
  }

  return network.listen({
    name: 'proxy',
    host,
    port,
    tls: tlsFor({
      authority,
      proc: PROC,
      history,
      hosts: [...new Set(psps.flatMap(({ dialect }) => dialect.hosts))],
      listenHost: host,
      expired: (name) => name !== undefined && namesIn(name).some(({ psp }) => options.certificateExpired(psp.name)),
    }),
    tunnel: guard,
    listener: (request, response) => {
      const absolute = /^https?:\/\//i.test(request.url ?? '');
      const target = absolute ? (request.url ?? '') : (request.headers.host ?? '');
      if (!absolute && namesIn(target).length === 0) return answerItself(request, response, { authority, psps });
      const refusal = guard(target);
      if (refusal !== undefined) return answerText(response, refusal.status, refusal.message);
      const backend = chosen(namesIn(target), request);
      if (absolute) request.url = withoutHost(request.url ?? '');
      if (backend !== undefined && options.isReachable(backend.psp.name)) return backend.listener(request, response);
      request.socket.destroy();
    },
  });
}

/** By its real host names, and by the address that it listens on (a client may send everything through its proxy). */
function answersFor(psp: Psp, target: string): boolean {
  const host = hostOf(target);
  if (host === undefined) return false;
  if (psp.dialect.hosts.some((pattern) => fitsHost(pattern, host))) return true;
  const own = new URL(psp.url);
  const asked = new URL(/^https?:\/\//i.test(target) ? target : `http://${target}`);
  return asked.port === own.port && (host === own.hostname || host === 'localhost');
}

/** Several PSPs of one dialect share their host names: the credentials tell them apart, else it is the first. */
function chosen<B extends { psp: Psp }>(backends: readonly B[], request: IncomingMessage): B | undefined {
  if (backends.length < 2) return backends[0];
  const knows = ({ psp }: B): boolean => {
    const head = readHead(request, (path) => psp.dialect.normalizePath?.(path) ?? path);
    try {
      psp.dialect.authenticate({ ...head, rawBody: Buffer.alloc(0) }, psp.context);
      return true;
    } catch {
      return false;
    }
  };
  return backends.find(knows) ?? backends[0];
}

function refused(target: string, psps: readonly Psp[]): Refusal {
  const host = hostOf(target) ?? target;
  const hosts = [...new Set(psps.flatMap(({ dialect }) => dialect.hosts))];
  const near = nearestWord(host, hosts);
  const guess = near === undefined ? '' : ` Did you mean ${near}?`;
  const message = `${host} is the host of no PSP that runs here, and this proxy never connects to the internet.${guess}`;
  return { status: 403, message };
}

/** Somebody opened the proxy's address like a page: the CA's certificate is here to be fetched. */
function answerItself(
  request: IncomingMessage,
  response: ServerResponse,
  { authority, psps }: Pick<ProxyOptions, 'authority' | 'psps'>,
): void {
  if (request.url === '/ca.pem') {
    response.writeHead(200, { 'content-type': 'application/x-pem-file' }).end(authority.cert);
    return;
  }
  const names = psps.map(({ name, url, dialect }) => `  ${name}: ${[...dialect.hosts, url].join(', ')}`);
  const text = `This is the HTTP proxy of a PSP simulator. It answers for\n${names.join('\n')}\nIts CA: /ca.pem`;
  answerText(response, request.url === '/' ? 200 : 404, text);
}

function answerText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}
