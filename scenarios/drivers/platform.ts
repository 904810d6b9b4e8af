/**
 * The platform's end of the line: receives what the target tells it, checks the signature as a
 * receiver of Standard Webhooks does (with code of its own), writes it into the history and
 * acknowledges. It believes nothing and forgets nothing; invariants judge what it heard.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HistorySink, Listening, Network } from '../../kernel/index.ts';

/** Of a run only; it protects nothing. */
const SECRET = Buffer.from('assay-run-secret-of-the-platform');

export const PLATFORM_SECRET = `whsec_${SECRET.toString('base64')}`;

export interface Platform extends Listening {
  /** Where the target tells. */
  readonly eventsUrl: string;
}

export async function openPlatform(network: Network, history: HistorySink): Promise<Platform> {
  const listening = await network.listen({
    name: 'platform',
    listener: (request, response) => {
      bodyOf(request).then(
        (body) => {
          const { key, value } = read(request.headers, body);
          history.append({ proc: 'platform', type: 'recv', f: 'told', key, value });
          response.writeHead(204).end();
        },
        // The target was killed in the middle of a sentence: nothing was told.
        () => response.destroy(),
      );
    },
  });
  return { url: listening.url, eventsUrl: `${listening.url}/events`, close: (graceMs) => listening.close(graceMs) };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

const SUBJECT_IDS = ['case_id', 'refund_id', 'dispute_id', 'payout_id', 'payment_id'] as const;

function read(headers: IncomingMessage['headers'], body: string): { key: string; value: Record<string, unknown> } {
  const [id, stamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])];
  const event = eventIn(body);
  const data = event.data ?? {};
  const subject = SUBJECT_IDS.find((name) => typeof data[name] === 'string');
  return {
    key: subject === undefined ? '' : String(data[subject]),
    value: {
      event_id: id,
      event_type: String(event.type),
      status: typeof data['status'] === 'string' ? data['status'] : null,
      verified: isSigned(`${id}.${stamp}.${body}`, String(headers['webhook-signature'])),
    },
  };
}

/** What is no JSON object tells nothing; as everything it stands in the history, with whether it was signed. */
function eventIn(body: string): { type?: unknown; data?: Record<string, unknown> } {
  try {
    const event: unknown = JSON.parse(body);
    return typeof event === 'object' && event !== null ? event : {};
  } catch {
    return {};
  }
}

/** One of the signatures fits; their list is separated by spaces. */
function isSigned(content: string, signatures: string): boolean {
  const expected = createHmac('sha256', SECRET).update(content, 'utf8').digest();
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
