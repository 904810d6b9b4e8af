/** Reads one request from the wire, whole and raw, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { PspProblem } from '../core/problem.ts';
import type { PspRequest } from '../dialects/dialect.ts';
import { withoutHost } from '../reach/absolute-path.ts';

/** Largest body that a simulated PSP takes: real ones take less, and a run keeps bodies in memory. */
export const MOST_BODY_BYTES = 1_048_576;

/** What is known before the body came. Paths that cannot be decoded stay as they are. */
export function readHead(
  message: IncomingMessage,
  normalizePath: (path: string) => string,
): Omit<PspRequest, 'rawBody'> {
  const target = message.url ?? '/';
  const cut = target.indexOf('?');
  const path = normalizePath(withoutHost(cut < 0 ? target : target.slice(0, cut)));
  return {
    method: message.method ?? 'GET',
    path: decodePath(path),
    query: new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1)),
    headers: joinedHeaders(message),
  };
}

/** Rejects with `PspProblem('too-large')` past the limit; rejects with the socket's error when it breaks off. */
export function readBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    message.on('data', (chunk: Buffer) => {
      receivedBytes += chunk.length;
      if (receivedBytes <= MOST_BODY_BYTES) chunks.push(chunk);
    });
    message.on('end', () => {
      if (receivedBytes > MOST_BODY_BYTES) {
        reject(
          new PspProblem(
            'too-large',
            `The request body has ${receivedBytes} bytes; at most ${MOST_BODY_BYTES} are taken`,
          ),
        );
      } else resolve(Buffer.concat(chunks));
    });
    message.on('error', reject);
    message.on('close', () => reject(new Error('the client closed the connection before its request was complete')));
  });
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function joinedHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  // TLS ends in this process, as at a PSP's own front: whoever writes absolute links must know it.
  if ('encrypted' in message.socket) headers['x-forwarded-proto'] ??= 'https';
  return headers;
}
