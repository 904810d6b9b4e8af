/**
 * Words of a history about what happens beside a deposit or payout: captures, refunds, game
 * rounds, and what players forbid. A part of the vocabulary, apart because of its length.
 */
import type { Probed } from './vocabulary.ts';

/** `invoke` f:'bet', f:'win' or f:'rollback', proc `platform`, key = the round: a movement of a game round. */
export interface RoundInvoke {
  op: string;
  round_id: string;
  player_id: string;
  payment_id: string;
  txn_id: string;
  amount_minor: number;
  currency: string;
}

/** `ok` f:'bet' and f:'win'; `available` is what the wallet has after it. */
export interface RoundOk {
  op: string;
  http_status: number;
  txn_id: string;
  available: string;
  replayed: boolean;
}

/** `invoke` f:'limit' (`day`, `week`, `month` as decimal text), f:'exclusion' (`kind`, `until`) or f:'removal' (`stored_method_id`). */
export interface ProtectionInvoke {
  op: string;
  player_id: string;
  currency?: string;
  kind?: 'self-exclusion' | 'cool-off';
  until?: string | null;
  stored_method_id?: string;
}

/** `ok` f:'limit': the limits as the target confirmed them. */
export interface LimitOk {
  op: string;
  http_status: number;
  limits: LimitValue[];
}

export interface LimitValue {
  currency: string;
  period: 'day' | 'week' | 'month';
  amount: string | null;
  pending: { amount: string | null; effective_at: string } | null;
}

/**
 * `invoke` f:'capture', f:'void' or f:'refund', proc `platform`: what is done with a deposit. The
 * `ok` of a refund names `refund_id`, the others are a `DepositOk`.
 */
export interface ChangeInvoke {
  op: string;
  idempotency_key: string;
  payment_id: string;
  /** Of a capture or refund. */
  amount_minor?: number;
  currency: string;
  try: number;
  body_variant: number;
}

/** f:'refund', key = refund id: one that the platform asked for. */
export interface RefundProbe extends Probed {
  refund_id: string;
  payment_id: string;
  status: string;
  amount: string;
  currency: string;
}

/** `invoke` f:'fund': the platform credits a wallet; its `ok` is a `FundOk`. */
export interface FundInvoke {
  op: string;
  txn_id: string;
  player_id: string;
  amount_minor: number;
  currency: string;
}

/** `ok` f:'fund'. */
export interface FundOk {
  op: string;
  http_status: number;
  txn_id: string;
  amount_minor: number;
}
