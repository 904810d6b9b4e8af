/**
 * Ledger: the only door to money. Double entry, append only, integer minor units.
 *
 * What must hold for `post`: one transfer per (paymentId, kind) for movements of payments and
 * payouts, one per txnId for movements of the platform, for ever and under concurrency;
 * entries of a transfer add up to zero; the wallet row changes in the same commit; available
 * and held never fall below zero.
 */
import type { Unit } from './unit.ts';

export const TRANSFER_KINDS = [
  'deposit_credit',
  'payout_reserve',
  'payout_post',
  'payout_void',
  'payout_return',
  'platform_credit',
  'platform_debit',
] as const;
export type TransferKind = (typeof TRANSFER_KINDS)[number];

export interface LedgerCommand {
  kind: TransferKind;
  /** Our payment or payout id; for platform movements the platform's payment_id. */
  paymentId: string;
  playerId: string;
  /** Greater than zero; the kind gives the direction. */
  amountMinor: number;
  currency: string;
  /** Deposits and payouts: the PSP on the other side. */
  psp: string | null;
  /** Platform movements only. */
  txnId: string | null;
  idempotencyKey: string | null;
}

export type LedgerOutcome =
  /** Done now. */
  | { kind: 'posted'; availableMinor: number }
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
  createdAt: number;
}

export interface AccountBalance {
  account: string;
  currency: string;
  balanceMinor: number;
}

export interface LedgerPort {
  /** Posts in order inside the transaction `unit`; one outcome per command. */
  post(unit: Unit, commands: readonly LedgerCommand[]): Promise<LedgerOutcome[]>;
  wallets(unit: Unit, playerId: string): Promise<Wallet[]>;
  /** Entries of the player's wallet and hold accounts with id above `after`, oldest first. */
  entries(unit: Unit, playerId: string, page: { after: number; limit: number }): Promise<LedgerEntry[]>;
  /** Sum of entries by account and currency. */
  balances(unit: Unit): Promise<AccountBalance[]>;
}
