/**
 * Short pauses of the garbage collector, for a process that serves many requests. Of what a
 * payment makes, some kilobytes stay; V8 collects them when its young generation is four fifths
 * full, and moving them stops everything for five milliseconds or more. At a quarter it is a
 * third of that, and the same few megabytes are used again while they are still in the cache.
 */
import { setFlagsFromString } from 'node:v8';

/** Percent of the young generation at which a collection is due; V8's own is 80. It is read at each check, so it may change at any time. */
const YOUNG_GENERATION_PERCENT = 25;

export function keepPausesShort(): void {
  setFlagsFromString(`--minor-gc-task-trigger=${YOUNG_GENERATION_PERCENT}`);
}
