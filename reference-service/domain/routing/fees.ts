/**
 * Fees: what a success costs at a PSP, as a share of the amount.
 */
import type { PaymentMethod } from '../deposit.ts';
import type { FeeConfig } from './routing-config.ts';

export interface FeeTable {
  /** Share of the amount, 0 where no fee is known. */
  shareOf(psp: string, method: PaymentMethod, amountMinor: number, currency: string): number;
}

export function feeTableOf(fees: readonly FeeConfig[]): FeeTable {
  const rows = new Map<string, FeeConfig>();
  for (const fee of fees) rows.set(`${fee.psp}|${fee.method ?? ''}`, fee);
  return {
    shareOf(psp, method, amountMinor, currency) {
      if (rows.size === 0) return 0;
      const fee = rows.get(`${psp}|${method}`) ?? rows.get(`${psp}|`);
      if (fee === undefined) return 0;
      const fixed = amountMinor > 0 ? (fee.fixedMinor?.[currency] ?? 0) / amountMinor : 0;
      return fee.basisPoints / 10_000 + fixed;
    },
  };
}
