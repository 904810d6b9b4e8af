/**
 * What Mollie charges and when it pays: each currency has a balance of its own, which is
 * transferred daily. The fees are in the order of its public price list for cards in Europe.
 */
import { NO_FEES } from '../../settlement/settlement.ts';
import type { SettlementTerms } from '../../settlement/settlement.ts';
import type { PspContext } from '../dialect.ts';

const DAY_MS = 86_400_000;

export const MOLLIE_TERMS: SettlementTerms = {
  currency: null,
  exchangeRates: {},
  cutoffHour: 0,
  delayMs: 2 * DAY_MS,
  payment: { ...NO_FEES, commissionBasisPoints: 180, fixedMinor: 25 },
  refund: { ...NO_FEES, fixedMinor: 25 },
  payout: NO_FEES,
  disputeFeeMinor: 1_750,
  disputeFeeReturned: false,
  reserveBasisPoints: 0,
  reserveMs: 0,
};

/** The terms with what the profile says differently. */
export function effectiveTerms(psp: PspContext): SettlementTerms {
  return { ...MOLLIE_TERMS, ...psp.profile.settlement };
}
