/**
 * The load generator: a process of its own, raw keep-alive sockets, one request at a time on
 * each. A real HTTP client would take as much CPU as the servers that are measured; this one
 * must not be what limits them. Two modes: as fast as the server answers (closed), or at a
 * constant rate whatever the server does (open): then latency counts from the time a request
 * was due, so that a stall is not hidden.
 *
 * Told by its parent through a message: `LoadOrder`. Answers with a `LoadResult`.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { messageOf } from '../../kernel/index.ts';

export interface LoadOrder {
  port: number;
  /** `#` in path, headers and body is replaced by a number that was not used before. */
  request: { method: string; path: string; headers: Record<string, string>; body: string };
  connections: number;
  /** Requests per second in the open mode; absent: closed. */
  ratePerSecond?: number;
  /** Ends after so long or after so many requests, whichever is given. */
  durationMs?: number;
  count?: number;
  firstNumber: number;
  /**
   * The generator does not sleep while it waits. To wake a sleeping receiver costs the sender,
   * and only a server that is fast enough to keep it busy would not pay that.
   */
  awake?: boolean;
}

export interface LoadResult {
  requests: number;
  /** Answers that were not 2xx. */
  refused: number;
  seconds: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
  max: number;
  cpuMs: number;
}

const DUE_EVERY_MS = 1;

interface Lane {
  socket: Socket;
  busy: boolean;
  sentAt: number;
  received: Buffer;
}

function run(order: LoadOrder): Promise<LoadResult> {
  const { request } = order;
  const head = `${request.method} ${request.path} HTTP/1.1\r\nhost: 127.0.0.1:${order.port}\r\n`;
  const headers = Object.entries(request.headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const latencies: number[] = [];
  let number = order.firstNumber;
  let sent = 0;
  let refused = 0;
  const lanes: Lane[] = [];
  const waitingDue: number[] = [];
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let ending = false;

  const message = (): string => {
    number += 1;
    const body = request.body.replaceAll('#', String(number));
    return `${head}${headers.replaceAll('#', String(number))}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
  const isOver = (): boolean =>
    ending ||
    (order.count !== undefined && sent >= order.count) ||
    (order.durationMs !== undefined && performance.now() - startedAt >= order.durationMs);

  return new Promise((resolve, reject) => {
    const finishWhenQuiet = (): void => {
      if (!isOver() || lanes.some((lane) => lane.busy)) return;
      ending = true;
      for (const { socket } of lanes) socket.destroy();
      clearInterval(pulse);
      const seconds = (performance.now() - startedAt) / 1_000;
      latencies.sort((a, b) => a - b);
      const { user, system } = process.cpuUsage(cpu);
      resolve({
        requests: latencies.length,
        refused,
        seconds,
        p50: quantile(latencies, 0.5),
        p99: quantile(latencies, 0.99),
        max: latencies.at(-1) ?? 0,
        cpuMs: (user + system) / 1_000,
      });
    };
    const send = (lane: Lane, dueAt: number): void => {
      lane.busy = true;
      lane.sentAt = dueAt;
      sent += 1;
      lane.socket.write(message());
    };
    const answered = (lane: Lane, status: number): void => {
      lane.busy = false;
      latencies.push(performance.now() - lane.sentAt);
      if (status < 200 || status > 299) refused += 1;
      if (isOver()) return finishWhenQuiet();
      if (order.ratePerSecond === undefined) return send(lane, performance.now());
      const due = waitingDue.shift();
      if (due !== undefined) send(lane, due);
    };
    let due = startedAt;
    const pulse = setInterval(() => {
      if (isOver()) return finishWhenQuiet();
      if (order.ratePerSecond === undefined) return;
      const now = performance.now();
      for (; due <= now; due += 1_000 / order.ratePerSecond) {
        const free = lanes.find((lane) => !lane.busy);
        if (free === undefined) waitingDue.push(due);
        else send(free, due);
      }
    }, DUE_EVERY_MS);

    const stayAwake = (): void => {
      if (!ending) setImmediate(stayAwake);
    };
    if (order.awake === true) stayAwake();

    const open = (lane: Lane): void => {
      const { socket } = lane;
      socket.on('error', (error) => {
        if (!ending) reject(error);
      });
      socket.on('close', () => {
        if (!ending) reject(new Error('the server closed a connection under load'));
      });
      socket.on('data', (chunk) => {
        lane.received = lane.received.length === 0 ? chunk : Buffer.concat([lane.received, chunk]);
        const answer = readAnswer(lane.received);
        if (answer === null) return;
        lane.received = Buffer.alloc(0);
        if (answer.closes) {
          // Some servers take one request per connection; what it costs to connect again is theirs.
          socket.removeAllListeners('close');
          socket.destroy();
          lane.socket = newSocket(order.port);
          open(lane);
        }
        answered(lane, answer.status);
      });
    };
    for (let index = 0; index < order.connections; index += 1) {
      const lane: Lane = { socket: newSocket(order.port), busy: false, sentAt: 0, received: Buffer.alloc(0) };
      lanes.push(lane);
      open(lane);
      lane.socket.once('connect', () => {
        if (order.ratePerSecond === undefined) send(lane, performance.now());
      });
    }
  });
}

function newSocket(port: number): Socket {
  return connect({ port, host: '127.0.0.1', noDelay: true });
}

/** One whole answer, by Content-Length or as chunks; null while more must come. */
function readAnswer(received: Buffer): { status: number; closes: boolean } | null {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = received.toString('latin1', 0, end).toLowerCase();
  const status = Number(head.slice(9, 12));
  const answer = { status, closes: head.includes('\r\nconnection: close') };
  const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
  if (length !== undefined) return received.length >= end + 4 + Number(length) ? answer : null;
  return received.toString('latin1', received.length - 5) === '0\r\n\r\n' ? answer : null;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

process.on('message', (order: LoadOrder) => {
  run(order).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ error: messageOf(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
