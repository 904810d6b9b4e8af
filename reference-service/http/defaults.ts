/**
 * What a request leaves out: the sandbox's approving token of each method, in the neutral words
 * that every adapter understands.
 */
import type { PaymentMethod } from '../domain/deposit.ts';

export const NEUTRAL_TOKENS: Readonly<Record<PaymentMethod, string>> = {
  card: 'card_ok',
  ewallet: 'ewallet_ok',
  bank: 'bank_ok',
  p2p: 'p2p_ok',
  voucher: 'voucher_ok',
};

export const NEUTRAL_DESTINATIONS: Readonly<Record<PaymentMethod, string>> = {
  card: 'card_payout_ok',
  ewallet: 'ewallet_payout_ok',
  bank: 'bank_payout_ok',
  p2p: 'p2p_payout_ok',
  voucher: 'voucher_payout_ok',
};
