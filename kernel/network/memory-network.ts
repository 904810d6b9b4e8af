/**
 * Memory network: host names instead of ports, real HTTP/1.1 bytes instead of function calls,
 * one process and no I/O, so that a run is repeatable to the byte.
 *
 * An exchange has a token of its own. It counts while bytes travel, and is parked while the
 * server's handler (which has its own token) works on the answer. The caller's token is
 * parked for the whole exchange.
 */
import http from 'node:http';
import type { TrackedActivity } from '../clock/activity.ts';
import type { Clock } from '../clock/clock.ts';
import { eventLoopTurn } from '../clock/event-loop-turn.ts';
import { bug } from '../errors.ts';
import { exchange, requestHeaders } from './http-exchange.ts';
import { createMemoryServer, type MemoryServer } from './memory-server.ts';
import {
  NetworkError,
  type HttpRequest,
  type HttpResponse,
  type Listening,
  type ListenOptions,
  type Network,
} from './network.ts';

/** Grace for busy connections when a listener closes, in wall milliseconds. */
const DEFAULT_GRACE_MS = 1_000;

/** Turns of the event loop without any work in flight after which waiting longer changes nothing. */
const QUIET_TURNS = 3;

export function createMemoryNetwork(options: { clock: Clock; activity: TrackedActivity }): Network {
  const { clock, activity } = options;
  /** Undefined: the name is known, but nobody listens now (a stopped process). */
  const hosts = new Map<string, MemoryServer | undefined>();

  async function listen(listenOptions: ListenOptions): Promise<Listening> {
    const { listener, tls, tunnel } = listenOptions;
    if (tls !== undefined || tunnel !== undefined)
      bug(`${listenOptions.name} asks for TLS or tunnels, and the memory network carries plain HTTP only`);
    const name = listenOptions.name.toLowerCase();
    if (hosts.get(name) !== undefined)
      throw new NetworkError('port-taken', `the host name ${name} is in use in this network`, false);
    const server = createMemoryServer({ name, listener, clock, activity });
    hosts.set(name, server);
    return {
      url: `http://${name}`,
      close: (graceMs = DEFAULT_GRACE_MS) => stop(name, server, graceMs),
    };
  }

  async function stop(name: string, server: MemoryServer, graceMs: number): Promise<void> {
    if (hosts.get(name) === server) hosts.set(name, undefined);
    if (graceMs > 0 && server.connections() > 0)
      await activity.run(`closing ${name}`, () => drain(server, graceMs, activity));
    server.destroyConnections();
  }

  function serverFor(request: HttpRequest): MemoryServer {
    const { hostname } = new URL(request.url);
    const where = `${request.method} ${request.url}`;
    if (!hosts.has(hostname))
      throw new NetworkError('unresolved', `${where}: the host name does not resolve (ENOTFOUND)`, false);
    const server = hosts.get(hostname);
    if (server === undefined)
      throw new NetworkError('refused', `${where}: the connection was refused (ECONNREFUSED)`, false);
    return server;
  }

  function request(outgoing: HttpRequest): Promise<HttpResponse> {
    return activity.run(`${outgoing.method} ${outgoing.url}`, () => {
      const server = serverFor(outgoing);
      const token = activity.current();
      return exchange({
        request: outgoing,
        clock,
        open: () =>
          http.request(outgoing.url, {
            method: outgoing.method,
            headers: requestHeaders(outgoing),
            createConnection: () => server.connect(token),
          }),
      });
    });
  }

  async function close(): Promise<void> {
    for (const [name, server] of hosts) {
      if (server !== undefined) await stop(name, server, 0);
    }
  }

  return { kind: 'memory', listen, request, close };
}

/**
 * Waits until the connections are closed. Ends early when all that is left waits on the
 * clock, which cannot move meanwhile: the outcome is then the same however fast the machine is.
 */
async function drain(server: MemoryServer, graceMs: number, activity: TrackedActivity): Promise<void> {
  const startedAt = performance.now();
  let quietTurns = 0;
  while (server.connections() > 0 && quietTurns < QUIET_TURNS && performance.now() - startedAt < graceMs) {
    const before = activity.changes();
    await eventLoopTurn();
    const othersWork = activity.counting().some((label) => !label.startsWith('closing '));
    quietTurns = activity.tracks && !othersWork && activity.changes() === before ? quietTurns + 1 : 0;
  }
}
