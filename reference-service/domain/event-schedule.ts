/**
 * When an event that the platform did not take is told again: the example schedule of Standard
 * Webhooks, ten tries within 75 h 35 min 5 s, each pause lengthened by up to a tenth so that what
 * failed together is not repeated together. The lengthening depends on the event and the try
 * only, so that a run can be repeated.
 */
import { keyedDraw } from './routing/draw.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Pause before each try, from the end of the one before. */
export const EVENT_SCHEDULE_MS: readonly number[] = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];

const JITTER_SHARE = 0.1;

const draw = keyedDraw('event-schedule');

/** Nobody may hold an event back for longer by Retry-After. */
const LONGEST_RETRY_AFTER_MS = 24 * HOUR;

/**
 * @param tried tries that failed so far, at least one
 * @param retryAfterMs pause that the platform asked for, or null
 * @returns pause in ms before the next try; null when the schedule is over
 */
export function pauseBeforeNextTry(eventId: string, tried: number, retryAfterMs: number | null): number | null {
  const pauseMs = EVENT_SCHEDULE_MS[tried];
  if (pauseMs === undefined) return null;
  const jitteredMs = Math.floor(pauseMs * (1 + JITTER_SHARE * draw(String(tried), eventId)));
  return Math.max(jitteredMs, Math.min(retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS));
}

/** `Retry-After` as seconds or as an HTTP date, in ms from now; null when absent or unreadable. */
export function readRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^[0-9]{1,9}$/.test(header.trim())) return Number(header.trim()) * SECOND;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
