/**
 * What a PSP may rely on when it delivers an event to the reference service: how each kind of
 * delivery is acknowledged. Here the PSP is the consumer. Where a pact does not show the body, any
 * event will do: what is asked for is the acknowledgement.
 */
import { Matchers } from '@pact-foundation/pact';
import type { PactState } from '../../index.ts';
import type { CallNeed } from '../run-calls.ts';
import type { AckPsp } from './psps.ts';
import type { DeliveryKind } from './sender.ts';

const { boolean } = Matchers;

export const ACK_PROVIDER = 'reference-service';
export const ackConsumer = ({ form, dialect }: AckPsp): string => `psp-${form ?? dialect}`;

export interface AckNeed extends CallNeed {
  kind: DeliveryKind;
}

/** What verification makes of each state: the delivery that follows. */
export const ACK_STATES: Readonly<Record<string, { kind: DeliveryKind; isStored?: boolean }>> = {
  'the event was stored by an earlier delivery': { kind: 'ordinary', isStored: true },
  'the sender has another key than was agreed on': { kind: 'bad signature' },
  'the delivery was recorded long ago': { kind: 'old' },
  'the body breaks off in its middle, and is signed like that': { kind: 'unreadable' },
};
const [STORED = '', FORGED = '', RECORDED = '', BROKEN = ''] = Object.keys(ACK_STATES);

const problem = (status: number, error: string): CallNeed['response'] => ({
  status,
  contentType: 'application/problem+json; charset=utf-8',
  body: { error, status },
});

export function ackNeeds(psp: AckPsp): AckNeed[] {
  const { signed, bad, old, contentType } = psp;
  const state = (name: string): PactState[] => [{ name }];
  const delivery = (headers: object, body: object | undefined = psp.body): CallNeed['request'] => ({
    method: 'POST',
    path: psp.path,
    headers: { 'Content-Type': contentType, ...signed, ...headers } as Record<string, string>,
    ...(body === undefined ? {} : { body }),
  });
  const needs: (AckNeed | false)[] = [
    {
      kind: 'ordinary',
      description: 'an event that is delivered for the first time',
      why: 'A 2xx ends the delivery: it must mean that the event is stored, whatever is done about it later.',
      request: delivery({}),
      response: { status: 200, body: { received: true, duplicate: boolean(false) } },
    },
    {
      kind: 'ordinary',
      description: 'an event that is delivered again',
      why: 'An acknowledgement may be lost, so the same event comes again: it must be taken, or it would come for days.',
      given: state(STORED),
      request: delivery({}),
      response: { status: 200, body: { received: true, duplicate: boolean(true) } },
    },
    bad !== undefined && {
      kind: 'bad signature',
      description: 'an event with a bad signature',
      why: 'Anybody may send to this address; a 401 tells us that our key is not the one that was agreed on.',
      given: state(FORGED),
      request: delivery(bad),
      response: problem(401, 'invalid_signature'),
    },
    old !== undefined && {
      kind: 'old',
      description: 'an event that was signed long ago',
      why: 'A recorded delivery that is sent once more by somebody else must not pass, however good its signature is.',
      given: state(RECORDED),
      request: delivery(old),
      response: problem(401, 'invalid_signature'),
    },
    bad !== undefined && {
      kind: 'unreadable',
      description: 'a signed delivery that is no event',
      why: 'A 4xx tells us that we have sent something unreadable, which no repetition will make better.',
      given: state(BROKEN),
      request: { method: 'POST', path: psp.path, headers: delivery({}).headers ?? {} },
      response: problem(400, 'bad_request'),
    },
  ];
  return needs.filter((need) => need !== false);
}
