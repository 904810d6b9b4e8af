/**
 * Deposits and attempts in PostgreSQL. The payment row is the lock of everything that happens
 * to a deposit: whoever decides holds it, reads the attempts after it, and writes before
 * letting go.
 */
import type { Attempt } from '../../domain/deposit.ts';
import type { AttemptStore, DepositStore } from '../../ports/stores.ts';
import type { Unit } from '../../ports/unit.ts';
import { claimBindings, claimKey } from './key-store.ts';
import { ROUTE_COLUMNS, ROUTE_VALUES, routeBindings } from './route-store.ts';
import { ATTEMPT, ATTEMPT_COLUMNS, ATTEMPT_VALUES, attemptBindings, PAYMENT } from './rows.ts';
import { sqlOf } from './unit.ts';

/** What changes in the life of a payment; the rest is its beginning. */
const CHANGEABLE = [
  'status',
  'redirectUrl',
  'creditedAttemptId',
  'creditedAt',
  'creditedMinor',
  'refundedMinor',
  'disputedMinor',
  'authorizedAt',
  'captureMinor',
  'captureAskedAt',
  'storedMethodId',
  'cancelRequestedAt',
  'updatedAt',
  'nextStepAt',
] as const;

const ATTEMPT_CHANGEABLE = [
  'status',
  'pspReference',
  'declineCode',
  'declineClass',
  'returnQuery',
  'statusSince',
  'absentSeenAt',
  'checks',
  'answeredAt',
  'sentAt',
  'updatedAt',
] as const;

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
    const insertAttempt =
      attempt === null
        ? ''
        : `, first_attempt as (insert into attempt (${ATTEMPT_COLUMNS}) select ${ATTEMPT_VALUES} from claimed)`;
    const guard = unlessGuarded ? 'select 1 from player where id = :p_player_id and guarded' : 'select 1 where false';
    const rows = await sqlOf(unit)<{ started: string; guarded: string }>(
      `with guard as (${guard})
       , claimed as (${claimKey('not exists (select 1 from guard)')})
       , started as (insert into payment (${PAYMENT.names}) select ${PAYMENT.values} from claimed)
       ${insertAttempt}
       , routed as (insert into route_decision (${ROUTE_COLUMNS}) select ${ROUTE_VALUES} from claimed)
       select (select count(*) from claimed) as started, (select count(*) from guard) as guarded`,
      {
        ...claimBindings(claim, payment.id),
        ...PAYMENT.bindings(payment),
        ...routeBindings(route),
        ...(attempt === null ? {} : attemptBindings('deposit', attempt)),
      },
    );
    const row = rows[0];
    if (Number(row?.started) > 0) return 'started';
    return Number(row?.guarded) > 0 ? 'guarded' : 'taken';
  },
  find: (unit, paymentId) => read(unit, paymentId, ''),
  lock: (unit, paymentId) => read(unit, paymentId, 'for update'),
  async save(unit, payment) {
    await sqlOf(unit)(
      `update payment set ${PAYMENT.assignments(CHANGEABLE)} where id = :p_id`,
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
    await sqlOf(unit)(
      `update attempt set ${ATTEMPT.assignments(ATTEMPT_CHANGEABLE)} where id = :a_id`,
      ATTEMPT.bindings(attempt),
    );
  },
  async locate(unit, psp, { reference, pspReference }) {
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
