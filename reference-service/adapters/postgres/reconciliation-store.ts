/**
 * Reconciliation in PostgreSQL: files, missing movements, sums for the ledger and the margin.
 * The match itself is in `reconciliation-match.ts`.
 */
import type { MarginLine, ReconciliationFile, ReconciliationStore } from '../../ports/reconciliation.ts';
import { columnsOf } from './columns.ts';
import { batchStore } from './reconciliation-batches.ts';
import { derive } from './reconciliation-derive.ts';
import { applyVerdict, expectationOf, match, residue } from './reconciliation-match.ts';
import { stage, stagedBatches, unstage } from './reconciliation-staging.ts';
import { integer, sqlOf } from './unit.ts';

const FILE = columnsOf<ReconciliationFile>('f', {
  id: ['id', 'text'],
  psp: ['psp', 'text'],
  kind: ['kind', 'text'],
  fileName: ['file_name', 'text'],
  sha256: ['sha256', 'text'],
  byteCount: ['byte_count', 'bigint'],
  lineCount: ['line_count', 'bigint'],
  matchedCount: ['matched_count', 'bigint'],
  caseCount: ['case_count', 'bigint'],
  importedAt: ['imported_at', 'bigint'],
});

type Row = Record<string, string | number | null>;

const DAY_MS = 86_400_000;

/** What was changed between currencies: lines that were settled in another one, and the PSP's own conversions. */
const EXCHANGED = `
  select settlement_currency as own, currency as other, sum(gross_minor) as gross, sum(net_minor + fee_minor) as converted
  from settlement_line where psp = :psp and batch = :batch and currency <> settlement_currency
    and kind not in ('conversion', 'transfer', 'carried_over', 'carried_on') group by 1, 2
  union all
  select settlement_currency, settlement_currency, 0, sum(net_minor + fee_minor)
  from settlement_line where psp = :psp and batch = :batch and kind = 'conversion' group by 1, 2
  order by 1, 2`;

