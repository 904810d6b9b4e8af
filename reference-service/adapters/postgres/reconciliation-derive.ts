/**
 * What the ledger says happened at a PSP becomes expectations: each movement on the PSP's
 * clearing account one row, under the number of its entry. Entries are read in their order; those
 * of the last minutes are read again the next time, because a transaction that began before
 * another may end after it. A late success never reached the ledger, and is learned from its refund.
 *
 * They are gathered in a table of the transaction, beside what was open before: most of the new
 * ones are settled by the very file that is imported, and are then written once and not twice.
 */
import type { SettlementTerms } from '../../domain/reconciliation/terms.ts';
import { patienceOf } from '../../domain/reconciliation/terms.ts';
import type { Unit } from '../../ports/unit.ts';
import { integer, sqlOf } from './unit.ts';

/** No transaction of the service lasts longer. */
const OVERLAP_MS = 600_000;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export const EXPECTATION_COLUMNS = `id, psp, kind, subject_id, part, method, reference, psp_reference, part_reference, amount_minor,
  currency, occurred_at, due_at, late_at, missing_at, state`;

/** Columns of time from `at`, as `paymentDueAt` of the terms counts them; only payments have a delay. */
function timesOf(at: string, delayMs: string): string {
  const due = `((${at} + ${delayMs} - cast(:offsetMs as bigint) + ${DAY_MS - 1}) / ${DAY_MS}) * ${DAY_MS} + cast(:offsetMs as bigint)`;
  return `${at}, ${due}, ${due} + cast(:lateAfterMs as bigint), ${due} + cast(:missingAfterMs as bigint)`;
}

const DELAY = 'cast(:delayMs as bigint)';

/** Of the entries that are read again, most are known. */
const UNKNOWN = 'not exists (select 1 from expectation known where known.id = e.id and known.id > :after)';

const DEPOSITS = `
  insert into waiting (${EXPECTATION_COLUMNS})
  select e.id, cast(:psp as text), 'payment', p.id, '', p.method, a.id, a.psp_reference, null, -e.amount_minor, e.currency,
    ${timesOf('e.created_at', DELAY)}, 'open'
  from entry e
  join transfer t on t.id = e.transfer_id and t.kind = 'deposit_credit'
  join payment p on p.id = t.payment_id
  join attempt a on a.id = p.credited_attempt_id
  where e.account = :account and e.id > :after and ${UNKNOWN}`;

const OTHERS = `
  insert into waiting (${EXPECTATION_COLUMNS})
  select e.id, cast(:psp as text),
    case t.kind when 'deposit_refund' then 'refund' when 'refund_post' then 'refund' when 'refund_return' then 'refund_failed'
      when 'chargeback' then 'chargeback' when 'chargeback_reversal' then 'chargeback_reversed'
      when 'payout_return' then 'payout_returned' else 'payout' end,
    t.payment_id, coalesce(r.id, d.id, ''), coalesce(p.method, o.method, ''), coalesce(r.attempt_id, d.attempt_id, oa.id, t.payment_id),
    case when t.kind = 'payout_surplus' then nullif(t.part, '') else coalesce(a.psp_reference, r.psp_reference, oa.psp_reference) end,
    coalesce(r.part_reference, nullif(nullif(d.psp_reference, a.psp_reference), a.id)),
    -e.amount_minor, e.currency, ${timesOf('e.created_at', '0')}, 'open'
  from entry e
  join transfer t on t.id = e.transfer_id and t.kind in ('deposit_refund', 'refund_post', 'refund_return', 'chargeback',
    'chargeback_reversal', 'payout_post', 'payout_surplus', 'payout_return')
  left join refund r on r.id = t.part
  left join dispute d on t.kind in ('chargeback', 'chargeback_reversal') and d.id = regexp_replace(t.part, '-[0-9]+$', '')
  left join payment p on p.id = t.payment_id
  left join attempt a on a.id = coalesce(r.attempt_id, d.attempt_id, p.credited_attempt_id)
  left join payout o on o.id = t.payment_id
  left join lateral (
    select id, psp_reference from attempt where subject_id = o.id and psp = :psp order by seq desc limit 1
  ) oa on true
  where e.account = :account and e.id > :after and ${UNKNOWN}`;

/** Under negative numbers: the charge that nobody was credited for, its way back, and its return when that failed. */
const LATE = `
  insert into waiting (${EXPECTATION_COLUMNS})
  select -(3 * r.position + step.n), cast(:psp as text), step.kind, r.payment_id, case when step.n = 0 then '' else r.id end,
    coalesce(p.method, ''), r.attempt_id, r.psp_reference, case when step.n = 0 then null else r.part_reference end,
    step.sign * r.amount_minor, r.currency, ${timesOf('r.created_at', `case when step.n = 0 then ${DELAY} else 0 end`)}, 'open'
  from refund r
  join (values (0, 'payment', 1), (1, 'refund', -1), (2, 'refund_failed', 1)) as step (n, kind, sign)
    on step.n = 0 or r.status = 'returned' or (step.n = 1 and r.status = 'done')
  left join payment p on p.id = r.payment_id
  where r.origin = 'late' and r.psp = :psp and r.status in ('wanted', 'received', 'done', 'rejected', 'returned')
    and not exists (select 1 from expectation known where known.id = -(3 * r.position + step.n))`;

export async function derive(unit: Unit, psp: string, terms: SettlementTerms, nowMs: number): Promise<void> {
  const sql = sqlOf(unit);
  const account = `psp:${psp}`;
  const watch = await sql<{ derived_through: string }>(
    'select derived_through from reconciliation_watch where psp = :psp',
    { psp },
  );
  const after = integer(watch[0]?.derived_through ?? 0);
  const { lateAfterMs, missingAfterMs } = patienceOf(terms);
  const times = {
    delayMs: terms.delayDays * DAY_MS,
    offsetMs: terms.cutoffHour * HOUR_MS,
    lateAfterMs,
    missingAfterMs,
  };
  const bindings = { psp, account, after, ...times };
  await sql('create temp table waiting (like expectation, is_new boolean not null default true) on commit drop');
  await sql(
    `insert into waiting (${EXPECTATION_COLUMNS}, batch, is_new)
     select ${EXPECTATION_COLUMNS}, batch, false from expectation where psp = :psp and state = 'open'`,
    { psp },
  );
  await sql(DEPOSITS, bindings);
  await sql(OTHERS, bindings);
  await sql(LATE, { psp, ...times });
  await sql(
    `insert into reconciliation_watch (psp, derived_through, fetched_through)
     select cast(:psp as text), coalesce(max(id), cast(:after as bigint)), 0 from entry
     where account = :account and id > :after and created_at < :settledMs
     on conflict (psp) do update set derived_through = greatest(reconciliation_watch.derived_through, excluded.derived_through)`,
    { psp, account, after, settledMs: nowMs - OVERLAP_MS },
  );
}
