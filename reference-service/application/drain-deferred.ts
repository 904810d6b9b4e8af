/**
 * Story: the queue of deferred payouts empties itself.
 *
 *   nobody takes payouts ─► the oldest is the probe, tried every `payoutRetryEveryMs`; the rest backs off
 *   one was taken        ─► the oldest are due one after the other, `deferredPayoutEveryMs` apart
 *
 * Each payout that is taken pulls the next ones, in whichever process; the distance in time is
 * the bound on the rate, so a PSP that returns is not met by everybody at once.
 */
import { livePayoutAttempt } from '../domain/payout.ts';
import type { PayoutState } from './apply-payout-fact.ts';
import type { ServiceContext } from './context.ts';

/** How many are pulled at a time: each that is taken pulls again, so this only needs to bridge the gap. */
const PULLED_AT_ONCE = 20;

/** @param tried the payout that was just tried, as it is now */
export async function drainDeferred(context: ServiceContext, { payout, attempts }: PayoutState): Promise<void> {
  const { clock, database, stores, timings } = context;
  const nowMs = clock.now();
  if (payout.status === 'deferred') {
    const at = nowMs + timings.payoutRetryEveryMs;
    context.wakeAt(await stores.payouts.probeDeferred(database.autocommit, at));
  } else if (livePayoutAttempt(attempts)?.status === 'approved') {
    const pull = {
      nowMs,
      everyMs: timings.deferredPayoutEveryMs,
      restMs: timings.payoutRetryEveryMs,
      most: PULLED_AT_ONCE,
    };
    context.wakeAt(await stores.payouts.pullDeferred(database.autocommit, pull));
  }
}
