/**
 * Ledger: the only door to money. Double entry, append only, integer minor units.
 *
 * What must hold for `post`: one transfer per (paymentId, kind, part) for movements of payments
 * and payouts, one per txnId for movements of the platform, for ever and under concurrency;
 * entries of a transfer add up to zero; the wallet row changes in the same commit; available
 * and held never fall below zero.
 */
import type { Unit } from './unit.ts';

/**
 * From account → to account (`domain/ledger-accounts.ts`); the amount leaves the first and
 * arrives at the second.
 *
 *   deposit_credit       psp → wallet               payout_reserve   wallet → hold
 *   deposit_refund       wallet (+ loss) → psp      payout_post      hold → psp
 *   refund_reserve       wallet → hold              payout_void      hold → wallet
 *   refund_post          hold → psp                 payout_return    psp → wallet
 *   refund_void          hold → wallet              payout_surplus   suspense → psp
 *   refund_return        psp → wallet (+ loss)      platform_credit  platform → wallet
 *   chargeback           wallet (+ loss) → psp      platform_debit   wallet → platform
 *   chargeback_reversal  psp → wallet (+ loss)      psp_fee          fees → psp
 *   chargeback_fee       fees → psp                 settlement       from → to (clearing and bank)
 *   correction           from → to (any two accounts, with a reason)
 *   round_rollback       platform → wallet (the debit of a game round that did not take place)
 */
export const TRANSFER_KINDS = [
  'deposit_credit',
  'deposit_refund',
  'refund_reserve',
  'refund_post',
  'refund_void',
  'refund_return',
  'chargeback',
  'chargeback_reversal',
  'chargeback_fee',
  'payout_reserve',
  'payout_post',
  'payout_void',
  'payout_return',
  'payout_surplus',
  'platform_credit',
  'platform_debit',
  'round_rollback',
  'psp_fee',
  'settlement',
  'correction',
] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

export interface LedgerCommand {
  kind: TransferKind;
  /** Our payment or payout id; for platform movements the platform's payment_id; for settlements the batch. */
  paymentId: string;
  /**
   * Which of several of one kind: the refund, dispute, settlement line or case that this moves
   * money for. Absent: the payment has one of this kind.
   */
  part?: string;
  /** Null where no player's money moves (fees, settlements). */
  playerId: string | null;
  /** Greater than zero; the kind gives the direction. */
  amountMinor: number;
  currency: string;
  /** The PSP on the other side, where there is one. */
  psp: string | null;
  /** Platform movements only. */
  txnId: string | null;
  idempotencyKey: string | null;
  /** `deposit_refund` and `chargeback`: the wallet pays no more than this, the rest is our loss. Default: all. */
  walletLimitMinor?: number;
  /** `settlement` and `correction`: the accounts. */
  from?: string;
  to?: string;
  /** `correction`: why, and the case that it belongs to. */
  reason?: string;
  caseId?: string;
}

export type LedgerOutcome =
  /**
   * Done now. `availableMinor` of the player's wallet, 0 where none is touched. `lossMinor`: what
   * the wallet could not pay of a `deposit_refund` or `chargeback`, or what a reversal gave back of it.
   */
  | { kind: 'posted'; availableMinor: number; lossMinor?: number }
  /** Done before with the same content; `availableMinor` is what that posting answered. */
  | { kind: 'already'; availableMinor: number }
  /** Nothing was done: the wallet has too little. */
  | { kind: 'insufficient_funds'; availableMinor: number }
  /** Nothing was done: the same key exists with other content. */
  | { kind: 'conflict'; on: 'txn_id' | 'idempotency_key' };

export interface Wallet {
  currency: string;
  availableMinor: number;
  heldMinor: number;
}

export interface LedgerEntry {
  id: number;
  transferId: string;
  kind: TransferKind;
  account: string;
  amountMinor: number;
  currency: string;
  paymentId: string;
  /** The refund, dispute, line or case, where the kind has one. */
  part: string | null;
  createdAt: number;
}

export interface AccountBalance {
  account: string;
  currency: string;
  balanceMinor: number;
}

/** Days are numbers of UTC days since 1970-01-01. */
export interface ReportQuestion {
  fromDay: number;
  /** Included. */
  toDay: number;
  /** One account; `wallet:*` and `hold:*` stand for all players'. Null: the whole chart, players summed up. */
  account: string | null;
  currency: string | null;
}

/** One account and currency on one day on which something moved. */
export interface ReportLine {
  account: string;
  currency: string;
  day: number;
  openingMinor: number;
  /** What left the account and what arrived, both zero or greater. */
  debitsMinor: number;
  creditsMinor: number;
  closingMinor: number;
}

export interface LedgerPort {
  /** Posts in order inside the transaction `unit`; one outcome per command. */
  post(unit: Unit, commands: readonly LedgerCommand[]): Promise<LedgerOutcome[]>;
  wallets(unit: Unit, playerId: string): Promise<Wallet[]>;
  /** Entries of the player's wallet and hold accounts with id above `after`, oldest first. */
  entries(unit: Unit, playerId: string, page: { after: number; limit: number }): Promise<LedgerEntry[]>;
  /** Sum of entries by account and currency. */
  balances(unit: Unit): Promise<AccountBalance[]>;
  /** By account, currency and day, in this order. Must run in a transaction: it sums up days that are over. */
  report(unit: Unit, question: ReportQuestion): Promise<ReportLine[]>;
}
