/**
 * What PayPal charges here. Its price lists differ by country and product; these are the ones of
 * a European merchant with standard prices: 2.99 % and 0.39 per payment, nothing back for a
 * refund, 14.00 for a dispute, 0.25 for a payout.
 */
import { NO_FEES } from '../../settlement/settlement.ts';
import type { SettlementTerms } from '../../settlement/settlement.ts';

export const TERMS: SettlementTerms = {
  currency: null,
  exchangeRates: {},
  cutoffHour: 0,
  delayMs: 0,
  payment: { ...NO_FEES, commissionBasisPoints: 299, fixedMinor: 39 },
  refund: NO_FEES,
  payout: { ...NO_FEES, fixedMinor: 25 },
  disputeFeeMinor: 1_400,
  disputeFeeReturned: false,
  reserveBasisPoints: 0,
  reserveMs: 0,
};
