/**
 * Case: a discrepancy that needs a person or a correcting action. One per kind and subject:
 * the tenth contradicting event of a payment opens no tenth case.
 */
export const CASE_KINDS = [
  'amount_mismatch',
  'currency_mismatch',
  'unknown_payment',
  'contradictory_final',
  'late_success',
  'stuck_in_doubt',
  'dead_letter',
  'chargeback',
  'refund_shortfall',
  'refund_unmatched',
  'refund_after_chargeback',
  'refund_failed',
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

export interface NewCase {
  kind: CaseKind;
  /** Our payment or payout id, or the PSP's event id where nothing of ours is known. */
  subjectId: string;
  psp: string | null;
  /** One sentence for the person who opens it. */
  summary: string;
}

export interface Case extends NewCase {
  id: string;
  status: 'open' | 'resolved';
  openedAt: number;
}
