/**
 * The messages that wait, as two chains through the messages themselves: all of them, and those
 * of each event. Hundreds of thousands may wait, nearly every event has one, and a set with
 * that many members, or one per event, would cost more than the messages.
 */
import type { CourierEvent, Message } from './message.ts';

export class WaitingMessages {
  #first: Message | undefined;
  #last: Message | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Puts a message behind those that wait already, here and at its event. */
  add(message: Message): void {
    message.waits = true;
    message.before = this.#last;
    if (this.#last === undefined) this.#first = message;
    else this.#last.after = message;
    this.#last = message;
    this.#size += 1;
    addToEvent(message);
  }

  /** Does nothing when it waits no more. */
  remove(message: Message): void {
    if (!message.waits) return;
    const { before, after } = message;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    message.waits = false;
    message.before = undefined;
    message.after = undefined;
    this.#size -= 1;
    removeFromEvent(message);
  }

  /** Removes all; each is given to `last` before. */
  clear(last: (message: Message) => void): void {
    for (let one = this.#first; one !== undefined; one = this.#first) {
      last(one);
      this.remove(one);
    }
  }
}

/** Those of one event, in the order in which they were posted. */
export function waitingOf(event: CourierEvent): Message[] {
  const messages: Message[] = [];
  for (let one = event.waiting; one !== undefined; one = one.next) messages.push(one);
  return messages;
}

function addToEvent(message: Message): void {
  const { event } = message;
  let last = event.waiting;
  while (last?.next !== undefined) last = last.next;
  if (last === undefined) event.waiting = message;
  else last.next = message;
}

function removeFromEvent(message: Message): void {
  const { event } = message;
  if (event.waiting === message) event.waiting = message.next;
  else
    for (let one = event.waiting; one !== undefined; one = one.next) if (one.next === message) one.next = message.next;
  message.next = undefined;
}
