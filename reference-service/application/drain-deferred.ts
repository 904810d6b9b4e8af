/**
 * Story: the queue of deferred payouts empties itself.
 *
 *   nobody takes payouts   ─► the oldest is the probe and tried often; the rest backs off
 *   one was taken          ─► the oldest are due one after the other, `deferredPayoutEveryMs` apart
 *   a PSP answers again    ─► the same
 *
 * Each payout that is taken pulls the next ones, in whichever process; the distance in time is
 * the bound on the rate, so a PSP that returns is not met by everybody at once.
 */
import { livePayoutAttempt } from '../domain/payout.ts';
import { backoffMs } from '../domain/timings.ts';
import type { PayoutState } from './apply-payout-fact.ts';
import type { ServiceContext } from './context.ts';

/** How many are pulled at a time: each that is taken pulls again, so this only needs to bridge the gap. */
const PULLED_AT_ONCE = 20;

/** The probe never rests longer than this, … */
const PROBE_AT_LEAST_EVERY_MS = 120_000;

/** … but in an outage that is longer than this it backs off like the others: each try is a row. */
const PROBE_FOR_MS = 3_600_000;

/** @param tried the payout that was just tried, as it is now */
export async function drainDeferred(context: ServiceContext, { payout, attempts }: PayoutState): Promise<void> {
  const { clock, database, stores, timings } = context;
  const nowMs = clock.now();
  if (payout.status === 'deferred') {
    if (nowMs >= payout.createdAt + PROBE_FOR_MS) return;
    const pauseMs = backoffMs(timings.payoutRetryEveryMs, attempts.length, PROBE_AT_LEAST_EVERY_MS);
    context.wakeAt(await stores.payouts.probeDeferred(database.autocommit, payout.id, nowMs + pauseMs));
  } else if (livePayoutAttempt(attempts)?.status === 'approved') {
    await pullDeferred(context);
  }
}

/** Makes the oldest deferred payouts due, one after the other. */
export async function pullDeferred({ clock, database, stores, timings, wakeAt }: ServiceContext): Promise<void> {
  const pull = {
    nowMs: clock.now(),
    everyMs: timings.deferredPayoutEveryMs,
    restMs: timings.payoutRetryEveryMs,
    most: PULLED_AT_ONCE,
  };
  wakeAt(await stores.payouts.pullDeferred(database.autocommit, pull));
}
