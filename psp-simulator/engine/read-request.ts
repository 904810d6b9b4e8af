/** Reads one request from the wire, whole and raw, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { PspProblem } from '../core/problem.ts';
import type { PspRequest } from '../dialects/dialect.ts';
import { withoutHost } from '../reach/absolute-path.ts';

/** Largest body that a simulated PSP takes: real ones take less, and a run keeps bodies in memory. */
export const MOST_BODY_BYTES = 1_048_576;

/** Header lines and their bytes: several times what any SDK sends, and below the point at which Node itself gives up. */
export const MOST_HEADERS = 150;
export const MOST_HEADER_BYTES = 12_288;

/** RFC 6585, section 5. */
const HEADERS_TOO_LARGE = 431;

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
    path: path.includes('%') ? decodePath(path) : path,
    query: cut < 0 ? NO_QUERY : new URLSearchParams(target.slice(cut + 1)),
    headers: joinedHeaders(message),
  };
}

/** Rejects with `PspProblem('too-large')` past a limit, of the headers too, once everything was read; rejects with the socket's error when it breaks off. */
export function readBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    message.on('data', (chunk: Buffer) => {
      receivedBytes += chunk.length;
      if (receivedBytes <= MOST_BODY_BYTES) chunks.push(chunk);
    });
    message.on('end', () => {
      const headers = headerProblem(message);
      if (headers !== undefined) reject(headers);
      else if (receivedBytes > MOST_BODY_BYTES) {
        reject(
          new PspProblem(
            'too-large',
            `The request body has ${receivedBytes} bytes; at most ${MOST_BODY_BYTES} are taken`,
          ),
        );
      } else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    message.on('error', reject);
    message.on('close', () => {
      // It closes after every request; an error costs its stack.
      if (!message.complete) reject(new Error('the client closed the connection before its request was complete'));
    });
  });
}

function headerProblem({ rawHeaders }: IncomingMessage): PspProblem | undefined {
  const lines = rawHeaders.length / 2;
  let bytes = 0;
  for (const part of rawHeaders) bytes += part.length;
  if (lines <= MOST_HEADERS && bytes <= MOST_HEADER_BYTES) return undefined;
  const message = `The request has ${lines} headers of ${bytes} bytes; at most ${MOST_HEADERS} of ${MOST_HEADER_BYTES} bytes are taken`;
  return new PspProblem('too-large', message, { status: HEADERS_TOO_LARGE });
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** For all requests without one; nobody writes into it. */
const NO_QUERY = new URLSearchParams();

function joinedHeaders(message: IncomingMessage): Readonly<Record<string, string>> {
  // Only `set-cookie` can be a list, and a request has none: what Node made of the headers is taken as it is.
  if (message.headers['set-cookie'] === undefined && !('encrypted' in message.socket))
    return message.headers as Record<string, string>;
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  // TLS ends in this process, as at a PSP's own front: whoever writes absolute links must know it.
  if ('encrypted' in message.socket) headers['x-forwarded-proto'] ??= 'https';
  return headers;
}
