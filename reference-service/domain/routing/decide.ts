/**
 * The decision: where one payment goes, and why there and nowhere else. Pure: the same
 * snapshot, request and draw give the same decision.
 *
 *   every configured PSP ─► may it? ─no─► rejected, with the reason
 *                             └─yes─► ranked: fewest tries, asked for, session, rule, probe, score
 *
 * A decision names every configured PSP exactly once and holds everything that its text
 * (`explain.ts`) is made of, so what is stored is the whole explanation.
 */
import { normalOf, type Draw } from './draw.ts';
import type { Estimate, QualityView } from './quality.ts';
import type { FeeTable } from './fees.ts';
import { atLeast, type LevelNow } from './level.ts';
import type { RouteRequest, RoutedOperation } from './request.ts';
import type { QualityWeights } from './routing-config.ts';
import type { Rule } from './rules.ts';
import { segmentOf } from './segment.ts';

/** All that is the same for every request of a moment. */
export interface RouteSnapshot {
  madeAtMs: number;
  strategy: 'order' | 'quality';
  /** Configured names in order of preference. */
  psps: readonly string[];
  /** Taken out of service by an operator: PSP → reason. */
  outOfService: Readonly<Record<string, string>>;
  level: LevelNow;
  rules: readonly Rule[];
  weights: Readonly<QualityWeights>;
  exploration: number;
  fees: FeeTable;
  quality: QualityView;
}

export type RejectReason = 'level' | 'unable' | 'rule' | 'out_of_service' | 'tried' | 'breaker_open';

export interface Rejected {
  psp: string;
  reason: RejectReason;
  /** The rule's name, or the operator's reason. */
  detail?: string;
}

/** What a score is made of; shares of one, milliseconds. */
export interface ScoreParts {
  conversion: number;
  /** The conversion that this payment was decided with: believed, moved by how unsure the belief is. */
  drawn: number;
  trials: number;
  cost: number;
  technical: number;
  challengeFailed: number;
  p95Ms: number | null;
}

/** Why a PSP stands where it stands; the strongest reason that it has. */
export type Place = 'asked_for' | 'session' | 'rule' | 'probe' | 'quality' | 'order';

export interface Ranked {
  psp: string;
  place: Place;
  tries: number;
  score: number;
  parts: ScoreParts;
}

export interface Decision {
  operation: RoutedOperation;
  subjectId: string;
  decidedAtMs: number;
  /** The best of `ranked`; null when nobody may take it now. */
  psp: string | null;
  segment: string;
  /** Name of the rule that set the order, if one did. */
  rule: string | null;
  level: LevelNow['level'];
  ranked: Ranked[];
  rejected: Rejected[];
}

/** Ten seconds of p95 weigh one unit of the latency weight. */
const LATENCY_UNIT_MS = 10_000;

/** Speed of a PSP that was never measured: neither praised nor blamed. */
const UNKNOWN_P95_MS = 1_500;

/** Places in the order of their strength; rules take the numbers between session and probe. */
const ASKED_FOR = 0;
const SESSION = 1;
const RULE = 2;
const PROBE = 1_000;
const REST = 1_001;

interface Standing {
  ranked: Ranked;
  tier: number;
  index: number;
}

export function decide(snapshot: RouteSnapshot, request: RouteRequest, draw: Draw, nowMs: number): Decision {
  const segment = segmentOf(request);
  const matching: Rule[] = [];
  for (const rule of snapshot.rules) if (rule.matches(request)) matching.push(rule);
  const orderRule = matching.find(({ kind }) => kind === 'prefer' || kind === 'split') ?? null;
  const estimates = snapshot.quality.estimates(request.operation, segment);
  const standings: Standing[] = [];
  const rejected: Rejected[] = [];
  for (let index = 0; index < snapshot.psps.length; index += 1) {
    const psp = snapshot.psps[index] as string;
    const refusal = refusalOf(snapshot, request, matching, psp);
    if (refusal !== null) {
      rejected.push(refusal);
      continue;
    }
    const parts = partsOf(snapshot, request, draw, psp, estimates[index] as Estimate);
    const place = placeOf(snapshot, request, orderRule, psp);
    const tries = request.tried[psp]?.count ?? 0;
    const score = rounded(scoreOf(snapshot.weights, parts));
    standings.push({
      ranked: { psp, place, tries, score, parts },
      tier: tierOf(place, psp, orderRule, request, draw),
      index,
    });
  }
  const byQuality = snapshot.strategy === 'quality';
  standings.sort(
    (one, other) =>
      one.ranked.tries - other.ranked.tries ||
      one.tier - other.tier ||
      (byQuality ? other.ranked.score - one.ranked.score : 0) ||
      one.index - other.index,
  );
  return {
    operation: request.operation,
    subjectId: request.subjectId,
    decidedAtMs: nowMs,
    psp: standings[0]?.ranked.psp ?? null,
    segment,
    rule: orderRule?.name ?? null,
    level: snapshot.level.level,
    ranked: standings.map(({ ranked }) => ranked),
    rejected,
  };
}

