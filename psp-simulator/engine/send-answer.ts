/** The last step of an exchange: the answer on the wire, or the way in which it never arrives. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Activity, Clock } from '../../kernel/index.ts';
import type { PspAnswer } from '../dialects/dialect.ts';

export type Ending = 'answer' | 'reset' | 'hang' | 'truncate';

/** What the history says about it. `lost`: there was an answer, and it did not arrive; `reset`: there was none. */
export type Outcome = 'answered' | 'reset' | 'hung' | 'truncated' | 'lost';

export interface Wire {
  request: IncomingMessage;
  response: ServerResponse;
  activity: Activity;
}

/** Did the client give up meanwhile? Whatever is sent now is lost. */
export function clientIsGone({ request, response }: Wire): boolean {
  return response.destroyed || request.socket.destroyed;
}

/** Pieces that a trickling answer comes in, its last byte not counted. */
const DRIP_PIECES = 20;

/**
 * Sends head and body in small pieces over `overMs` of the given clock, all but the last byte:
 * the client has nothing yet, and `sendAnswer` finishes. Stops when the client leaves.
 */
export async function dripAnswer(
  wire: Wire,
  answer: PspAnswer,
  options: { clock: Clock; overMs: number },
): Promise<void> {
  const { response } = wire;
  if (clientIsGone(wire)) return;
  const body = Buffer.from(answer.body, 'utf8');
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  response.flushHeaders();
  const head = Math.max(0, body.length - 1);
  const pieces = Math.min(DRIP_PIECES, Math.max(1, head));
  for (let piece = 0; piece < pieces; piece += 1) {
    await options.clock.sleep(options.overMs / pieces, { label: 'slow drip of an answer' });
    if (clientIsGone(wire)) return;
    response.write(body.subarray(Math.floor((head * piece) / pieces), Math.floor((head * (piece + 1)) / pieces)));
  }
}

/** Resolves when the exchange is over; for `hang` that is when the client gives up. */
export async function sendAnswer(wire: Wire, ending: Ending, answer: PspAnswer | null): Promise<Outcome> {
  const { request, response, activity } = wire;
  if (clientIsGone(wire)) return 'lost';
  if (ending === 'hang') {
    await activity.parked(new Promise<void>((resolve) => response.once('close', resolve)));
    return 'hung';
  }
  if (ending === 'reset' || answer === null) {
    request.socket.resetAndDestroy();
    return answer === null ? 'reset' : 'lost';
  }
  if (ending === 'answer' && !response.headersSent) {
    // As a text, so that head and body leave in one write.
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
    response.end(answer.body);
    return 'answered';
  }
  const body = Buffer.from(answer.body, 'utf8');
  if (response.headersSent) {
    // It trickled so far; only the last byte is missing.
    response.end(body.subarray(Math.max(0, body.length - 1)));
    return 'answered';
  }
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(body.length) });
  // The head promises all of the body. Dropping the connection once half of it is handed over
  // is what a crashed process looks like; dropping it at once could lose the head as well.
  const half = body.subarray(0, Math.floor(body.length / 2));
  await new Promise<void>((resolve) => {
    response.write(half, () => resolve());
    response.once('close', resolve);
  });
  request.socket.destroy();
  return 'truncated';
}
