/**
 * Defaults of the profile for what takes a PSP days: the same in most dialects, because no PSP
 * publishes more than an order of magnitude. A dialect overrides what is known of its PSP.
 */
import type { PspProfile } from './profile.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type SlowThings = Pick<
  PspProfile,
  | 'refundLateFailure'
  | 'payoutReturn'
  | 'authorizationLifeMs'
  | 'openLifeMs'
  | 'disputeDelay'
  | 'disputeEvidenceMs'
  | 'disputeDecision'
>;

export const SLOW_THINGS: SlowThings = {
  refundLateFailure: { kind: 'uniform', minMs: 3 * DAY_MS, maxMs: 5 * DAY_MS },
  payoutReturn: { kind: 'uniform', minMs: DAY_MS, maxMs: 3 * DAY_MS },
  authorizationLifeMs: 7 * DAY_MS,
  openLifeMs: 0,
  disputeDelay: { kind: 'uniform', minMs: 2 * DAY_MS, maxMs: 20 * DAY_MS },
  disputeEvidenceMs: 7 * DAY_MS,
  disputeDecision: { kind: 'uniform', minMs: 5 * DAY_MS, maxMs: 30 * DAY_MS },
};