/**
 * The PSPs that could take the request some day: able, and not excluded by a rule. What passes
 * (trouble, an operator's pause, the breaker) does not count.
 */
export function eligible(snapshot: Pick<RouteSnapshot, 'psps' | 'rules'>, request: RouteRequest): string[] {
  const matching = snapshot.rules.filter((rule) => rule.matches(request));
  return snapshot.psps.filter((psp) => request.able.includes(psp) && narrowedBy(matching, psp) === null);
}

function narrowedBy(matching: readonly Rule[], psp: string): Rule | null {
  for (const rule of matching) {
    if (rule.kind === 'only' && !rule.psps.includes(psp)) return rule;
    if (rule.kind === 'exclude' && rule.psps.includes(psp)) return rule;
  }
  return null;
}

function refusalOf(
  snapshot: RouteSnapshot,
  request: RouteRequest,
  matching: readonly Rule[],
  psp: string,
): Rejected | null {
  if (!request.able.includes(psp)) return { psp, reason: 'unable' };
  const rule = narrowedBy(matching, psp);
  if (rule !== null) return { psp, reason: 'rule', detail: rule.name };
  const out = snapshot.outOfService[psp];
  if (out !== undefined) return { psp, reason: 'out_of_service', detail: out };
  if (isHeldByLevel(snapshot.level, request.operation)) return { psp, reason: 'level', detail: snapshot.level.reason };
  if (request.tried[psp]?.closed === true) return { psp, reason: 'tried' };
  if (request.admissions[psp] === 'open') return { psp, reason: 'breaker_open' };
  return null;
}

/** Payouts wait from `payouts_deferred` on, everything new at `read_only`. */
function isHeldByLevel({ level }: LevelNow, operation: RoutedOperation): boolean {
  return atLeast(level, operation === 'payout' ? 'payouts_deferred' : 'read_only');
}

function placeOf(snapshot: RouteSnapshot, request: RouteRequest, orderRule: Rule | null, psp: string): Place {
  if (psp === request.preferred) return 'asked_for';
  if (psp === request.sticky) return 'session';
  if (orderRule?.psps.includes(psp) === true) return 'rule';
  if (snapshot.strategy === 'order') return 'order';
  return request.admissions[psp] === 'probe' ? 'probe' : 'quality';
}

function tierOf(place: Place, psp: string, orderRule: Rule | null, request: RouteRequest, draw: Draw): number {
  switch (place) {
    case 'asked_for':
      return ASKED_FOR;
    case 'session':
      return SESSION;
    case 'rule':
      return orderRule === null ? REST : RULE + positionOf(orderRule, orderRule.psps.indexOf(psp), request, draw);
    case 'probe':
      return PROBE;
    case 'quality':
    case 'order':
      return REST;
  }
}

/**
 * `prefer`: as written. `split`: each PSP draws a waiting time at the rate of its weight, and the
 * shortest wins. That gives the shares, and whoever drew a PSP keeps it when another one fails.
 */
function positionOf(rule: Rule, position: number, request: RouteRequest, draw: Draw): number {
  if (rule.kind === 'prefer') return position;
  const weight = rule.weights[position] ?? 0;
  if (weight <= 0) return PROBE - RULE - 1;
  const unit = draw(
    `split|${rule.name}|${rule.psps[position]}`,
    rule.by === 'player' ? request.playerId : request.subjectId,
  );
  const waits = -Math.log(1 - unit) / weight;
  // Into [0, 1): between two whole tiers, in the order of the waits.
  return waits / (1 + waits);
}

function partsOf(
  { fees, exploration, strategy }: RouteSnapshot,
  request: RouteRequest,
  draw: Draw,
  psp: string,
  estimate: Estimate,
): ScoreParts {
  const { conversion, deviation, trials, technical, challengeFailed, p95Ms } = estimate;
  let drawn = conversion;
  if (strategy === 'quality' && exploration > 0) {
    drawn = Math.min(1, Math.max(0, conversion + exploration * deviation * normalOf(draw(psp, request.subjectId))));
  }
  return {
    conversion: rounded(conversion),
    drawn: rounded(drawn),
    trials: Math.round(trials),
    cost: rounded(fees.shareOf(psp, request.method, request.amountMinor, request.currency)),
    technical: rounded(technical),
    challengeFailed: rounded(challengeFailed),
    p95Ms,
  };
}

function scoreOf(weights: Readonly<QualityWeights>, parts: ScoreParts): number {
  return (
    weights.conversion * parts.drawn -
    weights.cost * parts.cost -
    weights.latency * ((parts.p95Ms ?? UNKNOWN_P95_MS) / LATENCY_UNIT_MS) -
    weights.challenge * parts.challengeFailed -
    weights.technical * parts.technical
  );
}

/** Five digits are more than any share is known to, and keep what is stored short. */
function rounded(value: number): number {
  return Math.round(value * 100_000) / 100_000;
}
