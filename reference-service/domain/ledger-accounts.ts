/**
 * The chart of accounts: whose money an entry is about. A positive balance is money that we owe,
 * a negative one is money that we have, are owed, or have lost:
 *
 *   wallet:<player>, hold:<player>   what we owe a player, free and reserved (never below zero)
 *   psp:<name>                       clearing: negative while the PSP holds money for us
 *   bank                             negative: what PSPs have paid out to our bank account
 *   fees:<psp>, chargeback_loss      negative: what payments have cost us
 *   fx                               what PSPs changed from one currency into another, one position per currency
 *   platform                         counterpart of bets and wins
 *   suspense                         money that moved without our order, until a person has decided
 */
export const CHARGEBACK_LOSS = 'chargeback_loss';
export const SUSPENSE = 'suspense';
export const PLATFORM = 'platform';
export const BANK = 'bank';
export const FX = 'fx';

export const walletAccount = (playerId: string): string => `wallet:${playerId}`;
export const holdAccount = (playerId: string): string => `hold:${playerId}`;
export const clearingAccount = (psp: string): string => `psp:${psp}`;
export const feesAccount = (psp: string): string => `fees:${psp}`;

const SINGLE: readonly string[] = [CHARGEBACK_LOSS, SUSPENSE, PLATFORM, BANK, FX];

/** Whose wallet an account is a part of, or null when it is none of a player. */
export function playerOf(account: string): { playerId: string; part: 'available' | 'held' } | null {
  const match = /^(wallet|hold):(.+)$/.exec(account);
  if (match?.[2] === undefined) return null;
  return { playerId: match[2], part: match[1] === 'wallet' ? 'available' : 'held' };
}

/** True for every account of the chart; anything else is a mistake of the caller. */
export function isAccount(account: string): boolean {
  return SINGLE.includes(account) || /^(wallet|hold|psp|fees):[A-Za-z0-9_-]{1,64}$/.test(account);
}
