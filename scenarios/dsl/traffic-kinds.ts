/**
 * The kinds of traffic: which field of an entry says how many, and how its operations are
 * called in plans, histories and reports.
 */
import type { Traffic } from './scenario.ts';

export interface TrafficKind {
  /** The field with the number. */
  field: string;
  /** `dep` of `dep-3`. */
  prefix: string;
}

export const TRAFFIC_KINDS: readonly TrafficKind[] = [
  { field: 'deposits', prefix: 'dep' },
  { field: 'payouts', prefix: 'out' },
  { field: 'refunds', prefix: 'ref' },
  { field: 'disputes', prefix: 'dis' },
  { field: 'rounds', prefix: 'rnd' },
  { field: 'removals', prefix: 'rem' },
  { field: 'limits', prefix: 'lim' },
  { field: 'exclusions', prefix: 'exc' },
  { field: 'switches', prefix: 'swi' },
];

/** The kind of an entry that fits the schema. */
export function kindOf(entry: Traffic): TrafficKind {
  const kind = TRAFFIC_KINDS.find(({ field }) => field in entry);
  if (kind === undefined) throw new Error('bug: traffic of no kind got past the schema');
  return kind;
}

/** How many operations an entry asks for. */
export function countOf(entry: Traffic): number {
  return Number((entry as unknown as Record<string, unknown>)[kindOf(entry).field]);
}
