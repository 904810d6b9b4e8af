/**
 * Timings: every duration that the service waits for, in milliseconds, each with its reason.
 */
export interface ServiceTimings {
  /** One call to a PSP. Longer than their slowest honest answer, shorter than a player's patience. */
  pspTimeoutMs: number;
  /** After a PSP's yes we wait this long for its webhook before we ask. */
  statusQueryAfterMs: number;
  /**
   * How long after a send a PSP may still execute the request: it can sit in a queue long after
   * our time-out. Gateways give up within a minute or so; before this "not found" proves nothing.
   */
  pspWorksOnMs: number;
  /** First pause between two questions about an attempt in doubt; doubles up to `inDoubtQueryMaxMs`. */
  inDoubtQueryEveryMs: number;
  inDoubtQueryMaxMs: number;
  /** How often an unfinished 3DS challenge is looked at: its webhook may be lost. */
  actionQueryEveryMs: number;
  /** Pause before a payment that reached no PSP tries again; doubles up to `inDoubtQueryMaxMs`. */
  retryEveryMs: number;
  /** Shortest pause between two rounds of the worker. */
  workerEveryMs: number;
  /**
   * Longest pause: work left by another process is found within this time. One process that has
   * the database to itself may look as rarely as it likes.
   */
  workerIdleMs: number;
  /** Age and earliness of a signed webhook that we accept; five minutes is what the PSPs use themselves. */
  webhookToleranceMs: number;
  /** A request holds its idempotency key this long; beyond it the process is taken for dead. */
  idempotencyLeaseMs: number;
  /** Idempotency keys are forgotten after a day, as at the large PSPs. */
  idempotencyKeyLifeMs: number;
  /** Pause before a deferred payout is sent again; doubles up to `inDoubtQueryMaxMs`. */
  payoutRetryEveryMs: number;
  /** Distance between two deferred payouts when a PSP takes payouts again: the bound on their rate. */
  deferredPayoutEveryMs: number;
  /** First question about a payout whose webhook has not come. */
  payoutQueryAfterMs: number;
  /** A payout that reached no PSP for this long gives the money back to the wallet. */
  payoutExpiresAfterMs: number;
  /** Nothing new is started for a deposit of this age; an abandoned 3DS challenge is cancelled. */
  paymentExpiresAfterMs: number;
  /** An attempt without a proven outcome for this long becomes a case; we go on asking. */
  caseAfterInDoubtMs: number;
  /** An authorized payment that nobody captures is voided at this age: most issuers hold a reservation for seven days. */
  authorizationLifeMs: number;
  /** How often an authorized payment that waits for the platform is looked at: its end at the PSP may be told by a lost webhook. */
  authorizationLookEveryMs: number;
  /** Pause between two questions to a PSP that does not answer while something is in doubt there; see `recover-psp.ts`. */
  recoveryProbeEveryMs: number;
  /** How long the circuit breaker keeps new attempts away from a sick PSP: its recovery is noticed within a minute. */
  breakerPauseMs: number;
  /** Pause between two questions once there is a case: a person looks at it now, we only watch. */
  stuckQueryEveryMs: number;
  /** An event is left to the process that stored it for so long; beyond it the process is taken for dead. */
  inboxLeaseMs: number;
  /** First pause before an event of a PSP that could not be processed is tried again; doubles up to `inboxRetryMaxMs`. */
  inboxRetryFirstMs: number;
  inboxRetryMaxMs: number;
  /** One try to tell the platform; Standard Webhooks asks for 15 to 30 seconds. */
  eventTimeoutMs: number;
  /** How long the tries to tell the platform are kept; the events themselves stay. */
  eventLogLifeMs: number;
  /** How long events are kept that nobody was configured to be told: until then a platform that is connected later can have them replayed. */
  untoldEventLifeMs: number;
  /** How long the log of deliveries by PSPs is kept; the events themselves stay. */
  webhookLogLifeMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const DEFAULT_TIMINGS: Readonly<ServiceTimings> = {
  pspTimeoutMs: 10 * SECOND,
  statusQueryAfterMs: 30 * SECOND,
  pspWorksOnMs: 2 * MINUTE,
  inDoubtQueryEveryMs: 10 * SECOND,
  inDoubtQueryMaxMs: 10 * MINUTE,
  actionQueryEveryMs: 5 * MINUTE,
  retryEveryMs: 10 * SECOND,
  workerEveryMs: 1 * SECOND,
  workerIdleMs: 2 * SECOND,
  webhookToleranceMs: 5 * MINUTE,
  idempotencyLeaseMs: 1 * MINUTE,
  idempotencyKeyLifeMs: 24 * HOUR,
  payoutRetryEveryMs: 30 * SECOND,
  deferredPayoutEveryMs: SECOND / 4,
  payoutQueryAfterMs: 1 * MINUTE,
  payoutExpiresAfterMs: 24 * HOUR,
  paymentExpiresAfterMs: 1 * HOUR,
  caseAfterInDoubtMs: 2 * HOUR,
  authorizationLifeMs: 6 * 24 * HOUR,
  authorizationLookEveryMs: 6 * HOUR,
  recoveryProbeEveryMs: 20 * SECOND,
  breakerPauseMs: 30 * SECOND,
  stuckQueryEveryMs: 1 * HOUR,
  inboxLeaseMs: 5 * SECOND,
  inboxRetryFirstMs: 1 * SECOND,
  inboxRetryMaxMs: 10 * MINUTE,
  eventTimeoutMs: 15 * SECOND,
  eventLogLifeMs: 30 * 24 * HOUR,
  untoldEventLifeMs: 30 * 24 * HOUR,
  webhookLogLifeMs: 7 * 24 * HOUR,
};

/** `first`, then twice as long each time, never longer than `max`. */
export function backoffMs(firstMs: number, tries: number, maxMs: number): number {
  return Math.min(maxMs, firstMs * 2 ** Math.min(tries, 30));
}
