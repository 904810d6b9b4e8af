/** The one rule on amounts that every PSP shares: a positive whole number of minor units. */
import { PspProblem } from './problem.ts';

export function checkAmount(amountMinor: number): void {
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) {
    throw new PspProblem(
      'validation',
      `The amount must be a positive whole number of minor units, not ${amountMinor}`,
      { field: 'amount' },
    );
  }
}
