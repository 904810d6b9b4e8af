/** Sends the message of an earlier delivery again, as it was or with a defect. */
import type { Psp } from '../engine/psp.ts';
import type { LoggedDelivery } from '../webhooks/message.ts';

export type ReplayMode = 'once' | 'burst' | 'wrong-key' | 'stale';

/** An old message: older than any tolerance that receivers use. */
const STALE_AGE_MS = 3_600_000;

/** Answers how many messages are on their way. */
export function replayDelivery(
  psp: Psp,
  delivery: LoggedDelivery,
  options: { mode: ReplayMode; count: number },
): number {
  const { mode, count } = options;
  const { event, draft, tampered, alteredBody, signature, ageMs } = delivery.message;
  const base = { event, draft, tampered, alteredBody, signature, ageMs, retries: false, afterMs: 0 };
  const copies = mode === 'burst' ? count : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    if (mode === 'wrong-key') psp.courier.post({ ...base, signature: 'wrong-key' }, 0);
    else if (mode === 'stale') psp.courier.post({ ...base, signature: 'stale', ageMs: STALE_AGE_MS }, 0);
    else psp.courier.post(base, 0);
  }
  return copies;
}
