/**
 * Events out of nothing: what a forger, a confused PSP or a nervous operator sends. The books
 * stay as they are; a message is made about them and put on its way at once, tried once.
 */
import type { BookChange } from '../core/book-change.ts';
import { PspProblem } from '../core/problem.ts';
import type { PaymentRecord } from '../core/records.ts';
import type { Psp } from '../engine/psp.ts';
import type { ExtraMessage, SignatureKind } from '../faults/fault.ts';
import { extraMessages } from '../webhooks/messages-for-event.ts';
import type { CourierEvent } from '../webhooks/message.ts';

export type InjectionKind = 'forged' | 'stale' | 'wrong-amount' | 'contradictory' | 'duplicate';

export interface Injection {
  kind: InjectionKind;
  /** The merchant's reference; default the newest that fits. */
  reference?: string;
  /** For `forged`. */
  signature?: Exclude<SignatureKind, 'valid' | 'stale'>;
}

/** An old message: older than any tolerance that receivers use. */
const STALE_AGE_MS = 3_600_000;

/** Answers the ids of the events that are sent. Throws `PspProblem('not-found')` when nothing fits. */
export function injectEvent(psp: Psp, injection: Injection): string[] {
  const event = subjectOf(psp, injection);
  const messages = extraMessages(psp.courier.setting, event, extraOf(injection));
  return messages.map((message) => {
    psp.courier.post({ ...message, retries: false }, 0);
    return message.draft.eventId;
  });
}

function extraOf({ kind, signature }: Injection): ExtraMessage {
  switch (kind) {
    case 'forged':
      return { afterMs: 0, alteration: { claim: 'succeeded' }, signature: signature ?? 'wrong-key', newEvent: true };
    case 'stale':
      return { afterMs: 0, alteration: null, signature: 'stale', ageMs: STALE_AGE_MS, newEvent: false };
    case 'wrong-amount':
      return { afterMs: 0, alteration: { amountFactor: 10 }, signature: 'valid', newEvent: true };
    case 'contradictory':
      return { afterMs: 0, alteration: { claim: 'failed' }, signature: 'valid', newEvent: true };
    case 'duplicate':
      return { afterMs: 0, alteration: null, signature: 'valid', newEvent: false };
  }
}

/** A forgery is about a payment, sent event or not; everything else repeats or twists an event that was sent. */
function subjectOf(psp: Psp, { kind, reference }: Injection): CourierEvent {
  if (kind === 'forged') {
    const payments = psp.bank.payments(reference === undefined ? undefined : { reference });
    const payment = payments.findLast((candidate) => candidate.state !== 'captured') ?? payments.at(-1);
    if (payment === undefined) throw nothingFits(reference);
    return eventAbout(psp, payment);
  }
  const event = psp.courier.latestEvent(reference);
  if (event === undefined) throw nothingFits(reference);
  return event;
}

/** An event that says what is true of a payment now, never sent: the forger's raw material. */
function eventAbout(psp: Psp, payment: PaymentRecord): CourierEvent {
  const nowMs = psp.ports.clock.now();
  const change: BookChange = { type: 'payment-captured', index: -1, atMs: nowMs, movedMinor: 0, record: payment };
  const { pspReference, reference, amountMinor, currency, state } = payment;
  return {
    seq: 0,
    draft: {
      eventId: '',
      type: '',
      body: '',
      claim: { kind: 'payment', state, reference, pspReference, amountMinor, currency },
    },
    change,
    ids: [],
    position: 0,
    createdAtMs: nowMs,
    cause: undefined,
    acknowledged: false,
    waiting: undefined,
  };
}

function nothingFits(reference: string | undefined): PspProblem {
  const what =
    reference === undefined
      ? 'Nothing happened at this PSP yet'
      : `There is nothing with the reference '${reference}' at this PSP`;
  return new PspProblem('not-found', what);
}
