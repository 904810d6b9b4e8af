/**
 * The rules of risk that the service ships: velocity, country mismatch, self-excluded player,
 * new player with a large amount. Pure; each rule speaks at most once, the strictest word counts.
 */
import { exclusionInForce } from '../limits/exclusion.ts';
import type { RiskRules, Threshold } from '../policy.ts';
import type { RiskAssessment, RiskFacts, RiskSubject } from './risk.ts';

/** The part `risk` of the service: judges by these rules where the policy has some, else not at all. */
export const riskBySmallRuleSet = {
  async assess(
    subject: RiskSubject,
    { rules, facts }: { rules: RiskRules | null; facts: () => Promise<RiskFacts> },
  ): Promise<RiskAssessment | null> {
    return rules === null ? null : assessByRules(subject, await facts(), rules);
  },
};

export type RiskReason =
  | 'self_excluded'
  | 'velocity_attempts'
  | 'velocity_declines'
  | 'velocity_tokens'
  | 'country_mismatch'
  | 'new_player_amount';

interface Finding {
  reason: RiskReason;
  action: 'step_up' | 'deny';
}

/** How much a finding weighs in the score; a denial alone fills half of it. */
const SCORE_OF = { step_up: 25, deny: 60 } as const;

export function assessByRules(subject: RiskSubject, facts: RiskFacts, rules: RiskRules): RiskAssessment {
  const findings = [
    excludedPlayer(subject, facts),
    velocity('velocity_attempts', facts.attempts + 1, rules.attempts),
    velocity('velocity_declines', facts.declines, rules.declines),
    velocity('velocity_tokens', new Set([...facts.tokens, subject.token]).size, rules.tokens),
    countryMismatch(subject, facts, rules),
    newPlayer(subject, facts, rules),
  ].filter((finding) => finding !== null);
  const score = findings.reduce((sum, { action }) => sum + SCORE_OF[action], 0);
  const denied = findings.some(({ action }) => action === 'deny');
  return {
    decision: denied ? 'deny' : findings.length > 0 ? 'step_up' : 'allow',
    score: Math.min(100, score),
    reasons: findings.map(({ reason }) => reason),
  };
}

/** His money may leave, none may come in. */
function excludedPlayer({ kind, nowMs }: RiskSubject, { player }: RiskFacts): Finding | null {
  const excluded = player !== null && exclusionInForce(player, nowMs) !== null;
  return kind === 'deposit' && excluded ? { reason: 'self_excluded', action: 'deny' } : null;
}

function velocity(reason: RiskReason, count: number, { stepUp, deny }: Threshold): Finding | null {
  if (deny !== null && count >= deny) return { reason, action: 'deny' };
  return stepUp !== null && count >= stepUp ? { reason, action: 'step_up' } : null;
}

function countryMismatch({ country, bin }: RiskSubject, { player }: RiskFacts, rules: RiskRules): Finding | null {
  if (rules.countryMismatch === 'allow' || country === null) return null;
  const known = [player?.country ?? null, bin === null ? null : countryOfBin(bin, rules.binCountries)];
  const differs = known.some((other) => other !== null && other !== country);
  return differs ? { reason: 'country_mismatch', action: rules.countryMismatch } : null;
}

/** Of the longest prefix that is listed; null when none is. */
function countryOfBin(bin: string, countries: Readonly<Record<string, string>>): string | null {
  for (let length = bin.length; length > 0; length -= 1) {
    const country = countries[bin.slice(0, length)];
    if (country !== undefined) return country;
  }
  return null;
}

/** A player whose registration we were never told of counts as new. */
function newPlayer(subject: RiskSubject, { player }: RiskFacts, { newPlayer }: RiskRules): Finding | null {
  const fromMinor = newPlayer?.fromMinor[subject.currency];
  if (newPlayer === null || fromMinor === undefined || subject.amountMinor < fromMinor) return null;
  const registeredAt = player?.registeredAt ?? null;
  const isNew = registeredAt === null || registeredAt > subject.nowMs - newPlayer.withinMs;
  return isNew ? { reason: 'new_player_amount', action: 'step_up' } : null;
}
