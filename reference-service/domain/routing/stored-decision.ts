/**
 * A decision as it is stored: nothing is left out, names of fields are. Half as long as the
 * plain object, which counts because there is one for every attempt.
 */
import type { Decision, Place, RejectReason } from './decide.ts';

type StoredRank = readonly [
  psp: string,
  place: Place,
  tries: number,
  score: number,
  conversion: number,
  drawn: number,
  trials: number,
  cost: number,
  technical: number,
  challengeFailed: number,
  p95Ms: number | null,
];

type StoredRefusal = readonly [psp: string, reason: RejectReason, detail?: string];

/** Version 1. `id`, `at` and `psp` lie in columns beside it. */
export interface StoredDecision {
  v: 1;
  op: Decision['operation'];
  seg: string;
  rule: string | null;
  level: Decision['level'];
  ranked: readonly StoredRank[];
  rejected: readonly StoredRefusal[];
}

export function toStored(decision: Decision): StoredDecision {
  return {
    v: 1,
    op: decision.operation,
    seg: decision.segment,
    rule: decision.rule,
    level: decision.level,
    ranked: decision.ranked.map(({ psp, place, tries, score, parts }) => [
      psp,
      place,
      tries,
      score,
      parts.conversion,
      parts.drawn,
      parts.trials,
      parts.cost,
      parts.technical,
      parts.challengeFailed,
      parts.p95Ms,
    ]),
    rejected: decision.rejected.map(({ psp, reason, detail }) =>
      detail === undefined ? [psp, reason] : [psp, reason, detail],
    ),
  };
}

export function fromStored(
  stored: StoredDecision,
  beside: { subjectId: string; decidedAtMs: number; psp: string | null },
): Decision {
  return {
    operation: stored.op,
    ...beside,
    segment: stored.seg,
    rule: stored.rule,
    level: stored.level,
    ranked: stored.ranked.map(
      ([psp, place, tries, score, conversion, drawn, trials, cost, technical, challengeFailed, p95Ms]) => ({
        psp,
        place,
        tries,
        score,
        parts: { conversion, drawn, trials, cost, technical, challengeFailed, p95Ms },
      }),
    ),
    rejected: stored.rejected.map(([psp, reason, detail]) =>
      detail === undefined ? { psp, reason } : { psp, reason, detail },
    ),
  };
}
