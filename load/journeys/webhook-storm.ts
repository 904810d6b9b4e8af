/**
 * k6 journey "webhook-storm": deposits while every PSP tells every event ten times at once.
 * What is told apart (deposits, payouts, 3DS) stands in the plan that `assay load` writes.
 */
export { handleSummary, options, playIteration as default } from './steps/play.ts';
