/**
 * What a command of the ledger moves: its legs, account by account, and what that changes in
 * wallets. Pure, but for what the caller has read under lock before.
 */
import {
  CHARGEBACK_LOSS,
  PLATFORM,
  SUSPENSE,
  clearingAccount,
  feesAccount,
  holdAccount,
  isAccount,
  playerOf,
  walletAccount,
} from '../../domain/ledger-accounts.ts';
import type { LedgerCommand } from '../../ports/ledger.ts';

/** One line of a transfer: what an account gains (positive) or loses. */
export interface Leg {
  account: string;
  amountMinor: number;
}

/** What a transfer changes in one player's wallet. */
export interface WalletChange {
  playerId: string;
  available: number;
  held: number;
}

/** Kinds that take back what an earlier one gave, and the kinds that they reverse. */
export const REVERSED_BY: Partial<Record<LedgerCommand['kind'], readonly LedgerCommand['kind'][]>> = {
  refund_return: ['refund_post', 'deposit_refund'],
  chargeback_reversal: ['chargeback'],
};

/** Kinds that take from the wallet what is there, and the rest from us. */
export function takesWhatIsThere({ kind }: LedgerCommand): boolean {
  return kind === 'deposit_refund' || kind === 'chargeback';
}

/** The account that loses and the account that gains; for reversals and losses only their rule of thumb. */
export function accountsOf(command: LedgerCommand): { from: string; to: string } {
  const { kind, playerId, psp } = command;
  const wallet = walletAccount(playerId ?? '');
  const hold = holdAccount(playerId ?? '');
  const clearing = clearingAccount(psp ?? 'unknown');
  switch (kind) {
    case 'deposit_credit':
    case 'payout_return':
    case 'refund_return':
    case 'chargeback_reversal':
      return { from: clearing, to: wallet };
    case 'deposit_refund':
    case 'chargeback':
      return { from: wallet, to: clearing };
    case 'payout_reserve':
    case 'refund_reserve':
      return { from: wallet, to: hold };
    case 'payout_post':
    case 'refund_post':
      return { from: hold, to: clearing };
    case 'payout_void':
    case 'refund_void':
      return { from: hold, to: wallet };
    case 'payout_surplus':
      return { from: SUSPENSE, to: clearing };
    case 'platform_credit':
    case 'round_rollback':
      return { from: PLATFORM, to: wallet };
    case 'platform_debit':
      return { from: wallet, to: PLATFORM };
    case 'chargeback_fee':
    case 'psp_fee':
      return { from: feesAccount(psp ?? 'unknown'), to: clearing };
    case 'settlement':
    case 'correction':
      return namedAccounts(command);
  }
}

/** @throws Error when the caller names no accounts, one that the chart does not have, or the same twice */
function namedAccounts({ kind, from, to }: LedgerCommand): { from: string; to: string } {
  if (from === undefined || to === undefined || !isAccount(from) || !isAccount(to) || from === to)
    throw new Error(`Bug: a ${kind} from ${from ?? 'nothing'} to ${to ?? 'nothing'}`);
  return { from, to };
}

/** @param availableMinor what the wallet has, read under lock; only asked for by kinds that take what is there */
export function legsOf(command: LedgerCommand, availableMinor: number): Leg[] {
  const { amountMinor, walletLimitMinor } = command;
  const { from, to } = accountsOf(command);
  if (!takesWhatIsThere(command))
    return [
      { account: from, amountMinor: -amountMinor },
      { account: to, amountMinor },
    ];
  const paidMinor = Math.max(0, Math.min(amountMinor, availableMinor, walletLimitMinor ?? amountMinor));
  return [
    { account: from, amountMinor: -paidMinor },
    { account: CHARGEBACK_LOSS, amountMinor: paidMinor - amountMinor },
    { account: to, amountMinor },
  ].filter((leg) => leg.amountMinor !== 0);
}

/** The opposite of a transfer; what had been on hold goes to the wallet. */
export function reversedLegs(legs: readonly Leg[]): Leg[] {
  return legs.map(({ account, amountMinor }) => {
    const player = playerOf(account);
    return { account: player === null ? account : walletAccount(player.playerId), amountMinor: -amountMinor };
  });
}

/** What we lost (negative) or got back (positive) beside the wallet. */
export function lossOf(legs: readonly Leg[]): number {
  return legs.find(({ account }) => account === CHARGEBACK_LOSS)?.amountMinor ?? 0;
}

/** One change per player, in order of the legs. */
export function walletChanges(legs: readonly Leg[]): WalletChange[] {
  const changes = new Map<string, WalletChange>();
  for (const { account, amountMinor } of legs) {
    const player = playerOf(account);
    if (player === null) continue;
    const change = changes.get(player.playerId) ?? { playerId: player.playerId, available: 0, held: 0 };
    change[player.part] += amountMinor;
    changes.set(player.playerId, change);
  }
  return [...changes.values()];
}
