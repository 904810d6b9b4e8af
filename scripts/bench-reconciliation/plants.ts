/**
 * The discrepancies that are planted between books and settlement files, and what each must be
 * found as. How one is made of a payment is the world's part.
 */
export const PLANTS = [
  'missing',
  'extra',
  'amount',
  'currency',
  'fee',
  'duplicate',
  'reference',
  'late',
  'split',
  'merged',
  'chargeback',
  'short',
  'status',
] as const;
export type Plant = (typeof PLANTS)[number];

/** The case that each discrepancy must become. */
export const CASE_OF: Readonly<Record<Plant, string>> = {
  missing: 'missing_at_psp',
  extra: 'missing_in_ledger',
  amount: 'amount_mismatch',
  currency: 'currency_mismatch',
  fee: 'fee_mismatch',
  duplicate: 'duplicate_line',
  reference: 'wrong_reference',
  late: 'late_settlement',
  split: 'split_line',
  merged: 'merged_line',
  chargeback: 'unannounced_chargeback',
  short: 'short_payout',
  status: 'status_mismatch',
};

export interface Expected {
  kind: string;
  subjectId: string;
}
