/**
 * TCP network: real sockets on `node:http`, with a keep-alive client (an agent that reuses
 * connections answers several times more requests per second than fetch).
 */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import { exchange, requestHeaders } from './http-exchange.ts';
import {
  NetworkError,
  type HttpRequest,
  type HttpResponse,
  type Listening,
  type ListenOptions,
  type Network,
} from './network.ts';
import { serveTlsToo } from './tls-on-port.ts';

/** Grace for busy connections when a listener closes, in wall milliseconds. */
const DEFAULT_GRACE_MS = 1_000;

/**
 * Idle client sockets are dropped after this; shorter than the 5 s after which many Node servers
 * close them, so that a request rarely meets a connection that is just being closed.
 */
const CLIENT_IDLE_MS = 4_000;

/**
 * Servers keep idle connections for this long. Node's default of 5 s meets the pools of
 * ordinary clients at the wrong moment, and a reset that nobody planned would look like a fault.
 */
const SERVER_KEEP_ALIVE_MS = 75_000;

/**
 * A request must have arrived whole within this time (Node answers 408): an honest one takes
 * milliseconds, and a thousand that trickle would hold a server's connections.
 */
const REQUEST_MS = 60_000;

/** Connections of one listener; more are closed at once. Far above what a load generator on one machine opens. */
const MOST_CONNECTIONS = 10_000;

export function createTcpNetwork(options: { clock: Clock }): Network {
  const { clock } = options;
  const plainAgent = new http.Agent({ keepAlive: true, timeout: CLIENT_IDLE_MS });
  const secureAgent = new https.Agent({ keepAlive: true, timeout: CLIENT_IDLE_MS });
  const open = new Set<Listening>();

  function request(outgoing: HttpRequest): Promise<HttpResponse> {
    const secure = outgoing.url.startsWith('https:');
    const client = secure ? https : http;
    const agent = secure ? secureAgent : plainAgent;
    return exchange({
      request: outgoing,
      clock,
      open: () => client.request(outgoing.url, { method: outgoing.method, headers: requestHeaders(outgoing), agent }),
    });
  }

  async function listen(listenOptions: ListenOptions): Promise<Listening> {
    const { port = 0, host = '127.0.0.1', tls, tunnel, messages, listener } = listenOptions;
    const server = http.createServer(
      { keepAliveTimeout: SERVER_KEEP_ALIVE_MS, requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS, ...messages },
      listener,
    );
    server.maxConnections = MOST_CONNECTIONS;
    if (tls !== undefined || tunnel !== undefined)
      serveTlsToo(server, { ...(tls === undefined ? {} : { tls }), ...(tunnel === undefined ? {} : { tunnel }) });
    const sockets = trackSockets(server);
    await bind(server, port, host);
    const { port: boundPort } = server.address() as AddressInfo;
    const urlHost = host.includes(':') ? `[${host}]` : host;
    const listening: Listening = {
      url: `http://${urlHost}:${boundPort}`,
      close: async (graceMs = DEFAULT_GRACE_MS) => {
        open.delete(listening);
        await closeServer(server, sockets, graceMs);
      },
    };
    open.add(listening);
    return listening;
  }

  async function close(): Promise<void> {
    plainAgent.destroy();
    secureAgent.destroy();
    await Promise.all([...open].map((listening) => listening.close(0)));
  }

  return { kind: 'tcp', listen, request, close };
}

function bind(server: http.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port, host)));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string): Error {
  if (error.code !== 'EADDRINUSE') return error;
  return new NetworkError(
    'port-taken',
    `port ${port} on ${host} is in use; stop what listens there or choose another port`,
    false,
  );
}

/** Every open connection, also one that has left the http server's own books: a tunnel, a handshake. */
function trackSockets(server: http.Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function closeServer(server: http.Server, sockets: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  if (!server.listening) return Promise.resolve();
  const destroyAll = (): void => {
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
  };
  return new Promise((resolve) => {
    const deadline = setTimeout(destroyAll, graceMs);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    server.closeIdleConnections();
    if (graceMs === 0) destroyAll();
  });
}
