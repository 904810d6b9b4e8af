/**
 * k6 journey "deposit": init → (3DS for a share) → webhook → wallet credited, end to end.
 * What is told apart (deposits, payouts, 3DS) stands in the plan that `assay load` writes.
 */
export { handleSummary, options, playIteration as default } from './steps/play.ts';
