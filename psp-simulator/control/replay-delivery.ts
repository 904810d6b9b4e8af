/** Sends the messages of earlier deliveries again: as they were, many times, in another order, or with a defect. */
import type { Psp } from '../engine/psp.ts';
import { contentOf } from '../webhooks/message.ts';
import type { LoggedDelivery } from '../webhooks/message.ts';
import type { PlannedMessage } from '../webhooks/messages-for-event.ts';

export const REPLAY_MODES = [
  'once',
  'burst',
  'swapped',
  'wrong-key',
  'old-key',
  'missing',
  'malformed',
  'stale',
] as const;
export type ReplayMode = (typeof REPLAY_MODES)[number];

/** An old message: older than any tolerance that receivers use. */
const STALE_AGE_MS = 3_600_000;

/** The second of two swapped messages leaves so much later, when nobody says how much: long enough to arrive second. */
const SWAP_GAP_MS = 100;

/** Answers how many messages are on their way. A burst leaves side by side, or `gapMs` apart. */
export function replayDelivery(
  psp: Psp,
  delivery: LoggedDelivery,
  options: { mode: Exclude<ReplayMode, 'swapped'>; count: number; gapMs: number },
): number {
  const { mode, count, gapMs } = options;
  const message = { ...again(delivery), ...defectOf(mode) };
  const copies = mode === 'burst' ? count : 1;
  for (let copy = 0; copy < copies; copy += 1) psp.courier.post(message, copy * gapMs);
  return copies;
}

interface Delivered {
  psp: Psp;
  delivery: LoggedDelivery;
}

/** Both once more, the later one first. */
export function replaySwapped(one: Delivered, other: Delivered, gapMs: number): number {
  const [first, second] = isLater(one.delivery, other.delivery) ? [one, other] : [other, one];
  first.psp.courier.post(again(first.delivery), 0);
  second.psp.courier.post(again(second.delivery), gapMs === 0 ? SWAP_GAP_MS : gapMs);
  return 2;
}

function isLater(one: LoggedDelivery, other: LoggedDelivery): boolean {
  return one.atMs === other.atMs ? one.seq > other.seq : one.atMs > other.atMs;
}

/** The same message, tried once. */
function again({ message }: LoggedDelivery): PlannedMessage {
  return { ...contentOf(message), retries: false, afterMs: 0 };
}

function defectOf(mode: ReplayMode): Partial<PlannedMessage> {
  switch (mode) {
    case 'stale':
      return { signature: 'stale', ageMs: STALE_AGE_MS };
    case 'wrong-key':
    case 'old-key':
    case 'missing':
    case 'malformed':
      return { signature: mode };
    default:
      return {};
  }
}
