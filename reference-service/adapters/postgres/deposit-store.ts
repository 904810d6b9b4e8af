/**
 * Deposits and attempts in PostgreSQL. The payment row is the lock of everything that happens
 * to a deposit: whoever decides holds it, reads the attempts after it, and writes before
 * letting go.
 */
import type { Attempt } from '../../domain/deposit.ts';
import type { AttemptStore, DepositStore } from '../../ports/stores.ts';
import type { Unit } from '../../ports/unit.ts';
import { claimRow } from './key-store.ts';
import { planOf } from './plan.ts';
import { ROUTE_COLUMNS, ROUTE_VALUES, routeBindings, routeRow } from './route-store.ts';
import {
  ATTEMPT,
  ATTEMPT_CHANGEABLE,
  ATTEMPT_COLUMNS,
  ATTEMPT_VALUES,
  attemptBindings,
  PAYMENT,
  PAYMENT_CHANGEABLE,
} from './rows.ts';
import { callOf, sqlOf } from './unit.ts';

export async function attemptsOf(unit: Unit, subjectId: string): Promise<Attempt[]> {
  const rows = await sqlOf(unit)<Record<string, unknown>>(
    'select * from attempt where subject_id = :subjectId order by seq',
    {
      subjectId,
    },
  );
  return rows.map((row) => ATTEMPT.objectOf(row));
}

async function read(unit: Unit, paymentId: string, suffix: '' | 'for update') {
  const rows = await sqlOf(unit)<Record<string, unknown>>(`select * from payment where id = :paymentId ${suffix}`, {
    paymentId,
  });
  const row = rows[0];
  if (row === undefined) return null;
  return { payment: PAYMENT.objectOf(row), attempts: await attemptsOf(unit, paymentId) };
}

export const depositStore: DepositStore = {
  async start(unit, claim, payment, { attempt, route }, { unlessGuarded }) {
    const given = {
      ...(unlessGuarded ? { unless_guarded: true } : {}),
      key: claimRow(claim, payment.id),
      payment: PAYMENT.rowOf(payment),
      ...(attempt === null ? {} : { attempt: { subject_kind: 'deposit', ...ATTEMPT.rowOf(attempt) } }),
      route: routeRow(route),
    };
    const { outcome, version } = await callOf(unit)<{ outcome: 'started' | 'guarded' | 'taken'; version: string }>(
      'start_deposit',
      given,
      payment.playerId,
    );
    return outcome === 'started'
      ? { kind: 'started', versions: { payment: version, attempt: version } }
      : { kind: outcome };
  },
  find: (unit, paymentId) => read(unit, paymentId, ''),
  async lock(unit, paymentId) {
    return planOf(unit)?.deposit(paymentId) ?? read(unit, paymentId, 'for update');
  },
  async save(unit, payment) {
    const plan = planOf(unit);
    if (plan !== null) return plan.savePayment(payment);
    await sqlOf(unit)(
      `update payment set ${PAYMENT.assignments(PAYMENT_CHANGEABLE)} where id = :p_id`,
      PAYMENT.bindings(payment),
    );
  },
  async takeStep(unit, paymentId, dueAt, untilMs) {
    const rows = await sqlOf(unit)(
      'update payment set next_step_at = :untilMs where id = :paymentId and next_step_at = :dueAt returning 1 as taken',
      { paymentId, dueAt, untilMs },
    );
    return rows.length > 0;
  },
};

export const attemptStore: AttemptStore = {
  async insert(unit, kind, attempt, route) {
    await sqlOf(unit)(
      `with routed as (insert into route_decision (${ROUTE_COLUMNS}) values (${ROUTE_VALUES}))
       insert into attempt (${ATTEMPT_COLUMNS}) values (${ATTEMPT_VALUES})`,
      { ...routeBindings(route), ...attemptBindings(kind, attempt) },
    );
  },
  async save(unit, attempt) {
    const plan = planOf(unit);
    if (plan !== null) return plan.saveAttempt(attempt);
    await sqlOf(unit)(
      `update attempt set ${ATTEMPT.assignments(ATTEMPT_CHANGEABLE)} where id = :a_id`,
      ATTEMPT.bindings(attempt),
    );
  },
  async locate(unit, psp, { reference, pspReference }) {
    const plan = planOf(unit);
    if (plan !== null) return plan.locate({ reference });
    const rows = await sqlOf(unit)<{
      subject_kind: 'deposit' | 'payout';
      id: string;
      subject_id: string;
      psp: string;
      psp_reference: string | null;
    }>(
      `select a.subject_kind, a.id, a.subject_id, a.psp, a.psp_reference, 1 as rank from attempt a where a.id = cast(:reference as text)
       union all
       select a.subject_kind, a.id, a.subject_id, a.psp, a.psp_reference, 2
         from refund r join attempt a on a.id = r.attempt_id where r.id = cast(:reference as text)
       union all
       select a.subject_kind, a.id, a.subject_id, a.psp, a.psp_reference, 3
         from attempt a where a.psp = :psp and a.psp_reference = cast(:pspReference as text)
       order by rank, id limit 1`,
      { psp, reference, pspReference },
    );
    const row = rows[0];
    return row === undefined
      ? null
      : {
          kind: row.subject_kind,
          attemptId: row.id,
          subjectId: row.subject_id,
          psp: row.psp,
          pspReference: row.psp_reference,
        };
  },
};
