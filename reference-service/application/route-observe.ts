/**
 * Watches the calls to a PSP: their time and whether they were answered feed the circuit breaker
 * of their operation and the quality that the router decides by. It changes no call and no
 * answer.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { CircuitBreaker, PspOperation } from '../domain/circuit-breaker.ts';
import { ANY, segmentOf } from '../domain/routing/segment.ts';
import type { Clock } from '../../kernel/index.ts';
import type { PspAdapter } from '../ports/psp-adapter.ts';
import type { PspReach } from './psp-reach.ts';
import type { Router } from './route-state.ts';

export interface Watch {
  clock: Clock;
  breaker: CircuitBreaker;
  router: Pick<Router, 'observe'>;
  reach: Pick<PspReach, 'silent' | 'answered'>;
  /** From here on a call counts as slow. */
  slowCallMs: number;
}

/** A time-out is the end of a call; eight tenths of it are a call that nobody should wait for. */
export const SLOW_SHARE_OF_TIMEOUT = 0.8;

const OPERATIONS: Readonly<Record<string, PspOperation>> = {
  createPayment: 'authorize',
  submitReturn: 'authorize',
  capturePayment: 'capture',
  cancelPayment: 'cancel',
  refundPayment: 'refund',
  createPayout: 'payout',
  queryPayment: 'query',
  queryPayout: 'query',
};

type Call = (...given: unknown[]) => unknown;

/** The same adapter, watched. */
export function watched(adapter: PspAdapter, watch: Watch): PspAdapter {
  const methods = new Map<PropertyKey, Call>();
  return new Proxy(adapter, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const known = methods.get(name);
      if (known !== undefined) return known;
      // Bound to the adapter itself: its private fields are not reachable through a proxy.
      const method = value.bind(target) as Call;
      const operation = OPERATIONS[String(name)];
      const seen = operation === undefined ? method : timed(method, watch, target.name, operation);
      methods.set(name, seen);
      return seen;
    },
  });
}

function timed(
  method: Call,
  { clock, breaker, router, reach, slowCallMs }: Watch,
  psp: string,
  operation: PspOperation,
): Call {
  return async (...given) => {
    const startedAt = clock.now();
    let result: unknown;
    let failed = true;
    try {
      result = await method(...given);
      failed = isFailure(result);
      return result;
    } finally {
      const nowMs = clock.now();
      const latencyMs = nowMs - startedAt;
      const slow = latencyMs >= slowCallMs;
      const segment = segmentOfCall(operation, given[0]);
      router.observe({ kind: 'call', psp, operation, segment, latencyMs, failed, slow });
      if (operation === 'payout' && !failed) router.observe({ kind: fateOfPayout(result), psp, operation, segment });
      if (failed) reach.silent(psp);
      else reach.answered(psp);
      if (failed || isTechnicalDecline(result)) breaker.failed(psp, operation, nowMs);
      else breaker.succeeded(psp, operation, nowMs, slow);
    }
  };
}

/** Calls without a meaningful answer count against a PSP; our own mistakes do not. */
function isFailure(result: unknown): boolean {
  const { kind, code } = result as { kind: string; code?: string };
  if (kind === 'refused') return code === 'rate_limited' || code === 'unauthorized';
  return kind === 'not_reached' || kind === 'in_doubt';
}

function isTechnicalDecline(result: unknown): boolean {
  const { kind, declineClass } = result as { kind: string; declineClass?: string };
  return kind === 'declined' && declineClass === 'technical';
}

function fateOfPayout(result: unknown): 'approved' | 'declined' {
  return (result as { kind: string }).kind === 'failed' ? 'declined' : 'approved';
}

/** Only what is routed is told apart; a query is as fast for a card as for a bank. */
function segmentOfCall(operation: PspOperation, about: unknown): string {
  if (operation !== 'authorize' && operation !== 'payout') return `${ANY}|${ANY}|${ANY}`;
  const { method, country, currency } = about as Pick<Payment, 'method' | 'currency'> & { country?: string | null };
  return segmentOf({ method, country: country ?? null, currency });
}

/** What a PSP will never take (a currency that it does not serve) makes it a poor choice there, not a sick PSP. */
function isOurMistake({ declineCode }: Attempt): boolean {
  return declineCode === 'unsupported' || declineCode === 'invalid_request';
}

/** What a change of an attempt says about its PSP. Declines by the player's own hand say nothing. */
export function observeAttempt(
  router: Pick<Router, 'observe'>,
  payment: Payment,
  before: Attempt,
  after: Attempt,
): void {
  if (before.status === after.status) return;
  const seen = { psp: after.psp, operation: 'authorize', segment: segmentOf(payment) } as const;
  const wasChallenged = before.status === 'requires_action';
  switch (after.status) {
    case 'requires_action':
      return router.observe({ ...seen, kind: 'challenged' });
    case 'authorized':
    case 'approved':
      if (before.status !== 'authorized' && before.status !== 'approved') router.observe({ ...seen, kind: 'approved' });
      return;
    case 'declined':
      if (wasChallenged) return router.observe({ ...seen, kind: 'challengeFailed' });
      return router.observe({
        ...seen,
        kind: after.declineClass === 'technical' && !isOurMistake(after) ? 'declinedTechnically' : 'declined',
      });
    case 'canceled':
      if (wasChallenged) router.observe({ ...seen, kind: 'challengeFailed' });
      return;
    case 'created':
    case 'sent':
    case 'in_doubt':
    case 'not_reached':
    case 'absent_proven':
    case 'reversed':
      return;
  }
}
