/**
 * The ledger by account and day. Days that are over are summed up once (`ledger_day`), by
 * whoever asks first; a report adds what has been posted since. Thus it reads as many rows as
 * it has lines, and not the history of a busy account.
 *
 * A day counts as over an hour after its end: no transaction that took its time before midnight
 * is still open then.
 */
import type { ReportLine, ReportQuestion } from '../../ports/ledger.ts';
import type { Unit } from '../../ports/unit.ts';
import { integer, sqlOf } from './unit.ts';

const DAY_MS = 86_400_000;
const CLOSE_AFTER_MS = 3_600_000;

/** Any constant that no other advisory lock of this database uses. */
const CLOSE_LOCK = 727_074_002;

/** Accounts of players are summed up in the chart: `wallet:*`, `hold:*`. */
const CHART_ACCOUNT = `case when account like 'wallet:%' then 'wallet:*' when account like 'hold:%' then 'hold:*' else account end`;

const SUMS = `sum(case when amount_minor < 0 then -amount_minor else 0 end) as debits_minor,
  sum(case when amount_minor > 0 then amount_minor else 0 end) as credits_minor`;

/** What is not summed up yet: from this day on, and no entry of it has a smaller id. */
interface OpenPart {
  firstDay: number;
  firstEntry: number;
}

/** Sums up all days that are over. */
async function closeDays(unit: Unit, nowMs: number): Promise<OpenPart> {
  const sql = sqlOf(unit);
  await sql(`select pg_advisory_xact_lock(${CLOSE_LOCK})`);
  const [last] = await sql<{ through_day: string; first_open_entry: string }>(
    'select through_day, first_open_entry from ledger_close order by through_day desc limit 1',
  );
  const open: OpenPart =
    last === undefined
      ? { firstDay: 0, firstEntry: 0 }
      : { firstDay: integer(last.through_day) + 1, firstEntry: integer(last.first_open_entry) };
  const throughDay = Math.floor((nowMs - CLOSE_AFTER_MS) / DAY_MS) - 1;
  if (throughDay < open.firstDay) return open;
  const endMs = (throughDay + 1) * DAY_MS;
  await sql(
    `with closed as (
       select account, currency, created_at / ${DAY_MS} as day, ${SUMS} from entry
       where id >= :firstEntry and created_at >= :startMs and created_at < :endMs group by 1, 2, 3
     )
     insert into ledger_day (account, currency, day, is_chart, debits_minor, credits_minor)
     select account, currency, day, account not like 'wallet:%' and account not like 'hold:%', debits_minor, credits_minor from closed
     union all
     select ${CHART_ACCOUNT}, currency, day, true, sum(debits_minor), sum(credits_minor) from closed
     where account like 'wallet:%' or account like 'hold:%' group by 1, 2, 3`,
    { firstEntry: open.firstEntry, startMs: open.firstDay * DAY_MS, endMs },
  );
  // Ids are given a little out of the order of time: those of the last hour before count as open too.
  const [next] = await sql<{ first_open_entry: string }>(
    `insert into ledger_close (through_day, first_open_entry, closed_at)
     select :throughDay, coalesce(min(id) filter (where created_at >= :lateMs), max(id) + 1, :firstEntry), :nowMs
     from entry where id >= :firstEntry
     returning first_open_entry`,
    { throughDay, lateMs: endMs - CLOSE_AFTER_MS, firstEntry: open.firstEntry, nowMs },
  );
  return { firstDay: throughDay + 1, firstEntry: integer(next?.first_open_entry ?? open.firstEntry) };
}

/** Needs a transaction: the days that it closes are closed with what it reads. */
export async function ledgerReport(unit: Unit, question: ReportQuestion, nowMs: number): Promise<ReportLine[]> {
  const open = await closeDays(unit, nowMs);
  const { account, currency, fromDay, toDay } = question;
  const isChart = account === null || account.endsWith(':*');
  const closedFilter = account === null ? 'is_chart' : 'account = :account';
  const openAccount = isChart ? CHART_ACCOUNT : 'account';
  const ofAccount = account === null ? 'true' : isChart ? 'account like :prefix' : 'account = :account';
  const openFilter = toDay < open.firstDay ? 'false' : ofAccount;
  const byCurrency = currency === null ? '' : 'and currency = :currency';
  const rows = await sqlOf(unit)<{
    account: string;
    currency: string;
    day: string;
    opening: string;
    debits: string;
    credits: string;
    closing: string;
  }>(
    `with days as (
       select account, currency, day, debits_minor, credits_minor from ledger_day
       where day <= :toDay and ${closedFilter} ${byCurrency}
       union all
       select ${openAccount}, currency, created_at / ${DAY_MS}, ${SUMS} from entry
       where id >= :firstEntry and created_at >= :openMs and created_at < :endMs and ${openFilter} ${byCurrency} group by 1, 2, 3
     ), running as (
       select account, currency, day, debits_minor as debits, credits_minor as credits,
         sum(credits_minor - debits_minor) over (partition by account, currency order by day) as closing
       from days
     )
     select account, currency, day, closing - credits + debits as opening, debits, credits, closing
     from running where day >= :fromDay order by account collate "C", currency, day`,
    {
      fromDay,
      toDay,
      firstEntry: open.firstEntry,
      openMs: open.firstDay * DAY_MS,
      endMs: (toDay + 1) * DAY_MS,
      ...(account === null ? {} : isChart ? { account, prefix: `${account.slice(0, -1)}%` } : { account }),
      ...(currency === null ? {} : { currency }),
    },
  );
  return rows.map((row) => ({
    account: row.account,
    currency: row.currency,
    day: integer(row.day),
    openingMinor: integer(row.opening),
    debitsMinor: integer(row.debits),
    creditsMinor: integer(row.credits),
    closingMinor: integer(row.closing),
  }));
}
