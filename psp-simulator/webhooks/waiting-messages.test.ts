import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CourierEvent, Message } from './message.ts';
import { waitingOf, WaitingMessages } from './waiting-messages.ts';

const EVENTS = 3;

function newEvent(seq: number): CourierEvent {
  const claim = {
    kind: 'payment',
    state: 'captured',
    reference: null,
    pspReference: 'p',
    amountMinor: 1,
    currency: 'EUR',
  };
  const draft = { eventId: `e${seq}`, type: 't', body: '{}', claim } as CourierEvent['draft'];
  const about = { change: null, ids: [], position: 0, createdAtMs: 0, cause: undefined };
  return { seq, draft, ...about, acknowledged: false, waiting: undefined };
}

function newMessage(event: CourierEvent, n: number): Message {
  const content = { event, draft: event.draft, tampered: null, ageMs: 0, alteredBody: null, retries: true };
  const chains = { waits: false, before: undefined, after: undefined, next: undefined };
  const way = { attempt: 0, state: 'waiting', dueMs: 0, timer: undefined } as const;
  return { ...content, signature: 'valid', id: `msg-${n}`, ...way, ...chains };
}

describe('the messages that wait', () => {
  it('are those that were added and not removed, in their order, as are those of each event', () => {
    const step = fc.record({ add: fc.boolean(), which: fc.nat(30) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const events = Array.from({ length: EVENTS }, (_, index) => newEvent(index));
        const waiting = new WaitingMessages();
        const known: Message[] = [];
        let model: Message[] = [];
        for (const { add, which } of steps) {
          const event = events[which % EVENTS];
          const message = known[which % Math.max(1, known.length)];
          if (add && event !== undefined) {
            const fresh = newMessage(event, known.length);
            known.push(fresh);
            model.push(fresh);
            waiting.add(fresh);
          } else if (message !== undefined) {
            // A second removal changes nothing.
            waiting.remove(message);
            model = model.filter((other) => other !== message);
          }
          assert.equal(waiting.size, model.length);
          for (const one of events)
            assert.deepEqual(idsOf(waitingOf(one)), idsOf(model.filter((m) => m.event === one)));
        }
        const seen: Message[] = [];
        waiting.clear((message) => seen.push(message));
        assert.deepEqual(idsOf(seen), idsOf(model));
        assert.equal(waiting.size, 0);
        for (const one of events) assert.deepEqual(waitingOf(one), []);
      }),
    );
  });
});

function idsOf(messages: readonly Message[]): string[] {
  return messages.map(({ id }) => id);
}
