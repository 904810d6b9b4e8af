/**
 * Event ids are kept in a cache with a short life. PSPs repeat for days: after an outage, by
 * hand from a dashboard, or because one acknowledgement got lost.
 */
import { askThenStore, onlyNet, receivedSince } from './list-inbox.ts';
import type { Mutant } from './mutant.ts';

const REMEMBERED_MS = 5 * 60_000;

export const fiveMinuteDeduplication: Mutant = {
  name: 'five-minute-deduplication',
  title: 'Remembers event ids for five minutes',
  breaks: 'Event ids live in a cache for five minutes, and PSPs repeat for days.',
  mutation: () =>
    onlyNet(askThenStore((unit, message) => receivedSince(unit, message, message.receivedAt - REMEMBERED_MS))),
};
