/**
 * Compression: how much faster than the wall a scenario runs over real sockets, and what that
 * means for the target's own durations.
 *
 * Schedules of the scenario (traffic, retries, key life) shrink by the factor; what goes over
 * the wire does not: an exchange takes the real time it takes. So the target's durations shrink
 * too, but never below a floor at which it could no longer tell slow from dead.
 */
import type { ServiceTimings } from '../../../reference-service/index.ts';
import type { Plan } from '../../dsl/index.ts';

/** `auto` makes heal point and settling together last this long at least, … */
const AUTO_WALL_MS = 12_000;

/** … and the faulty part alone this long: faults must meet calls, which take their real time. */
const AUTO_FAULTY_WALL_MS = 6_000;

/** How many times faster than the wall the scenario's clock runs. */
export function compressionOf(plan: Plan): number {
  const { compression } = plan.http;
  if (compression !== 'auto') return compression;
  return Math.max(
    1,
    Math.min((plan.healAtMs + plan.settleWithinMs) / AUTO_WALL_MS, plan.healAtMs / AUTO_FAULTY_WALL_MS),
  );
}

/** Nobody waits longer than this many times the usual for a machine that is busy with something else. */
const MOST_PATIENCE = 3;

/**
 * The factor on a machine with `busy` processes per core that want to run: where each gets a third
 * of a core every answer takes three times as long, and the scenario must not run ahead of it.
 */
export function paced(factor: number, busy: number): number {
  return Math.max(1, factor / Math.min(Math.max(busy, 1), MOST_PATIENCE));
}

/** Shortest wall durations, in milliseconds, with which the target still works soundly. */
const FLOORS: Readonly<Record<keyof ServiceTimings, number>> = {
  // The simulated PSPs answer within a second; a call that takes twice as long is lost.
  pspTimeoutMs: 2_500,
  // Longer than the slowest answer of a library scenario, which is not compressed either.
  pspWorksOnMs: 14_000,
  statusQueryAfterMs: 400,
  inDoubtQueryEveryMs: 250,
  inDoubtQueryMaxMs: 1_000,
  actionQueryEveryMs: 500,
  retryEveryMs: 250,
  workerEveryMs: 50,
  workerIdleMs: 250,
  // Signatures carry the wire's time, which is not compressed.
  webhookToleranceMs: 300_000,
  // Longer than a request can honestly take.
  idempotencyLeaseMs: 6_000,
  idempotencyKeyLifeMs: 60_000,
  payoutRetryEveryMs: 300,
  deferredPayoutEveryMs: 50,
  payoutQueryAfterMs: 500,
  payoutExpiresAfterMs: 20_000,
  // Challenge pages are opened over real sockets, and an absence must be provable before a payment is given up.
  paymentExpiresAfterMs: 20_000,
  // Only what is beyond all of these is stuck.
  caseAfterInDoubtMs: 30_000,
  stuckQueryEveryMs: 2_000,
  authorizationLifeMs: 20_000,
  authorizationLookEveryMs: 500,
  recoveryProbeEveryMs: 250,
  breakerPauseMs: 300,
  // Longer than a process that lives can honestly take over an event.
  inboxLeaseMs: 5_000,
  // Processing fails for milliseconds or until a person looks.
  inboxRetryFirstMs: 100,
  inboxRetryMaxMs: 1_000,
  eventTimeoutMs: 2_500,
  eventLogLifeMs: 60_000,
  untoldEventLifeMs: 60_000,
  webhookLogLifeMs: 60_000,
};

/**
 * Longest wall durations, in milliseconds, of what is measured in days: nobody waits a quarter of
 * an hour for an authorization that was forgotten. Longer than the faulty part of any scenario
 * leaves what the platform still wants to capture.
 */
const CEILINGS: Partial<Readonly<Record<keyof ServiceTimings, number>>> = { authorizationLifeMs: 25_000 };

/** The target's timings under `factor`; nothing changes at the wall's own pace. */
export function compressTimings(timings: Readonly<ServiceTimings>, factor: number): ServiceTimings {
  if (factor === 1) return { ...timings };
  const entries = Object.entries(timings).map(([given, ms]) => {
    const name = given as keyof ServiceTimings;
    const compressed = Math.max(Math.ceil(ms / factor), Math.min(ms, FLOORS[name]));
    return [name, Math.min(compressed, CEILINGS[name] ?? Infinity)];
  });
  return Object.fromEntries(entries) as ServiceTimings;
}

/** Wall milliseconds that a request may still be on its way when its key is about to be forgotten. */
const KEY_MARGIN_MS = 3_000;

/** What the target is told about a PSP: its key life ends earlier by the time that a request may travel. */
export function compressProfile(
  profile: { keyLifeMs: number; visibilityLagMs: number },
  options: { factor: number; floorMs: number },
): { keyLifeMs: number; visibilityLagMs: number } {
  const { factor, floorMs } = options;
  return {
    keyLifeMs: factor === 1 ? profile.keyLifeMs : Math.max(0, Math.floor(profile.keyLifeMs / factor) - KEY_MARGIN_MS),
    visibilityLagMs: profile.visibilityLagMs === 0 ? 0 : Math.max(floorMs, Math.ceil(profile.visibilityLagMs / factor)),
  };
}

/** Settling may take this much wall time at least: the floors above do not shrink with the scenario. */
export const LEAST_SETTLE_WALL_MS = 60_000;

/** How long a settled run waits at most for webhooks that are still on their schedule of retries. */
export const LONGEST_QUIET_WALL_MS = 12_000;
