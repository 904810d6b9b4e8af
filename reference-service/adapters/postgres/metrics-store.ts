/**
 * Metrics in SQL. Reads only, and nothing on the way of a payment waits for them.
 */
import {
  MOST_GROUPS,
  type DepositLine,
  type Durations,
  type Group,
  type MetricsStore,
  type OpenWork,
  type PayoutLine,
  type Window,
} from '../../ports/metrics.ts';
import type { Unit } from '../../ports/unit.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

/** Columns are names of our own, never text of a request. */
const COLUMN: Readonly<Record<Group, string>> = {
  method: 'p.method',
  psp: `(select a.psp from attempt a where a.subject_id = p.id order by a.seq desc limit 1)`,
  country: 'p.country',
  device: 'p.device',
  bank: 'p.bank',
  currency: 'p.currency',
};

type Row = Record<string, string | number | null>;

const count = (row: Row | undefined, name: string): number => integer(row?.[name] ?? 0);
const rounded = (value: string | number | null | undefined): number | null =>
  value === null || value === undefined ? null : integerOrNull(value);

export const metricsStore: MetricsStore = {
  async openWork(unit) {
    const sql = sqlOf(unit);
    const [inbox] = await sql<Row>(
      `select count(*) filter (where status = 'waiting') as waiting, min(received_at) filter (where status = 'waiting') as oldest
       from inbox where next_step_at is not null`,
    );
    const [outbox] = await sql<Row>(
      `select count(*) as waiting, min(created_at) as oldest from outbox where next_step_at is not null`,
    );
    const [dead] = await sql<Row>(
      `select (select count(*) from inbox where status = 'dead') as inbox,
              (select count(*) from outbox where status = 'dead') as outbox,
              (select count(*) from outbox where status = 'untold') as untold,
              (select count(*) from payout where status = 'deferred') as deferred,
              (select count(*) from payout_check where review_status = 'waiting') as reviews`,
    );
    const cases = await sql<{ kind: string; count: string }>(
      `select kind, count(*) as count from discrepancy where status = 'open' group by kind order by kind`,
    );
    const work: OpenWork = {
      inbox: { count: count(inbox, 'waiting'), oldestAt: rounded(inbox?.['oldest']) },
      inboxDead: count(dead, 'inbox'),
      outbox: { count: count(outbox, 'waiting'), oldestAt: rounded(outbox?.['oldest']) },
      outboxDead: count(dead, 'outbox'),
      outboxUntold: count(dead, 'untold'),
      deferredPayouts: count(dead, 'deferred'),
      reviews: count(dead, 'reviews'),
      openCases: cases.map((line) => ({ kind: line.kind, count: integer(line.count) })),
    };
    return work;
  },

  deposits: (unit, window, group) => depositLines(unit, window, COLUMN[group]),

  async deposit(unit, window) {
    const [line] = await depositLines(unit, window, 'null::text');
    return line ?? { ...NO_DEPOSITS };
  },

  payouts: (unit, window) => payoutLines(unit, window, 'p.method'),

  async payout(unit, window) {
    const [line] = await payoutLines(unit, window, 'null::text');
    return line ?? { ...NO_PAYOUTS };
  },

  async psps(unit, { fromMs, toMs }) {
    const rows = await sqlOf(unit)<Row>(
      `select psp, sum(calls) as calls, sum(technical) as technical, sum(challenged) as challenged,
              sum(failed) as challenge_failed,
              count(*) filter (where calls > 0) as minutes,
              count(*) filter (where calls > technical) as minutes_up
       from (select psp, minute, sum(calls) as calls, sum(technical) as technical, sum(challenged) as challenged,
                    sum(challenge_failed) as failed
             from route_quality where minute >= :fromMs and minute < :toMs group by psp, minute) by_minute
       group by psp order by psp`,
      { fromMs, toMs },
    );
    return rows.map((row) => ({
      psp: String(row['psp']),
      calls: count(row, 'calls'),
      technical: count(row, 'technical'),
      minutes: count(row, 'minutes'),
      minutesUp: count(row, 'minutes_up'),
      challenged: count(row, 'challenged'),
      challengeFailed: count(row, 'challenge_failed'),
    }));
  },

  async fees(unit, { fromMs, toMs }) {
    const rows = await sqlOf(unit)<Row>(
      `with fee as (
         select substr(account, 6) as psp, currency, -sum(amount_minor) as fees
         from entry where account like 'fees:%' and created_at >= :fromMs and created_at < :toMs group by 1, 2
       ), credited as (
         select a.psp, p.currency, count(*) as succeeded
         from payment p join attempt a on a.id = p.credited_attempt_id
         where p.credited_at >= :fromMs and p.credited_at < :toMs group by 1, 2
       )
       select psp, currency, coalesce(fees, 0) as fees, coalesce(succeeded, 0) as succeeded
       from fee full join credited using (psp, currency) order by psp, currency`,
      { fromMs, toMs },
    );
    return rows.map((row) => ({
      psp: String(row['psp']),
      currency: String(row['currency']),
      feesMinor: count(row, 'fees'),
      succeeded: count(row, 'succeeded'),
    }));
  },

  kyc: (unit, window) => durations(unit, window, 'player', { from: 'kyc_requested_at', to: 'kyc_verified_at' }),
  reviews: (unit, window) =>
    durations(unit, window, 'payout_check', { from: 'review_opened_at', to: 'review_decided_at' }),
};

