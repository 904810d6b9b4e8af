/**
 * Event matcher: does what a PSP reports fit the attempt that we made?
 *
 * Called before the machine. What must hold: a report of another amount or currency is a
 * mismatch whatever else it says, and a webhook about money that states no amount is one too;
 * a mismatch changes nothing and opens a case.
 */
import type { DepositFact } from './deposit-fact.ts';
import { currencyExponent, formatAmount, type Money } from './money.ts';

export type MatchResult =
  { kind: 'match' } | { kind: 'amount_mismatch' | 'currency_mismatch' | 'unknown_payment'; summary: string };

export interface Expected extends Money {
  attemptId: string;
  psp: string;
}

export type EventMatcher = (
  expected: Expected,
  fact: Pick<DepositFact, 'source' | 'outcome' | 'psp' | 'money'>,
) => MatchResult;

/** A text even for currencies that we do not know. */
function readable(money: Money): string {
  return currencyExponent(money.currency) === null
    ? `${money.amountMinor} minor units of ${money.currency}`
    : `${formatAmount(money.amountMinor, money.currency)} ${money.currency}`;
}

export const eventMatcher: EventMatcher = (expected, fact) => {
  if (fact.psp !== expected.psp) {
    return {
      kind: 'unknown_payment',
      summary: `${fact.psp} reports on attempt ${expected.attemptId}, which was made at ${expected.psp}.`,
    };
  }
  if (fact.money === null) {
    return fact.source === 'webhook' && fact.outcome === 'succeeded'
      ? {
          kind: 'amount_mismatch',
          summary: `${fact.psp} reports success of attempt ${expected.attemptId} without an amount; we asked for ${readable(expected)}.`,
        }
      : { kind: 'match' };
  }
  if (fact.money.currency !== expected.currency) {
    return {
      kind: 'currency_mismatch',
      summary: `${fact.psp} reports ${readable(fact.money)} for attempt ${expected.attemptId}; we asked for ${readable(expected)}.`,
    };
  }
  if (fact.money.amountMinor !== expected.amountMinor) {
    return {
      kind: 'amount_mismatch',
      summary: `${fact.psp} reports ${readable(fact.money)} for attempt ${expected.attemptId}; we asked for ${readable(expected)}.`,
    };
  }
  return { kind: 'match' };
};
