/**
 * The router's core for whoever measures it: pure functions and small books, no clock, no
 * database.
 */
export { CircuitBreaker, PSP_OPERATIONS, type BreakerState, type PspOperation } from '../circuit-breaker.ts';
export { decide, type Decision, type Ranked, type Rejected, type RouteSnapshot, type ScoreParts } from './decide.ts';
export { keyedDraw, type Draw } from './draw.ts';
export { explain } from './explain.ts';
export { feeTableOf } from './fees.ts';
export { LEVELS, type Level, type LevelNow } from './level.ts';
export { MINUTE_MS, type QualityBucket } from './observation.ts';
export { QualityBook, type QualityView } from './quality.ts';
export type { RouteRequest } from './request.ts';
export { DEFAULT_EXPLORATION, DEFAULT_WEIGHTS, type RoutingConfig, type RuleConfig } from './routing-config.ts';
export { ruleOf } from './rules.ts';
export { fromStored, toStored, type StoredDecision } from './stored-decision.ts';
export { ObservationTally } from './tally.ts';
