/**
 * https on the port of an http server, and tunnels of an HTTP proxy that end in it.
 *
 *   connection ─► first byte ─┬─ 0x16 (a TLS handshake) ─► decrypt ─┬─► the http server
 *                             └─ anything else ─────────────────────┘
 *   CONNECT host:port ─► allowed? ─► 200 ─► first byte, as above
 *
 * A tunnel never leads anywhere else: there is no way out of this process in here.
 */
import http from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import type { ServerCertificate, TlsOptions, TunnelGuard } from './network.ts';

/** First byte of every TLS handshake record (RFC 8446, section 5.1); no HTTP method begins with it. */
const TLS_HANDSHAKE = 0x16;

/** A connection that says nothing for this long is closed; as long as Node waits for the head of a request. */
const SILENCE_MS = 60_000;

/** Takes over the connections of `server`, which must not listen yet. */
export function serveTlsToo(server: http.Server, options: { tls?: TlsOptions; tunnel?: TunnelGuard }): void {
  const listeners = server.listeners('connection');
  server.removeAllListeners('connection');
  const serve = (socket: Duplex): void => {
    for (const listener of listeners) listener.call(server, socket);
  };
  const decrypt = options.tls === undefined ? undefined : decryptWith(options.tls, serve);
  const accept = (socket: Socket): void => {
    if (decrypt === undefined) serve(socket);
    else peek(socket, (isTls) => (isTls ? decrypt(socket) : serve(socket)));
  };

  server.on('connection', accept);
  const { tunnel } = options;
  if (tunnel === undefined) return;
  server.on('connect', (request: http.IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = tunnel(request.url ?? '');
    if (refusal !== undefined) {
      socket.end(refusalText(refusal));
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    accept(socket);
  });
}

/** Waits for the first byte and leaves it in the socket. */
function peek(socket: Socket, tell: (isTls: boolean) => void): void {
  const giveUp = (): void => void socket.destroy();
  socket.on('error', giveUp);
  socket.setTimeout(SILENCE_MS, giveUp);
  const look = (): void => {
    const first = socket.read(1) as Buffer | null;
    if (first === null) return;
    socket.off('readable', look);
    socket.setTimeout(0, giveUp);
    socket.off('timeout', giveUp);
    socket.unshift(first);
    tell(first[0] === TLS_HANDSHAKE);
  };
  socket.on('readable', look);
}

function decryptWith(options: TlsOptions, serve: (socket: Duplex) => void): (socket: Socket) => void {
  const contexts = new WeakMap<ServerCertificate, tls.SecureContext>();
  /** Connections in their handshake, by the other end's address: only there do both forms of a socket meet. */
  const pending = new Map<string, Socket>();
  let nameless: ServerCertificate | undefined;

  const contextFor = (name: string): tls.SecureContext => {
    const certificate = options.certificateFor(name);
    const context = contexts.get(certificate) ?? tls.createSecureContext(certificate);
    contexts.set(certificate, context);
    return context;
  };
  const secure = tls.createServer(
    {
      ALPNProtocols: ['http/1.1'],
      SNICallback: (name, done) => {
        try {
          done(null, contextFor(name));
        } catch (error) {
          done(error as Error);
        }
      },
    },
    (socket) => {
      const raw = pending.get(otherEnd(socket));
      pending.delete(otherEnd(socket));
      // Node resets plain sockets only. A fault that resets must look the same inside TLS.
      socket.resetAndDestroy = () => {
        raw?.resetAndDestroy();
        return socket.destroy();
      };
      serve(socket);
    },
  );
  secure.on('tlsClientError', (error: NodeJS.ErrnoException, socket: tls.TLSSocket) => {
    const serverName = (socket as { servername?: string | false }).servername;
    options.onFailure?.({
      serverName: typeof serverName === 'string' ? serverName : undefined,
      code: error.code ?? 'UNKNOWN',
      message: error.message,
    });
  });

  return (socket) => {
    // A client that names no host (it connected to an address) gets the certificate of the day.
    const certificate = options.certificateFor(undefined);
    if (certificate !== nameless) secure.setSecureContext(certificate);
    nameless = certificate;
    const key = otherEnd(socket);
    pending.set(key, socket);
    socket.once('close', () => pending.delete(key));
    secure.emit('connection', socket);
  };
}

function otherEnd(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort} ${socket.localPort}`;
}

function refusalText({ status, message }: { status: number; message: string }): string {
  const body = `${message}\n`;
  return [
    `HTTP/1.1 ${status} ${http.STATUS_CODES[status] ?? ''}`,
    'content-type: text/plain; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