export const reconciliationStore: ReconciliationStore = {
  ...batchStore,
  stage,
  unstage,
  stagedBatches,
  derive,
  match,
  residue,
  apply: applyVerdict,
  async findFile(unit, { psp, kind, sha256 }) {
    const rows = await sqlOf(unit)<Row>(
      'select * from reconciliation_file where psp = :psp and kind = :kind and sha256 = :sha256',
      { psp, kind, sha256 },
    );
    return rows[0] === undefined ? null : FILE.objectOf(rows[0]);
  },
  async saveFile(unit, file) {
    await sqlOf(unit)(
      `insert into reconciliation_file (${FILE.names}) values (${FILE.values})
       on conflict (id) do update set ${FILE.assignments(['lineCount', 'matchedCount', 'caseCount'])}`,
      FILE.bindings(file),
    );
  },
  async listFiles(unit, { psp, limit }) {
    const rows = await sqlOf(unit)<Row>(
      `select * from reconciliation_file ${psp === null ? '' : 'where psp = :psp'}
       order by imported_at desc, id desc limit :limit`,
      { limit, ...(psp === null ? {} : { psp }) },
    );
    return rows.map((row) => FILE.objectOf(row));
  },
  async lock(unit, psp) {
    await sqlOf(unit)('select pg_advisory_xact_lock(hashtext(:name)) is null as locked', { name: `reconcile ${psp}` });
  },
  async unknownLines(unit, psp, fileId) {
    const rows = await sqlOf(unit)<Row>(
      `select batch, line, net_minor, settlement_currency, raw from settlement_line
       where psp = :psp and file_id = :fileId and kind = 'unknown' and state = 'batch'
         and batch in (select batch from closing) order by id`,
      { psp, fileId },
    );
    return rows.map((row) => ({
      batch: String(row['batch']),
      line: integer(row['line'] ?? 0),
      netMinor: integer(row['net_minor'] ?? 0),
      currency: String(row['settlement_currency']),
      raw: String(row['raw'] ?? ''),
    }));
  },
  async takeMissing(unit, psp, throughMs) {
    const rows = await sqlOf(unit)<Row>(
      `update expectation set state = 'missing'
       where psp = :psp and state = 'open' and missing_at <= :throughMs returning *`,
      { psp, throughMs },
    );
    return rows.map(expectationOf).sort((a, b) => a.id - b.id);
  },
  async settle(unit, expectationId) {
    await sqlOf(unit)(`update expectation set state = 'settled' where id = :expectationId`, { expectationId });
  },
  async postingsOf(unit, psp, batch, agreed) {
    const sql = sqlOf(unit);
    const fees = await sql<Row>(
      `select settlement_currency as currency,
         sum(fee_minor - case when kind = 'fee' then net_minor + fee_minor else 0 end) as fee
       from settlement_line where psp = :psp and batch = :batch and kind not in ('transfer', 'carried_over', 'carried_on')
       group by 1 order by 1`,
      { psp, batch },
    );
    const exchanged = await sql<Row>(EXCHANGED, { psp, batch });
    const overcharged = (currency: string): number =>
      agreed
        .filter(({ items }) => items[0]?.batch === batch && items[0].settlementCurrency === currency)
        .reduce((sum, { openMinor }) => sum + openMinor, 0);
    return fees.map((row) => {
      const currency = String(row['currency']);
      const own = exchanged.filter((one) => one['own'] === currency);
      const changes = own.flatMap((one) => [
        { currency: String(one['other']), minor: -integer(one['gross'] ?? 0) },
        { currency, minor: integer(one['converted'] ?? 0) },
      ]);
      return {
        currency,
        feeMinor: integer(row['fee'] ?? 0) - overcharged(currency),
        exchanged: changes.filter(({ minor }) => minor !== 0),
      };
    });
  },
  async margin(unit, { fromMs, toMs, psp, method }) {
    const conditions = [
      ...(psp === null ? [] : ['l.psp = :psp']),
      ...(method === null ? [] : [`coalesce(l.method, '') = :method`]),
    ];
    const rows = await sqlOf(unit)<Row>(
      `select l.settled_at / ${DAY_MS} as day, l.psp, coalesce(l.method, '') as method, l.currency, l.settlement_currency,
         count(*) filter (where l.kind = 'payment') as deposit_count,
         coalesce(sum(l.gross_minor) filter (where l.kind = 'payment'), 0) as deposits,
         coalesce(-sum(l.gross_minor) filter (where l.kind in ('refund', 'refund_failed')), 0) as refunds,
         coalesce(-sum(l.gross_minor) filter (where l.kind in ('chargeback', 'chargeback_reversed')), 0) as chargebacks,
         coalesce(-sum(l.gross_minor) filter (where l.kind in ('payout', 'payout_returned')), 0) as payouts,
         coalesce(sum(l.fee_minor - case when l.kind = 'fee' then l.net_minor + l.fee_minor else 0 end), 0) as fees
       from settlement_line l
       where l.settled_at >= :fromMs and l.settled_at < :toMs and l.kind not in ('transfer', 'carried_over', 'carried_on', 'reserve_held', 'reserve_released')
         ${conditions.map((condition) => `and ${condition}`).join(' ')}
       group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5`,
      { fromMs, toMs, ...(psp === null ? {} : { psp }), ...(method === null ? {} : { method }) },
    );
    return rows.map((row): MarginLine => ({
      day: integer(row['day'] ?? 0),
      psp: String(row['psp']),
      method: String(row['method']),
      currency: String(row['currency']),
      settlementCurrency: String(row['settlement_currency']),
      depositCount: integer(row['deposit_count'] ?? 0),
      depositsMinor: integer(row['deposits'] ?? 0),
      refundsMinor: integer(row['refunds'] ?? 0),
      chargebacksMinor: integer(row['chargebacks'] ?? 0),
      payoutsMinor: integer(row['payouts'] ?? 0),
      feesMinor: integer(row['fees'] ?? 0),
    }));
  },
  async watch(unit, psp, atMs) {
    await sqlOf(unit)(
      `insert into reconciliation_watch (psp, derived_through, fetched_through, next_step_at) values (:psp, 0, :atMs, :atMs)
       on conflict (psp) do update set next_step_at = coalesce(reconciliation_watch.next_step_at, excluded.next_step_at)`,
      { psp, atMs },
    );
  },
  async takeWatch(unit, psp, dueAt, untilMs) {
    const rows = await sqlOf(unit)<{ fetched_through: string }>(
      `update reconciliation_watch set next_step_at = :untilMs
       where psp = :psp and next_step_at = :dueAt returning fetched_through`,
      { psp, dueAt, untilMs },
    );
    return rows[0] === undefined ? null : { fetchedThrough: integer(rows[0].fetched_through) };
  },
  async fetched(unit, psp, throughMs) {
    await sqlOf(unit)('update reconciliation_watch set fetched_through = :throughMs where psp = :psp', {
      psp,
      throughMs,
    });
  },
};
