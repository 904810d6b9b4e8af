/**
 * Admits a deposit: the door between a wish and a payment.
 *
 *   nothing known of the player ─► one statement: claim the key, store payment + attempt
 *   limits, exclusion or risk   ─► one transaction: lock the player, compare, claim, store
 *
 * What must hold: two deposits of one player never use the same room under a limit, because
 * both compare under the lock of his row; who has no row pays nothing for those who have. A
 * refusal is stored under the key. A deposit whose statement runs in the very moment in which
 * the first limit is set counts as begun before it, and is in the sum from then on.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import { exclusionInForce } from '../domain/limits/exclusion.ts';
import { limitBreach } from '../domain/limits/limit-breach.ts';
import { limitExceeded, riskDenied, type Refusal } from '../domain/payout-checks/check-payout.ts';
import type { RowVersions } from '../ports/known.ts';
import type { StoredRisk } from '../ports/players.ts';
import type { RoutedAttempt } from '../ports/routes.ts';
import type { Unit } from '../ports/unit.ts';
import { assessRisk } from './assess-risk.ts';
import type { ServiceContext } from './context.ts';
import { claimOf, type IdempotentRequest } from './idempotent-answer.ts';
import { refusalError, storeRefusal } from './refusal.ts';

/** What the risk part says; step-up makes the payment ask for a challenge. */
export async function judgeDeposit(context: ServiceContext, payment: Payment): Promise<StoredRisk | null> {
  const { id, playerId, amountMinor, currency, method, token, country, bin } = payment;
  const subject = { kind: 'deposit', id, playerId, amountMinor, currency, method, token, country, bin } as const;
  const risk = await assessRisk(context, subject);
  if (risk?.decision === 'step_up') payment.challenge = 'force';
  return risk;
}

/**
 * Versions of what is stored now; null when the key has an answer already.
 * @throws ServiceError self_excluded, limit_exceeded, risk_denied
 */
export async function admitDeposit(
  context: ServiceContext,
  request: IdempotentRequest,
  begun: { payment: Payment; attempt: Attempt | null; risk: StoredRisk | null; route: RoutedAttempt },
): Promise<RowVersions | null> {
  const { database, stores } = context;
  const { payment, attempt, risk, route } = begun;
  const claim = claimOf(context, request);
  if (risk === null) {
    const started = await stores.deposits.start(
      database.autocommit,
      claim,
      payment,
      { attempt, route },
      { unlessGuarded: true },
    );
    if (started.kind !== 'guarded') return started.kind === 'started' ? started.versions : null;
  }
  const admitted = await database.transaction(async (unit) => {
    const refusal = (await playersOwnRules(context, unit, payment)) ?? riskRefusal(risk);
    if (refusal === null) {
      const started = await stores.deposits.start(unit, claim, payment, { attempt, route }, { unlessGuarded: false });
      if (started.kind === 'started' && risk !== null) await stores.risk.insert(unit, risk);
      return started;
    }
    if (!(await stores.keys.claim(unit, claim, payment.id))) return { kind: 'taken' } as const;
    await storeRefusal(context, unit, request, refusal);
    if (risk !== null) await stores.risk.insert(unit, risk);
    return refusal;
  });
  if ('code' in admitted) throw refusalError(admitted);
  return admitted.kind === 'started' ? admitted.versions : null;
}

async function playersOwnRules(context: ServiceContext, unit: Unit, payment: Payment): Promise<Refusal | null> {
  const { clock, stores } = context;
  const { playerId, amountMinor, currency } = payment;
  const player = await stores.players.lock(unit, playerId);
  if (player === null || !player.guarded) return null;
  const nowMs = clock.now();
  const exclusion = exclusionInForce(player, nowMs);
  if (exclusion !== null) return selfExcluded(exclusion);
  const limits = (await stores.limits.list(unit, playerId)).filter((limit) => limit.currency === currency);
  if (limits.length === 0) return null;
  // The sum is of the moment in which the payment begins, not of the one in which the lock was got.
  payment.createdAt = nowMs;
  const used = await stores.limits.deposited(unit, playerId, currency, nowMs);
  const breach = limitBreach(limits, used, amountMinor, nowMs);
  return breach === null ? null : limitExceeded('deposit', currency, breach);
}

function selfExcluded({ kind, until }: { kind: string; until: number | null }): Refusal {
  const end = until === null ? null : new Date(until).toISOString();
  return {
    code: 'self_excluded',
    message: `The player does not deposit ${end === null ? 'any more' : `before ${end}`}: ${kind === 'cool_off' ? 'a cool-off' : 'a self-exclusion'} is in force.`,
    details: { kind, until: end },
  };
}

function riskRefusal(risk: StoredRisk | null): Refusal | null {
  const denied = riskDenied(risk);
  return denied === null || risk === null
    ? denied
    : { ...denied, details: { ...denied.details, payment_id: risk.subjectId } };
}
