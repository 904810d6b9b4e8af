/**
 * One HTTP exchange as a client: shared by both networks, so that a failure is classified by
 * the same code whether the bytes went through TCP or through memory.
 *
 * The fact that matters is whether the request may have arrived. A socket that is not
 * connected yet has carried nothing; from the moment it is connected, anything may have.
 */
import type { ClientRequest, IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Clock } from '../clock/clock.ts';
import { NetworkError, type HttpRequest, type HttpResponse, type NetworkErrorKind } from './network.ts';

/** Error codes of a connection that never came about. */
const CONNECT_FAILURES: Readonly<Record<string, NetworkErrorKind>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'refused',
  ENETUNREACH: 'refused',
  ETIMEDOUT: 'refused',
  EADDRNOTAVAIL: 'refused',
  ENOTFOUND: 'unresolved',
  EAI_AGAIN: 'unresolved',
};

/** Error codes of a connection that the other side dropped. */
const DROPPED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT']);

/** Headers of a request, with the length of the body where the caller gave none. */
export function requestHeaders(request: HttpRequest): Record<string, string> {
  const headers = { ...request.headers };
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  if (request.body !== undefined && !names.has('content-length') && !names.has('transfer-encoding')) {
    headers['content-length'] = String(Buffer.byteLength(request.body));
  }
  return headers;
}

/**
 * Sends `request` through `open` and resolves with the whole response; rejects with a
 * NetworkError. Timeout and abort signal are watched from this call to the last byte.
 */
export function exchange(options: {
  request: HttpRequest;
  clock: Clock;
  open: () => ClientRequest;
}): Promise<HttpResponse> {
  const { request, clock } = options;
  const where = `${request.method} ${request.url}`;
  return new Promise<HttpResponse>((resolve, reject) => {
    if (request.signal?.aborted === true) {
      reject(new NetworkError('aborted', `${where} was aborted before it began`, false));
      return;
    }
    const client = options.open();
    let connected = false;
    let response: IncomingMessage | undefined;
    let settled = false;

    const settle = (finish: () => void): void => {
      if (settled) return;
      settled = true;
      timer.cancel();
      request.signal?.removeEventListener('abort', onAbort);
      finish();
    };
    const fail = (kind: NetworkErrorKind, message: string): void => {
      settle(() => {
        reject(new NetworkError(kind, `${where}: ${message}`, connected));
        client.destroy();
      });
    };
    const onAbort = (): void => fail('aborted', 'aborted by the caller');
    const timer = clock.schedule(request.timeoutMs, `timeout ${where}`, () =>
      fail('timeout', `no complete answer within ${request.timeoutMs} ms`),
    );
    request.signal?.addEventListener('abort', onAbort, { once: true });

    watchConnection(client, () => {
      connected = true;
    });
    client.on('error', (error: NodeJS.ErrnoException) => {
      const { kind, message } = classify(error, { connected, answered: response !== undefined });
      fail(kind, message);
    });
    client.on('response', (message) => {
      response = message;
      collect(message, {
        done: (body) => settle(() => resolve({ status: message.statusCode ?? 0, headers: joinHeaders(message), body })),
        cut: (received) => fail('truncated', `the answer was cut off after ${received} bytes of its body`),
      });
    });
    client.on('close', () => {
      if (response === undefined) fail('reset', 'the connection was closed without an answer');
      else if (!response.complete) fail('truncated', 'the connection was closed within the answer');
    });
    client.end(request.body);
  });
}

function watchConnection(client: ClientRequest, onConnected: () => void): void {
  client.on('socket', (socket) => {
    const ready = socket instanceof TLSSocket ? 'secureConnect' : 'connect';
    const waits = socket.connecting || (socket instanceof TLSSocket && client.reusedSocket === false);
    if (waits) socket.once(ready, onConnected);
    else onConnected();
  });
}

function classify(
  error: NodeJS.ErrnoException,
  state: { connected: boolean; answered: boolean },
): { kind: NetworkErrorKind; message: string } {
  const code = error.code ?? '';
  if (state.answered) return { kind: 'truncated', message: `the answer was cut off (${code || error.message})` };
  const connectFailure = CONNECT_FAILURES[code];
  if (!state.connected && connectFailure !== undefined)
    return { kind: connectFailure, message: connectFailureText(connectFailure, code) };
  if (DROPPED.has(code)) return { kind: 'reset', message: `the connection was reset before an answer came (${code})` };
  return { kind: 'protocol', message: error.message };
}

function connectFailureText(kind: NetworkErrorKind, code: string): string {
  return kind === 'unresolved' ? `the host name does not resolve (${code})` : `the connection was refused (${code})`;
}

function collect(
  message: IncomingMessage,
  outcome: { done: (body: Buffer) => void; cut: (receivedBytes: number) => void },
): void {
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  message.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    receivedBytes += chunk.length;
  });
  message.on('end', () => (message.complete ? outcome.done(Buffer.concat(chunks)) : outcome.cut(receivedBytes)));
  message.on('error', () => outcome.cut(receivedBytes));
  message.on('close', () => outcome.cut(receivedBytes));
}

function joinHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < message.rawHeaders.length; index += 2) {
    const name = (message.rawHeaders[index] ?? '').toLowerCase();
    const value = message.rawHeaders[index + 1] ?? '';
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return headers;
}
