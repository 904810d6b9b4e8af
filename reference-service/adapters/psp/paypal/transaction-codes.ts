/**
 * PayPal's transaction event codes (T-codes) in neutral words. The first two digits are a group
 * with a meaning of its own; within the groups of reversals and holds each code counts. A code
 * that is not listed is `unknown`, never guessed from its sign.
 */
import type { SettlementKind } from '../../../ports/settlement.ts';

const CODES: Readonly<Record<string, SettlementKind>> = {
  // Mass payment: our payouts.
  T0001: 'payout',
  T1114: 'payout_returned',
  T1115: 'payout_returned',
  T1107: 'refund',
  // A reversal of a general kind: a refund that did not reach the payer.
  T1100: 'refund_failed',
  T1106: 'chargeback',
  T1201: 'chargeback',
  T1202: 'chargeback_reversed',
  T1108: 'fee',
  T1109: 'fee',
  T1105: 'reserve_released',
  T1110: 'reserve_held',
  T1111: 'reserve_released',
  T2101: 'reserve_held',
  T2102: 'reserve_released',
};

const GROUPS: Readonly<Record<string, SettlementKind>> = {
  T00: 'payment',
  T01: 'fee',
  T02: 'conversion',
  // Deposits from our bank, and withdrawals to it.
  T03: 'transfer',
  T04: 'transfer',
  T15: 'reserve_held',
};

export function kindOfTransaction(code: string): SettlementKind {
  return CODES[code] ?? GROUPS[code.slice(0, 3)] ?? 'unknown';
}
