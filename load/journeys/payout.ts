/**
 * k6 journey "payout": a funded wallet is paid out, from init to the PSP's final word.
 * What is told apart (deposits, payouts, 3DS) stands in the plan that `assay load` writes.
 */
export { handleSummary, options, playIteration as default } from './steps/play.ts';
