/**
 * Broken stories: one defect each, as a real integration has it. The named invariant must find
 * it and say so in the given words; others may complain as well.
 */
import { BROKEN_CREDITS } from './broken-credits.ts';
import { BROKEN_LEDGER } from './broken-ledger.ts';
import { BROKEN_MOVEMENTS } from './broken-movements.ts';
import { BROKEN_PAYOUTS } from './broken-payouts.ts';
import type { BrokenStory } from './broken-story.ts';
import { BROKEN_ROUTES } from './broken-routes.ts';
import { BROKEN_SETTLEMENTS } from './broken-settlements.ts';
import { BROKEN_TRAFFIC } from './broken-traffic.ts';

export type { BrokenStory } from './broken-story.ts';

export const BROKEN: readonly BrokenStory[] = [
  ...BROKEN_CREDITS,
  ...BROKEN_LEDGER,
  ...BROKEN_MOVEMENTS,
  ...BROKEN_PAYOUTS,
  ...BROKEN_ROUTES,
  ...BROKEN_SETTLEMENTS,
  ...BROKEN_TRAFFIC,
];
