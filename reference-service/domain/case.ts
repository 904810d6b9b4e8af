/**
 * Case: a discrepancy that needs a person or a correcting action. One per kind and subject:
 * the tenth contradicting event of a payment opens no tenth case.
 *
 *   opened ─► assigned, noted, … ─► resolved, by a person's action or by what happened since
 */
import { BREAK_KINDS } from './reconciliation/break-kinds.ts';

const EVENT_KINDS = [
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

/** What reconciliation finds, and what events and queries find. */
export const CASE_KINDS = [
  ...EVENT_KINDS,
  ...BREAK_KINDS.filter((kind) => !(EVENT_KINDS as readonly string[]).includes(kind)),
];
export type CaseKind = (typeof EVENT_KINDS)[number] | (typeof BREAK_KINDS)[number];

/**
 * How a person ends a case. `accept`: nothing to correct. `write_off`: the open money is our loss
 * (or our gain). `recredit`: the player gets it. `correct`: a movement between two accounts that
 * the person names. All but the first post a correcting transfer; nothing is ever edited.
 */
export const CASE_ACTIONS = ['accept', 'write_off', 'recredit', 'correct'] as const;
export type CaseAction = (typeof CASE_ACTIONS)[number];

/** `superseded`: what happened since left nothing to decide. */
export type CaseResolution = CaseAction | 'superseded';

export interface NewCase {
  kind: CaseKind;
  /** Our payment or payout id, or the PSP's event id where nothing of ours is known. */
  subjectId: string;
  psp: string | null;
  /** One sentence for the person who opens it. */
  summary: string;
  /** Money at stake: what the PSP gave too little; negative: too much. */
  open?: { minor: number; currency: string };
  /** The movement that waits for the decision. */
  expectationId?: number;
}

export interface Case extends NewCase {
  id: string;
  status: 'open' | 'resolved';
  owner: string | null;
  resolution: CaseResolution | null;
  openedAt: number;
  resolvedAt: number | null;
}

export interface CaseEvent {
  id: number;
  type: 'opened' | 'assigned' | 'noted' | 'resolved';
  /** Who; null for the service itself. */
  actor: string | null;
  note: string | null;
  data: Record<string, unknown> | null;
  at: number;
}
