/**
 * Reads a request's body as bytes, bounded. Own code because webhooks are verified over the
 * exact bytes and everything else needs no more than JSON.
 */
import type { IncomingMessage } from 'node:http';
import { ServiceError } from '../domain/errors.ts';

/** No request of the API and no webhook of a PSP comes near; larger ones are mistakes or attacks. */
const LARGEST_BODY_BYTES = 1_048_576;

/** No document of ours is nested deeper than a handful; thousands of brackets are an attack on a parser. */
const DEEPEST_JSON = 32;

/** @throws ServiceError payload_too_large above 1 MB, bad_request when the client went away */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY_BYTES) return Promise.reject(tooLarge());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_BODY_BYTES) {
        chunks.length = 0;
        reject(tooLarge());
      } else {
        chunks.push(chunk);
      }
    });
    let isWhole = false;
    request.on('end', () => {
      isWhole = true;
      resolve(Buffer.concat(chunks));
    });
    // Every request closes in the end; an error, whose stack is costly, is made only when it did so too early.
    const gone = (): void => {
      if (!isWhole) reject(new ServiceError('bad_request', 'The request ended before its body was complete.'));
    };
    request.on('error', gone);
    request.on('close', gone);
  });
}

function tooLarge(): ServiceError {
  return new ServiceError('payload_too_large', 'The body is larger than 1 MB.', {
    details: { most_bytes: LARGEST_BODY_BYTES },
  });
}

/**
 * A body without a Content-Type is read as what the operation takes.
 * @param types what the operation takes; empty: anything
 * @throws ServiceError unsupported_media_type
 */
export function checkContentType(request: IncomingMessage, types: readonly string[]): void {
  const given = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (given === undefined || given === '' || types.length === 0 || types.includes(given)) return;
  throw new ServiceError('unsupported_media_type', `The body must be ${types.join(' or ')}.`, {
    details: { types },
  });
}

/** @throws ServiceError bad_request when the bytes are not JSON in UTF-8, or nested too deep */
export function parseJson(bytes: Buffer): unknown {
  if (depthOf(bytes) > DEEPEST_JSON)
    throw new ServiceError('bad_request', `The body is nested deeper than ${DEEPEST_JSON} levels.`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ServiceError('bad_request', 'The body is not valid JSON.');
  }
}

/** Deepest nesting of brackets outside of strings; the bytes need not be JSON. */
function depthOf(bytes: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === 0x5c) index += 1;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, (depth += 1));
    else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  return deepest;
}
