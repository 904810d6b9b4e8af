/**
 * A ledger that counts what PSPs cost once it is true: after the commit, and never what was
 * rolled back or had been posted before. Only fees: everything else is told to the platform.
 */
import { feesAccount } from '../domain/ledger-accounts.ts';
import type { LedgerCommand, LedgerPort } from '../ports/ledger.ts';

export interface Fee {
  psp: string;
  currency: string;
  amountMinor: number;
  /** `returned`: a fee that was booked before and taken back. */
  direction: 'paid' | 'returned';
}

export function countedLedger(ledger: LedgerPort, counted: (fee: Fee) => void): LedgerPort {
  return {
    ...ledger,
    async post(unit, commands) {
      const outcomes = await ledger.post(unit, commands);
      const fees = commands.filter((_, index) => outcomes[index]?.kind === 'posted').flatMap(feesOf);
      if (fees.length > 0) unit.afterCommit(() => fees.forEach(counted));
      return outcomes;
    },
  };
}

function feesOf({ kind, psp, from, to, currency, amountMinor }: LedgerCommand): Fee[] {
  const paidTo = kind === 'psp_fee' || kind === 'chargeback_fee' ? psp : pspOfFees(from);
  if (paidTo !== null) return [{ psp: paidTo, currency, amountMinor, direction: 'paid' }];
  const returnedBy = pspOfFees(to);
  return returnedBy === null ? [] : [{ psp: returnedBy, currency, amountMinor, direction: 'returned' }];
}

const FEES = feesAccount('');

function pspOfFees(account: string | undefined): string | null {
  return account?.startsWith(FEES) === true ? account.slice(FEES.length) : null;
}
