/** How far a ramp has come, from 0 at the begin of the fault's window to 1 at its end. */
import type { Moment } from './fault.ts';

/** Length of a ramp when neither the fault nor its window says how long it is. */
const RAMP_MS = 10 * 60_000;

/** `overMs` 0: over the whole window. */
export function rampShare({ sinceMs, windowMs }: Moment, overMs: number): number {
  const lengthMs = overMs > 0 ? overMs : (windowMs ?? RAMP_MS);
  return Math.min(1, Math.max(0, sinceMs / lengthMs));
}
