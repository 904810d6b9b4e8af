/**
 * Cool-off and self-exclusion of a player. Pure.
 *
 * What must hold: while one is in force no deposit begins; neither can be ended or shortened
 * before its time, by nobody; payouts stay possible, because the money is the player's.
 */
export interface Exclusion {
  /** Epoch ms; in the past: over. */
  coolOffUntil: number | null;
  /** When the self-exclusion was asked for; null when there is none. */
  excludedAt: number | null;
  /** Null together with an `excludedAt`: without an end. */
  excludedUntil: number | null;
}

export interface ExclusionInForce {
  kind: 'cool_off' | 'self_exclusion';
  /** Epoch ms; null: without an end. */
  until: number | null;
}

export type ExclusionChange =
  | { ok: true; exclusion: Exclusion }
  /** `invalid`: not an allowed time. `shorter`: a longer one is in force. */
  | { ok: false; problem: 'invalid' | 'shorter'; reason: string };

const DAY_MS = 86_400_000;

/** A break, not a farewell: whoever wants longer excludes himself. */
export const LONGEST_COOL_OFF_MS = 42 * DAY_MS;

/** Shorter would be a cool-off; regulators ask for half a year at least. */
export const SHORTEST_SELF_EXCLUSION_MONTHS = 6;

/** The stronger of both, when any is in force. */
export function exclusionInForce(exclusion: Exclusion, nowMs: number): ExclusionInForce | null {
  const { coolOffUntil, excludedAt, excludedUntil } = exclusion;
  if (excludedAt !== null && (excludedUntil === null || excludedUntil > nowMs))
    return { kind: 'self_exclusion', until: excludedUntil };
  if (coolOffUntil !== null && coolOffUntil > nowMs) return { kind: 'cool_off', until: coolOffUntil };
  return null;
}

export function withCoolOff(exclusion: Exclusion, until: number, nowMs: number): ExclusionChange {
  if (until <= nowMs) return { ok: false, problem: 'invalid', reason: 'a cool-off ends in the future' };
  if (until > nowMs + LONGEST_COOL_OFF_MS)
    return { ok: false, problem: 'invalid', reason: 'a cool-off lasts six weeks at most; use self-exclusion' };
  if (exclusion.coolOffUntil !== null && exclusion.coolOffUntil > nowMs && until < exclusion.coolOffUntil)
    return { ok: false, problem: 'shorter', reason: 'a cool-off cannot be shortened' };
  return { ok: true, exclusion: { ...exclusion, coolOffUntil: until } };
}

/** @param until epoch ms, or null for an exclusion without an end */
export function withSelfExclusion(exclusion: Exclusion, until: number | null, nowMs: number): ExclusionChange {
  const inForce = exclusionInForce(exclusion, nowMs);
  const running = inForce?.kind === 'self_exclusion' ? inForce : null;
  if (running !== null && until !== null && (running.until === null || until < running.until))
    return { ok: false, problem: 'shorter', reason: 'a self-exclusion is neither ended nor shortened before its time' };
  const earliest = monthsLater(nowMs, SHORTEST_SELF_EXCLUSION_MONTHS);
  if (running === null && until !== null && until < earliest)
    return { ok: false, problem: 'invalid', reason: 'a self-exclusion lasts six months at least' };
  const excludedAt = running === null ? nowMs : exclusion.excludedAt;
  return { ok: true, exclusion: { ...exclusion, excludedAt, excludedUntil: until } };
}

/** The same day and time of a later month in UTC; the last day where that month is shorter. */
function monthsLater(fromMs: number, months: number): number {
  const from = new Date(fromMs);
  const [year, month] = [from.getUTCFullYear(), from.getUTCMonth() + months];
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(from.getUTCDate(), lastDay);
  return Date.UTC(year, month, day) + (fromMs - Math.floor(fromMs / DAY_MS) * DAY_MS);
}
