/** Does an event say that money moved? A lie about it must then say something else. */
import type { EventSubject } from './fault.ts';

const SUCCESS: readonly string[] = ['captured', 'paid', 'succeeded', 'won', 'refunded'];

export function claimsSuccess({ state }: EventSubject): boolean {
  return SUCCESS.includes(state);
}
