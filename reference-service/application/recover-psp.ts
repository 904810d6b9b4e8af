/**
 * Story: a PSP fell silent, and something may be in doubt there. The pauses between questions
 * about one attempt grow to many minutes, so that an outage is not answered with a storm; but
 * when the PSP is back, all that is in doubt is wanted to be known within two minutes.
 *
 *   a call without an answer ─► row ─► probe: one question every `recoveryProbeEveryMs`
 *                                        ├─ silent   ─► probe again
 *                                        └─ answered ─► pull what is unproven forward, a few per
 *                                                       second, until all of it was answered
 *
 * A PSP may answer questions and fail at the work itself. Then each answered probe ends in silence
 * again; the distances between probes grow, up to what the two minutes allow.
 *
 * While it is silent nobody but the probe asks: a time-out takes a place that other PSPs need.
 *
 * The row lies in the database: one process probes for all, and if it dies another one goes on.
 */
import type { ServiceContext } from './context.ts';
import { pullDeferred } from './drain-deferred.ts';
import type { PspSilence } from '../ports/recovery.ts';
import type { DueWork } from '../ports/stores.ts';

/** Unproven attempts that are asked about per second after a recovery: quick, but no herd. */
const QUESTIONS_PER_SECOND = 40;

/** Fifty seconds' worth at a time: time enough for all of them, and for the second question that some need. */
const BATCH = 2_000;

/** A PSP that has been silent for so long is probed half as often. */
const LONG_OUTAGE_MS = 10 * 60_000;

/** The longest pause, where probes are answered and all is not known: well within two minutes. */
const LONGEST_PAUSE_MS = 80_000;

/** Beyond the time-outs of what a probe calls, and beyond the pauses that an answer may cut short. */
const LEASE_MS = 60_000;

export async function noteReach(context: ServiceContext, psp: string, seen: 'silent' | 'answered'): Promise<void> {
  const { database, stores, clock, timings } = context;
  const nowMs = clock.now();
  if (seen === 'silent') {
    const probeAt = nowMs + timings.recoveryProbeEveryMs;
    await stores.recovery.silent(database.autocommit, psp, { nowMs, probeAt });
    context.wakeAt(probeAt);
    return;
  }
  const leasedUntil = nowMs + 2 * timings.recoveryProbeEveryMs + 1;
  if (await stores.recovery.hasten(database.autocommit, psp, { nowMs, leasedUntil })) context.wakeAt(nowMs);
  await pullDeferred(context);
}

/** @param complete does one piece of work; given, because this is a piece of work itself */
export async function recoverPsp(
  context: ServiceContext,
  psp: string,
  dueAt: number,
  complete: (context: ServiceContext, work: DueWork, isProbe: boolean) => Promise<void>,
): Promise<void> {
  const { database, stores, clock, reach } = context;
  const unit = database.autocommit;
  const startedAt = clock.now();
  const taken = await stores.recovery.take(unit, psp, dueAt, startedAt + LEASE_MS);
  if (taken === null) return;
  const { silentAt } = taken;
  const probe = await stores.recovery.unanswered(unit, psp, silentAt);
  if (probe === null) {
    if (await stores.recovery.done(unit, psp, silentAt)) return;
    // It fell silent again while we looked.
    return stores.recovery.again(unit, psp, { stepAt: startedAt + pauseMs(context, taken), answered: false });
  }
  await complete(context, probe, true);
  const nowMs = clock.now();
  let stepAt = nowMs + pauseMs(context, taken);
  if (reach.since(psp, startedAt) === 'answered') {
    const gapMs = 1_000 / QUESTIONS_PER_SECOND;
    const pulled = await stores.recovery.pullForward(unit, psp, { silentAt, nowMs, gapMs, limit: BATCH });
    if (pulled > 0) context.wakeAt(nowMs);
    if (pulled === BATCH) stepAt = nowMs + BATCH * gapMs;
  }
  await stores.recovery.again(unit, psp, { stepAt, answered: reach.hasAnsweredSince(psp, startedAt) });
  context.wakeAt(stepAt);
}

/** Until the next probe, in milliseconds. */
function pauseMs({ clock, timings }: ServiceContext, { since, answeredProbes }: PspSilence): number {
  const isLong = clock.now() - since > LONG_OUTAGE_MS;
  const leastMs = timings.recoveryProbeEveryMs * (isLong ? 2 : 1);
  return Math.min(leastMs * 2 ** Math.min(answeredProbes, 10), Math.max(leastMs, LONGEST_PAUSE_MS));
}
