/**
 * Memory server: a `node:http` server that never listens; connections are handed to it.
 *
 * Each request's handler runs under a token of its own, from the request to the end of the
 * response (or of the socket). A handler that waits on the clock parks that token. One that
 * waits on anything else holds the clock still. Dates come from the clock, never from the wall.
 */
import { AsyncResource } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { ActivityToken, TrackedActivity } from '../clock/activity.ts';
import type { Clock } from '../clock/clock.ts';
import { MemorySocket } from './memory-socket.ts';
import type { RequestListener } from './network.ts';

export interface MemoryServer {
  /** Opens a connection; `exchangeToken` is parked while the handler works on its request. */
  connect(exchangeToken: ActivityToken | undefined): MemorySocket;
  /** Number of connections that are not closed yet. */
  connections(): number;
  /** Destroys every open connection. */
  destroyConnections(): void;
}

export interface MemoryServerOptions {
  name: string;
  listener: RequestListener;
  clock: Clock;
  activity: TrackedActivity;
}

export function createMemoryServer(options: MemoryServerOptions): MemoryServer {
  const { name, listener, clock, activity } = options;
  const exchangeTokens = new WeakMap<object, ActivityToken>();
  const sockets = new Set<MemorySocket>();

  // No server timer may run on the wall clock: timeouts belong to the two parties.
  const server = http.createServer({ headersTimeout: 0, requestTimeout: 0, keepAliveTimeout: 0 });
  server.timeout = 0;

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const exchangeToken = exchangeTokens.get(request.socket);
    exchangeToken?.park();
    let waiting = exchangeToken !== undefined;
    const answered = (): void => {
      if (waiting) exchangeToken?.unpark();
      waiting = false;
    };
    response.once('finish', answered);
    response.once('close', answered);
    useClockForDate(response, clock);
    // Not awaited and not caught: a handler that rejects must be as loud as over TCP.
    void activity.detached(`${name}: ${request.method} ${request.url}`, async () => {
      const closed = new Promise<void>((resolve) => response.once('close', resolve));
      keepContext(request);
      keepContext(response);
      const work: unknown = listener(request, response);
      await Promise.all([closed, work]);
    });
  });

  function connect(exchangeToken: ActivityToken | undefined): MemorySocket {
    const { client, server: serverEnd } = MemorySocket.pair(() => activity.touch());
    if (exchangeToken !== undefined) exchangeTokens.set(serverEnd, exchangeToken);
    sockets.add(serverEnd);
    serverEnd.once('close', () => sockets.delete(serverEnd));
    server.emit('connection', serverEnd);
    return client;
  }

  return {
    connect,
    connections: () => sockets.size,
    destroyConnections: () => {
      for (const socket of [...sockets]) socket.destroy();
    },
  };
}

/** Sets the Date header when the head is written, unless the handler set one. */
function useClockForDate(response: ServerResponse, clock: Clock): void {
  response.sendDate = false;
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]): ServerResponse => {
    if (!response.hasHeader('date')) response.setHeader('Date', new Date(clock.now()).toUTCString());
    return writeHead(...args);
  };
}

/**
 * Event callbacks would run in the context of whoever moved the bytes (the client). They
 * belong to the handler: its token must be the one that a sleep inside them parks.
 */
function keepContext(emitter: EventEmitter): void {
  const context = new AsyncResource('memory-request');
  const emit = emitter.emit.bind(emitter) as (...args: unknown[]) => boolean;
  emitter.emit = (...args: unknown[]): boolean => context.runInAsyncScope(emit, undefined, ...args);
}
