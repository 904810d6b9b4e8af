/**
 * Deposits and attempts in PostgreSQL. The payment row is the lock of everything that happens
 * to a deposit: whoever decides holds it, reads the attempts after it, and writes before
 * letting go.
 */
import type { Attempt } from '../../domain/deposit.ts';
import type { AttemptStore, DepositStore } from '../../ports/stores.ts';
import type { Unit } from '../../ports/unit.ts';
import { CLAIM_KEY, claimBindings } from './key-store.ts';
import {
  ATTEMPT_COLUMNS,
  ATTEMPT_VALUES,
  attemptBindings,
  attemptOf,
  attemptStateBindings,
  PAYMENT_COLUMNS,
  PAYMENT_VALUES,
  paymentBindings,
  paymentOf,
  type AttemptRow,
  type PaymentRow,
} from './rows.ts';
import { sqlOf } from './unit.ts';

export async function attemptsOf(unit: Unit, subjectId: string): Promise<Attempt[]> {
  const rows = await sqlOf(unit)<AttemptRow>('select * from attempt where subject_id = :subjectId order by seq', {
    subjectId,
  });
  return rows.map(attemptOf);
}

async function read(unit: Unit, paymentId: string, suffix: '' | 'for update') {
  const rows = await sqlOf(unit)<PaymentRow>(`select * from payment where id = :paymentId ${suffix}`, { paymentId });
  const row = rows[0];
  if (row === undefined) return null;
  return { payment: paymentOf(row), attempts: await attemptsOf(unit, paymentId) };
}

export const depositStore: DepositStore = {
  async start(unit, claim, payment, attempt) {
    const insertAttempt =
      attempt === null
        ? ''
        : `, first_attempt as (insert into attempt (${ATTEMPT_COLUMNS}) select ${ATTEMPT_VALUES} from claimed)`;
    const rows = await sqlOf(unit)(
      `with claimed as (${CLAIM_KEY})
       , started as (insert into payment (${PAYMENT_COLUMNS}) select ${PAYMENT_VALUES} from claimed)
       ${insertAttempt}
       select 1 as started from claimed`,
      {
        ...claimBindings(claim, payment.id),
        ...paymentBindings(payment),
        ...(attempt === null ? {} : attemptBindings('deposit', attempt)),
      },
    );
    return rows.length > 0;
  },
  find: (unit, paymentId) => read(unit, paymentId, ''),
  lock: (unit, paymentId) => read(unit, paymentId, 'for update'),
  async save(unit, payment) {
    await sqlOf(unit)(
      `update payment set status = :status, redirect_url = :redirectUrl, credited_attempt_id = :creditedAttemptId, credited_at = :creditedAt,
         cancel_requested_at = :cancelRequestedAt, updated_at = :updatedAt, next_step_at = :nextStepAt
       where id = :id`,
      {
        id: payment.id,
        status: payment.status,
        redirectUrl: payment.redirectUrl,
        creditedAttemptId: payment.creditedAttemptId,
        creditedAt: payment.creditedAt,
        cancelRequestedAt: payment.cancelRequestedAt,
        updatedAt: payment.updatedAt,
        nextStepAt: payment.nextStepAt,
      },
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
  async insert(unit, kind, attempt) {
    await sqlOf(unit)(
      `insert into attempt (${ATTEMPT_COLUMNS}) values (${ATTEMPT_VALUES})`,
      attemptBindings(kind, attempt),
    );
  },
  async save(unit, attempt) {
    await sqlOf(unit)(
      `update attempt set status = :a_status, psp_reference = :a_psp_reference, decline_code = :a_decline_code, decline_class = :a_decline_class,
         return_query = cast(:a_return_query as jsonb), status_since = :a_status_since, absent_seen_at = :a_absent_seen_at, checks = :a_checks,
         updated_at = :a_updated_at
       where id = :a_id`,
      attemptStateBindings(attempt),
    );
  },
  async locate(unit, psp, { reference, pspReference }) {
    const rows = await sqlOf(unit)<
      Pick<AttemptRow, 'id' | 'subject_id' | 'psp' | 'psp_reference'> & { subject_kind: 'deposit' | 'payout' }
    >(
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
