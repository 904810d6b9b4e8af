/**
 * The typed discrepancies of reconciliation. Each is a kind of case.
 */
export const BREAK_KINDS = [
  /** We have it, the settlements that should hold it have come, and it is in none. */
  'missing_at_psp',
  /** The PSP settled something that we know nothing of. */
  'missing_in_ledger',
  'amount_mismatch',
  'currency_mismatch',
  'fee_mismatch',
  /** Settled twice. */
  'duplicate_line',
  /** A line with references that nobody knows, and a movement that fits it by amount and time. */
  'wrong_reference',
  /** Lines with references that nobody knows, and several movements that fit them: which is which cannot be told. */
  'ambiguous_line',
  'late_settlement',
  /** One movement as several lines that add up to it. */
  'split_line',
  /** Several movements as one line. */
  'merged_line',
  'unannounced_chargeback',
  /** The transfer to the bank is less (or more) than the lines say. */
  'short_payout',
  /** The PSP settled it; with us it has another state. */
  'status_mismatch',
  /** A line that the format's reader does not know. */
  'unknown_line',
  /** The same settlement with other content. */
  'batch_restated',
  /** A settlement was closed, and no transfer of it came to the bank. */
  'transfer_missing',
  /** A transfer came to the bank, and no settlement says why. */
  'unknown_transfer',
] as const;
export type BreakKind = (typeof BREAK_KINDS)[number];
