/** Several conditions at once: skews add up, the shortest memory counts, and one expired certificate is enough. */
import type { Condition } from './effects.ts';

export function mergeConditions(conditions: readonly Condition[]): Condition {
  const merged: Condition = {};
  for (const one of conditions) {
    if (one.clockSkewMs !== undefined) merged.clockSkewMs = (merged.clockSkewMs ?? 0) + one.clockSkewMs;
    if (one.keyLifeMs !== undefined) merged.keyLifeMs = Math.min(merged.keyLifeMs ?? Infinity, one.keyLifeMs);
    if (one.signsWithOldKey === true) merged.signsWithOldKey = true;
    if (one.certificateExpired === true) merged.certificateExpired = true;
  }
  return merged;
}