const NO_DEPOSITS: DepositLine = {
  group: null,
  started: 0,
  succeeded: 0,
  declined: 0,
  canceled: 0,
  failed: 0,
  open: 0,
  refunded: 0,
  disputed: 0,
  p50Ms: null,
  p95Ms: null,
};

const NO_PAYOUTS: PayoutLine = {
  group: null,
  started: 0,
  succeeded: 0,
  failed: 0,
  open: 0,
  reviewed: 0,
  p50Ms: null,
  p95Ms: null,
};

/** A succeeded deposit is one that was credited, whatever happened to the money later. */
async function depositLines(unit: Unit, { fromMs, toMs }: Window, column: string): Promise<DepositLine[]> {
  const rows = await sqlOf(unit)<Row>(
    `with largest as (
       select ${column} as value from payment p
       where p.created_at >= :fromMs and p.created_at < :toMs and ${column} is not null
       group by 1 order by count(*) desc, 1 limit :most
     )
     select case when ${column} is null or ${column} in (select value from largest) then ${column} else 'other' end as "group",
            count(*) as started,
            count(*) filter (where p.credited_at is not null) as succeeded,
            count(*) filter (where p.status = 'declined' and p.credited_at is null) as declined,
            count(*) filter (where p.status = 'canceled' and p.credited_at is null) as canceled,
            count(*) filter (where p.status = 'failed' and p.credited_at is null) as failed,
            count(*) filter (where p.status in ('pending', 'authorized')) as open,
            count(*) filter (where p.refunded_minor > 0) as refunded,
            count(*) filter (where exists (select 1 from dispute d where d.payment_id = p.id)) as disputed,
            percentile_disc(0.5) within group (order by p.credited_at - p.created_at) as p50,
            percentile_disc(0.95) within group (order by p.credited_at - p.created_at) as p95
     from payment p where p.created_at >= :fromMs and p.created_at < :toMs group by 1 order by 1 nulls last`,
    { fromMs, toMs, most: MOST_GROUPS },
  );
  return rows.map((row) => ({
    group: row['group'] === null || row['group'] === undefined ? null : String(row['group']),
    started: count(row, 'started'),
    succeeded: count(row, 'succeeded'),
    declined: count(row, 'declined'),
    canceled: count(row, 'canceled'),
    failed: count(row, 'failed'),
    open: count(row, 'open'),
    refunded: count(row, 'refunded'),
    disputed: count(row, 'disputed'),
    p50Ms: rounded(row['p50']),
    p95Ms: rounded(row['p95']),
  }));
}

/** The end of a payout is its last change: nothing moves after a final status but a return. */
async function payoutLines(unit: Unit, { fromMs, toMs }: Window, column: string): Promise<PayoutLine[]> {
  const rows = await sqlOf(unit)<Row>(
    `select ${column} as "group", count(*) as started,
            count(*) filter (where p.status = 'succeeded') as succeeded,
            count(*) filter (where p.status in ('failed', 'returned')) as failed,
            count(*) filter (where p.status in ('pending', 'deferred')) as open,
            count(*) filter (where c.review_opened_at is not null) as reviewed,
            percentile_disc(0.5) within group (order by case when p.status = 'succeeded' then p.updated_at - p.created_at end) as p50,
            percentile_disc(0.95) within group (order by case when p.status = 'succeeded' then p.updated_at - p.created_at end) as p95
     from payout p left join payout_check c on c.payout_id = p.id
     where p.created_at >= :fromMs and p.created_at < :toMs group by 1 order by 1 nulls last`,
    { fromMs, toMs },
  );
  return rows.map((row) => ({
    group: row['group'] === null || row['group'] === undefined ? null : String(row['group']),
    started: count(row, 'started'),
    succeeded: count(row, 'succeeded'),
    failed: count(row, 'failed'),
    open: count(row, 'open'),
    reviewed: count(row, 'reviewed'),
    p50Ms: rounded(row['p50']),
    p95Ms: rounded(row['p95']),
  }));
}

async function durations(
  unit: Unit,
  { fromMs, toMs }: Window,
  table: 'player' | 'payout_check',
  { from, to }: { from: string; to: string },
): Promise<Durations> {
  const [row] = await sqlOf(unit)<Row>(
    `select count(*) as count, percentile_disc(0.5) within group (order by ${to} - ${from}) as p50,
            percentile_disc(0.95) within group (order by ${to} - ${from}) as p95
     from ${table} where ${from} is not null and ${to} >= :fromMs and ${to} < :toMs`,
    { fromMs, toMs },
  );
  return { count: count(row, 'count'), p50Ms: rounded(row?.['p50']), p95Ms: rounded(row?.['p95']) };
}
