/**
 * What a PSP may rely on when it delivers an event to the reference service: how each kind of
 * delivery is acknowledged. Here the PSP is the consumer. Written with acme, whose signed time
 * makes every case visible on the wire.
 */
import { Matchers } from '@pact-foundation/pact';
import { isoMoment } from '../matchers.ts';
import type { CallNeed } from '../run-calls.ts';
import type { PactState } from '../../index.ts';

const { boolean, like, regex } = Matchers;

export const ACK_CONSUMER = 'psp-acme';
export const ACK_PROVIDER = 'reference-service';
export const ACK_PATH = '/v1/payments/webhook/acme';

/** A signature that nobody could have made; verification leaves it as it is. */
export const BAD_SIGNATURE = 'sha256=not-a-signature';
/** A moment long past; verification signs it as it is. */
export const OLD_SECONDS = '1400000000';
const NOW_SECONDS = '1767603600';
const DIGEST = `sha256=${'c0'.repeat(32)}`;

export const storedBefore: PactState = { name: 'the event was stored by an earlier delivery' };

export interface AckNeed extends CallNeed {
  /** The fault by which the simulated sender makes this delivery; none for an ordinary one. */
  fault?: { fault: string; with?: Record<string, unknown> };
  /** What the sender's clock says; milliseconds since the epoch. Default: the truth. */
  senderNowMs?: number;
}

const signature = regex(/^sha256=[0-9a-f]{64}$/, DIGEST);
const recent = regex(/^1[7-9]\d{8}$/, NOW_SECONDS);

const event = {
  event_id: like('aevt_contract'),
  type: 'payment',
  status: like('captured'),
  payment_id: like('apay_contract'),
  reference: like('att_ack'),
  amount: regex(/^\d+\.\d{2}$/, '50.00'),
  captured_amount: regex(/^\d+\.\d{2}$/, '50.00'),
  currency: 'EUR',
  timestamp: isoMoment,
};

function delivery(headers: Record<string, unknown>, body: object | null = event): CallNeed['request'] {
  return {
    method: 'POST',
    path: ACK_PATH,
    headers: { 'Content-Type': 'application/json', ...headers } as Record<string, string>,
    ...(body === null ? {} : { body }),
  };
}

const problem = (status: number, error: string): CallNeed['response'] => ({
  status,
  contentType: 'application/problem+json; charset=utf-8',
  body: { error, status },
});

const good = { 'X-Timestamp': recent, 'X-Signature': signature };

export const ACK_NEEDS: readonly AckNeed[] = [
  {
    description: 'an event that is delivered for the first time',
    why: 'A 2xx ends the delivery: it must mean that the event is stored, whatever is done about it later.',
    request: delivery(good),
    response: { status: 200, body: { received: true, duplicate: boolean(false) } },
  },
  {
    description: 'an event that is delivered again',
    why: 'An acknowledgement may be lost, so the same event comes again: it must be taken, or it would come for days.',
    given: [storedBefore],
    request: delivery(good),
    response: { status: 200, body: { received: true, duplicate: boolean(true) } },
    fault: { fault: 'webhook-duplicate' },
  },
  {
    description: 'an event with a bad signature',
    why: 'Anybody may send to this address; a 401 tells us that our key is not the one that was agreed on.',
    request: delivery({ 'X-Timestamp': recent, 'X-Signature': BAD_SIGNATURE }),
    response: problem(401, 'invalid_signature'),
    fault: { fault: 'webhook-forged', with: { signature: 'malformed' } },
  },
  {
    description: 'an event that was signed long ago',
    why: 'A recorded delivery that is sent once more by somebody else must not pass, however good its signature is.',
    request: delivery({ 'X-Timestamp': regex(/^1[0-6]\d{8}$/, OLD_SECONDS), 'X-Signature': signature }),
    response: problem(401, 'invalid_signature'),
    senderNowMs: Number(OLD_SECONDS) * 1000,
  },
  {
    description: 'a signed delivery that is no event',
    why: 'A 4xx tells us that we have sent something unreadable, which no repetition will make better.',
    request: delivery(good, null),
    response: problem(400, 'bad_request'),
    fault: { fault: 'webhook-malformed-body' },
  },
];
