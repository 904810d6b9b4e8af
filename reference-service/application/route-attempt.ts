/**
 * Story: where the next attempt of a payment or payout goes. Gathers what the decision depends
 * on, decides, and hands back what must be stored with the attempt.
 *
 * WHETHER there may be another attempt is `domain/failover.ts`; an attempt that is live (a
 * challenge that is not finished, too) keeps its PSP because nobody comes here meanwhile.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import { ServiceError } from '../domain/errors.ts';
import { triesOf } from '../domain/failover.ts';
import type { Payout } from '../domain/payout.ts';
import { eligible, type Decision } from '../domain/routing/decide.ts';
import type { RouteRequest } from '../domain/routing/request.ts';
import type { RoutedAttempt } from '../ports/routes.ts';
import type { Unit } from '../ports/unit.ts';
import { candidatesFor } from './candidates.ts';
import type { ServiceContext } from './context.ts';
import { earlierAnswer, type IdempotentRequest } from './idempotent-answer.ts';

export interface Route {
  psp: string | null;
  decision: Decision;
  /** Who could take it some day: able and not excluded by a rule. */
  eligible: readonly string[];
  /** What is stored with the attempt that follows, or with the payment when none does. */
  with(attempt: Attempt | null): RoutedAttempt;
}

/** What is known of a payment before it exists: enough to look where it would go. */
export type RoutablePayment = Pick<
  Payment,
  | 'id'
  | 'playerId'
  | 'amountMinor'
  | 'currency'
  | 'method'
  | 'country'
  | 'device'
  | 'bin'
  | 'bank'
  | 'challenge'
  | 'preferredPsp'
  | 'capture'
  | 'storeMethod'
  | 'pinnedPsp'
>;

/** How long a client should wait while nothing new is taken. */
const READ_ONLY_RETRY_SECONDS = 30;

/** @param again may a PSP that an earlier attempt did not reach be tried again? */
export async function routeDeposit(
  context: ServiceContext,
  unit: Unit,
  payment: Payment,
  { attempts, again }: { attempts: readonly Attempt[]; again: boolean },
): Promise<Route> {
  const { router, stores, clock } = context;
  await router.fresh(unit);
  const sessionKey = sessionKeyOf(payment);
  const sticky =
    sessionKey === null || attempts.length > 0
      ? null
      : await stores.routes.lastOfSession(unit, sessionKey, clock.now() - router.sessionMs);
  const request = { ...depositRequest(context, payment), sticky, tried: triesOf(attempts, again) };
  return routed(context, request, sessionKey);
}

export async function routePayout(
  context: ServiceContext,
  unit: Unit,
  payout: Payout,
  { attempts, again }: { attempts: readonly Attempt[]; again: boolean },
): Promise<Route> {
  await context.router.fresh(unit);
  const able = [...context.psps]
    .filter(([name]) => payout.pinnedPsp === null || payout.pinnedPsp === name)
    .filter(([, { adapter }]) => adapter.capabilities.payoutMethods.includes(payout.method))
    .map(([name]) => name);
  const request: Omit<RouteRequest, 'admissions'> = {
    operation: 'payout',
    subjectId: payout.id,
    playerId: payout.playerId,
    amountMinor: payout.amountMinor,
    currency: payout.currency,
    method: payout.method,
    country: payout.country,
    device: null,
    bin: null,
    bank: payout.bank,
    risk: 'normal',
    preferred: payout.preferredPsp,
    sticky: null,
    able,
    tried: triesOf(attempts, again),
  };
  return routed(context, request, null);
}

export function depositRequest(
  context: Pick<ServiceContext, 'psps'>,
  payment: RoutablePayment,
): Omit<RouteRequest, 'admissions'> {
  return {
    operation: 'authorize',
    subjectId: payment.id,
    playerId: payment.playerId,
    amountMinor: payment.amountMinor,
    currency: payment.currency,
    method: payment.method,
    country: payment.country,
    device: payment.device,
    bin: payment.bin,
    bank: payment.bank,
    risk: payment.challenge === 'force' ? 'elevated' : 'normal',
    preferred: payment.preferredPsp,
    sticky: null,
    able: candidatesFor(context, payment),
    tried: {},
  };
}

function routed(
  { router }: ServiceContext,
  request: Omit<RouteRequest, 'admissions'>,
  sessionKey: string | null,
): Route {
  const decision = router.decide(request, { counts: true });
  return {
    psp: decision.psp,
    decision,
    eligible: eligible(router.snapshot(), { ...request, admissions: {} }),
    with: (attempt) => ({
      decision,
      sessionKey: attempt === null ? null : sessionKey,
      seq: attempt?.seq ?? 0,
      attemptId: attempt?.id ?? null,
    }),
  };
}

/** A bank recognises a player who comes back through the same PSP, and asks less. */
function sessionKeyOf({ method, playerId, bank }: Payment): string | null {
  return method === 'bank' && bank !== null ? `${playerId}|${bank}` : null;
}

/**
 * At the level `read_only` a request that is not the repetition of an earlier one is refused.
 * @throws ServiceError unavailable
 */
export async function refuseNewWhenReadOnly(context: ServiceContext, request: IdempotentRequest): Promise<void> {
  const { router, database, stores } = context;
  await router.fresh(database.autocommit);
  const { level } = router.snapshot();
  if (level.level !== 'read_only') return;
  if ((await stores.keys.find(database.autocommit, request.scope, request.key)) !== null) {
    await earlierAnswer(context, request);
    return;
  }
  throw new ServiceError('unavailable', 'No new payments are taken at the moment.', {
    retryAfterSeconds: READ_ONLY_RETRY_SECONDS,
    details: { level: level.level, reason: level.reason },
  });
}
