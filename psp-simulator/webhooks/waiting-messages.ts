/**
 * The waiting messages of one event, as a chain from the event through its messages: nearly
 * every event has one, and a set for each of them would cost more than the message.
 */
import type { CourierEvent, Message } from './message.ts';

/** Hangs a message on its event, behind those that wait already. */
export function chain(message: Message): void {
  const { event } = message;
  let last = event.waiting;
  while (last?.next !== undefined) last = last.next;
  if (last === undefined) event.waiting = message;
  else last.next = message;
}

/** Takes a message off; does nothing when it hangs there no more. */
export function unchain(message: Message): void {
  const { event } = message;
  if (event.waiting === message) event.waiting = message.next;
  else
    for (let one = event.waiting; one !== undefined; one = one.next) if (one.next === message) one.next = message.next;
  message.next = undefined;
}

/** In the order in which they were posted. */
export function waitingOf(event: CourierEvent): Message[] {
  const messages: Message[] = [];
  for (let one = event.waiting; one !== undefined; one = one.next) messages.push(one);
  return messages;
}
