/**
 * k6 journey "mixed-day": four deposits for each payout, as a day in a cashier goes.
 * What is told apart (deposits, payouts, 3DS) stands in the plan that `assay load` writes.
 */
export { handleSummary, options, playIteration as default } from './steps/play.ts';
