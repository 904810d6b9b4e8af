/**
 * Fingerprint of a run: SHA-256 over the canonical lines of its history. Two runs of the same
 * seed in virtual time must have the same one. Fields that differ between honest runs
 * (`wall`) do not enter it.
 */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { HistoryEvent } from './event.ts';

/** Top-level fields of an event that say nothing about what happened. */
const VOLATILE_FIELDS: readonly string[] = ['wall'];

/** The line of an event that enters the fingerprint. */
export function canonicalLine(event: HistoryEvent): string {
  const stable = Object.entries(event).filter(([field]) => !VOLATILE_FIELDS.includes(field));
  return canonicalJson(Object.fromEntries(stable));
}

/** 64 hexadecimal digits. */
export function fingerprintOf(events: Iterable<HistoryEvent>): string {
  const hash = createHash('sha256');
  for (const event of events) hash.update(`${canonicalLine(event)}\n`);
  return hash.digest('hex');
}
