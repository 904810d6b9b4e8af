/**
 * Reads a request's body as bytes, bounded. Own code because webhooks are verified over the
 * exact bytes and everything else needs no more than JSON.
 */
import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../domain/errors.ts';

/** No request of the API and no webhook of a PSP comes near; larger ones are mistakes or attacks. */
const LARGEST_BODY_BYTES = 1_048_576;

/** @throws ServiceError bad_request when the body is larger than 1 MB or the client went away */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_BODY_BYTES) {
        chunks.length = 0;
        reject(new ServiceError('bad_request', 'The body is larger than 1 MB.'));
      } else {
        chunks.push(chunk);
      }
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    const gone = (): void => reject(new ServiceError('bad_request', 'The request ended before its body was complete.'));
    request.on('error', gone);
    request.on('close', gone);
  });
}

/** @throws ServiceError bad_request when the bytes are not JSON in UTF-8 */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ServiceError('bad_request', 'The body is not valid JSON.');
  }
}
