/**
 * Whether a payout may begin, and whether a person looks at it first. Pure: the caller read the
 * facts under the lock of the wallet, so that two payouts cannot both use the same room.
 */
import type { ErrorCode } from '../errors.ts';
import { periodWindow } from '../limits/period.ts';
import { formatAmount } from '../money.ts';
import type { KycLevel } from '../player.ts';
import type { PayoutRules } from '../policy.ts';
import type { RiskAssessment } from '../risk/risk.ts';
import type { PayoutRoute } from './closed-loop.ts';

export interface PayoutFacts {
  amountMinor: number;
  currency: string;
  nowMs: number;
  kycLevel: KycLevel;
  /** Paid or reserved since the beginning of the UTC day. */
  usedTodayMinor: number;
  /** What must still be wagered; zero when the rule is off. */
  wageringOutstandingMinor: number;
  risk: RiskAssessment | null;
  /** The route, when it leaves by a method beyond its deposits while others wait; else null. */
  loopLeft: PayoutRoute | null;
}

export interface Refusal {
  code: Extract<
    ErrorCode,
    'kyc_required' | 'limit_exceeded' | 'wagering_not_met' | 'closed_loop_required' | 'risk_denied' | 'self_excluded'
  >;
  message: string;
  details: Record<string, unknown>;
}

/** Why the payout may not begin: what the player can mend comes first. Null when it may. */
export function payoutRefusal(rules: PayoutRules, facts: PayoutFacts): Refusal | null {
  return (
    kycMissing(rules, facts) ??
    dailyLimit(rules, facts) ??
    wageringMissing(facts) ??
    otherWayFirst(facts) ??
    riskDenied(facts.risk)
  );
}

/** Why a person looks at it before it is sent; empty when nobody does. */
export function reviewReasons(
  rules: PayoutRules,
  { risk, amountMinor, currency }: Pick<PayoutFacts, 'risk' | 'amountMinor' | 'currency'>,
): string[] {
  const fromMinor = rules.reviewFromMinor[currency];
  return [
    ...(risk?.decision === 'step_up' ? risk.reasons : []),
    ...(fromMinor !== undefined && amountMinor >= fromMinor ? ['amount'] : []),
  ];
}

/** The level that a payout of this amount needs. */
export function neededKycLevel(rules: PayoutRules, amountMinor: number, currency: string): KycLevel {
  const levels = rules.kycLevels.filter((entry) => entry.currency === currency && amountMinor >= entry.fromMinor);
  return levels.reduce<KycLevel>((highest, { level }) => (level > highest ? level : highest), 0);
}

function kycMissing(rules: PayoutRules, { amountMinor, currency, kycLevel }: PayoutFacts): Refusal | null {
  const needed = neededKycLevel(rules, amountMinor, currency);
  if (kycLevel >= needed) return null;
  return {
    code: 'kyc_required',
    message: `A payout of this amount needs KYC level ${needed}; the player has ${kycLevel}.`,
    details: { required_level: needed, level: kycLevel },
  };
}

function dailyLimit(rules: PayoutRules, { amountMinor, currency, nowMs, usedTodayMinor }: PayoutFacts): Refusal | null {
  const limitMinor = rules.dailyLimitMinor[currency];
  if (limitMinor === undefined || usedTodayMinor + amountMinor <= limitMinor) return null;
  return limitExceeded('payout', currency, {
    period: 'day',
    limitMinor,
    usedMinor: usedTodayMinor,
    availableMinor: Math.max(0, limitMinor - usedTodayMinor),
    resetsAt: periodWindow('day', nowMs).endsAt,
  });
}

export function limitExceeded(
  what: 'deposit' | 'payout',
  currency: string,
  breach: { period: string; limitMinor: number; usedMinor: number; availableMinor: number; resetsAt: number },
): Refusal {
  return {
    code: 'limit_exceeded',
    message: `The ${what} would exceed the limit of the ${breach.period}.`,
    details: {
      period: breach.period,
      currency,
      limit: formatAmount(breach.limitMinor, currency),
      used: formatAmount(breach.usedMinor, currency),
      available: formatAmount(breach.availableMinor, currency),
      resets_at: new Date(breach.resetsAt).toISOString(),
    },
  };
}

function wageringMissing({ wageringOutstandingMinor, currency }: PayoutFacts): Refusal | null {
  if (wageringOutstandingMinor <= 0) return null;
  const outstanding = formatAmount(wageringOutstandingMinor, currency);
  return {
    code: 'wagering_not_met',
    message: `${outstanding} ${currency} must still be wagered before a payout.`,
    details: { outstanding, currency },
  };
}

function otherWayFirst({ loopLeft, currency }: PayoutFacts): Refusal | null {
  if (loopLeft === null) return null;
  return {
    code: 'closed_loop_required',
    message: 'Deposits by another method are not paid back yet; they go back by that method first.',
    details: {
      open: loopLeft.openElsewhere.map(({ method, amountMinor }) => ({
        method,
        amount: formatAmount(amountMinor, currency),
      })),
      currency,
    },
  };
}

export function riskDenied(risk: RiskAssessment | null): Refusal | null {
  if (risk?.decision !== 'deny') return null;
  return {
    code: 'risk_denied',
    message: 'The rules of risk do not allow this.',
    details: { reasons: [...risk.reasons] },
  };
}
