/**
 * The first match, by sets: a line and a movement that name each other and agree in all that was
 * agreed. Everything else is residue, which is little, and is judged one by one in the domain.
 *
 *   staged lines ⋈ waiting movements ─► fit ─► lines (with their movement)
 *                                            └─► movements: new ones written, as settled or open
 */
import { ITEM_KINDS } from '../../domain/reconciliation/records.ts';
import type { Expectation, Item, KnownAttempt } from '../../domain/reconciliation/records.ts';
import type { FeeAgreement, SettlementTerms } from '../../domain/reconciliation/terms.ts';
import type { ReconciliationStore } from '../../ports/reconciliation.ts';
import type { Unit } from '../../ports/unit.ts';
import { EXPECTATION_COLUMNS } from './reconciliation-derive.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

const KINDS = ITEM_KINDS.map((kind) => `'${kind}'`).join(', ');

/** Kinds of which a payment or payout has one; of the others each has an id of its own. */
const SINGLE = `'payment', 'payout', 'payout_returned'`;

/** For hashing a million references in memory; beyond it the database spills to disk. */
const WORK_MEM = '96MB';

/** More lines than this, and the planner should know how many. */
const ANALYZE_FROM = 20_000;

/** The agreed fee as an expression over the staged line `s`; numbers only, checked by the configuration. */
function feeCondition(terms: SettlementTerms): string {
  if (terms.fees === null) return 'true';
  const amount = 'abs(s.net_minor + s.fee_minor)';
  const ofKind = (agreement: FeeAgreement): string => {
    const shares = agreement.basisPoints.map((points) => `(${amount} * ${Number(points)} + 5000) / 10000`);
    return [...shares, byCurrency(agreement.fixedMinor)].join(' + ');
  };
  const whens = Object.entries(terms.fees).map(([kind, agreement]) => `when '${kind}' then ${ofKind(agreement)}`);
  const agreed = whens.length === 0 ? '0' : `case s.kind ${whens.join(' ')} else 0 end`;
  return `(abs(s.fee_minor - (${agreed})) <= ${byCurrency(terms.feeToleranceMinor)}
    or (s.reference is not null and (s.batch, s.reference) in (select batch, reference from changed)))`;
}

function byCurrency(values: Readonly<Record<string, number>>): string {
  const whens = Object.entries(values).map(([currency, minor]) => `when '${currency}' then ${Number(minor)}`);
  return whens.length === 0 ? '0' : `case s.settlement_currency ${whens.join(' ')} else 0 end`;
}

const JOINED = `
  from settlement_staging s
  join closing c on c.batch = s.batch and c.currency = s.settlement_currency and c.items
  join waiting e on e.kind = s.kind
    and e.amount_minor = s.gross_minor and e.currency = s.currency 
    and (c.settled_at <= e.late_at or e.amount_minor < 0)`;

/** Lines that share a key are asked for by a hash (`not in`): one by one they would cost the square of the file. */
const fitSql = (terms: SettlementTerms): string => `
  create temp table fit on commit drop as
  select s.n, s.batch, e.id as expectation_id, e.method, e.is_new ${JOINED}
    and e.reference = s.reference
    and (e.psp_reference is null or s.psp_reference is null or e.psp_reference = s.psp_reference)
  where s.file_id = :fileId and s.kind in (${SINGLE}) and ${feeCondition(terms)}
    and (s.kind, s.reference) not in (select kind, key from twice)
  union all
  select s.n, s.batch, e.id, e.method, e.is_new ${JOINED}
    and e.part_reference = s.part_reference
    and (s.reference is null or e.reference = s.reference)
    and (e.psp_reference is null or s.psp_reference is null or e.psp_reference = s.psp_reference)
  where s.file_id = :fileId and s.kind not in (${SINGLE}) and s.kind in (${KINDS}) and ${feeCondition(terms)}
    and (s.kind, s.part_reference) not in (select kind, key from twice)`;

export const match: ReconciliationStore['match'] = async (unit, { psp, fileId, terms, batches }) => {
  const sql = sqlOf(unit);
  await sql(`set local work_mem = '${WORK_MEM}'`);
  await sql(
    'create temp table closing (batch text, currency text, items boolean, balance boolean, transfer boolean, settled_at bigint) on commit drop',
  );
  await sql(
    `insert into closing select batch, currency, items, balance, transfer, settled_at from jsonb_to_recordset(cast(:batches as jsonb))
       as given (batch text, currency text, items boolean, balance boolean, transfer boolean, settled_at bigint)`,
    { batches: JSON.stringify(batches.map(({ settledAt, ...batch }) => ({ ...batch, settled_at: settledAt }))) },
  );
  const [counted] = await sql<{ count: string }>(
    'select count(*) as count from settlement_staging where file_id = :fileId',
    { fileId },
  );
  if (integer(counted?.count ?? 0) > ANALYZE_FROM) {
    await sql('analyze settlement_staging (file_id, batch, kind, reference, part_reference)');
    await sql('analyze waiting (kind, reference, part_reference)');
  }
  await sql(
    `create temp table twice on commit drop as
     select kind, case when kind in (${SINGLE}) then reference else part_reference end as key
     from settlement_staging where file_id = :fileId and kind in (${KINDS})
       and case when kind in (${SINGLE}) then reference else part_reference end is not null
     group by 1, 2 having count(*) > 1`,
    { fileId },
  );
  await sql(
    `create temp table changed on commit drop as
     select distinct batch, reference from settlement_staging
     where file_id = :fileId and kind = 'conversion' and reference is not null`,
    { fileId },
  );
  for (const table of ['closing', 'twice', 'changed']) await sql(`analyze ${table}`);
  await sql(fitSql(terms), { fileId });
  // A line that fits two movements, or two lines that fit one, fit neither at first sight.
  await sql(
    `delete from fit where n in (select n from fit group by n having count(*) > 1)
       or expectation_id in (select expectation_id from fit group by expectation_id having count(*) > 1)`,
  );
  await sql('analyze fit (n, expectation_id)');
  await sql(
    `insert into settlement_line (psp, batch, line, file_id, kind, psp_reference, part_reference, reference, gross_minor, currency,
       net_minor, fee_minor, settlement_currency, occurred_at, settled_at, method, state, expectation_id, raw)
     select cast(:psp as text), s.batch, s.line, s.file_id, s.kind, s.psp_reference, s.part_reference, s.reference, s.gross_minor, s.currency,
       s.net_minor, s.fee_minor, s.settlement_currency, s.occurred_at, c.settled_at, f.method,
       case when f.n is not null then 'matched' when s.kind in (${KINDS}) then 'residue' else 'batch' end, f.expectation_id, s.raw
     from settlement_staging s
     join closing c on c.batch = s.batch and c.currency = s.settlement_currency
       and (case s.kind when 'transfer' then c.transfer when 'carried_over' then c.balance when 'carried_on' then c.balance else c.items end)
     left join fit f on f.n = s.n
     where s.file_id = :fileId order by s.n`,
    { psp, fileId },
  );
  await sql(
    `insert into expectation (${EXPECTATION_COLUMNS}, batch)
     select id, psp, kind, subject_id, part, w.method, reference, psp_reference, part_reference, amount_minor, currency,
       occurred_at, due_at, late_at, missing_at, case when f.n is null then 'open' else 'settled' end, f.batch
     from waiting w left join fit f on f.expectation_id = w.id where w.is_new order by w.id`,
  );
  await sql(
    `update expectation e set state = 'settled', batch = f.batch from fit f where e.id = f.expectation_id and not f.is_new`,
  );
  const [matched] = await sql<{ count: string }>('select count(*) as count from fit');
  return { lineCount: integer(counted?.count ?? 0), matchedCount: integer(matched?.count ?? 0) };
};

type Row = Record<string, string | number | null>;

const CANDIDATES = `
  with residue as (
    select * from settlement_line where file_id = :fileId and state = 'residue'
  ), named as (
    select e.* from expectation e join (select distinct reference from residue where reference is not null) r
      on e.reference = r.reference
    where e.psp = :psp
    union
    select e.* from expectation e join residue r on r.psp_reference is not null and e.reference in
      (select id from attempt a where a.psp = :psp and a.psp_reference = r.psp_reference)
    where e.psp = :psp
    union
    select e.* from expectation e join residue r on e.psp = :psp and e.part_reference = r.part_reference and e.kind = r.kind
  ), open as (
    select e.* from expectation e where e.psp = :psp and e.state = 'open' and e.missing_at > :since and e.due_at <= :through
  )
  select * from named
  union
  select o.* from open o join residue r on r.kind = o.kind and r.currency = o.currency and r.gross_minor = o.amount_minor
    and abs(r.occurred_at - o.occurred_at) <= :withinMs
  union
  select o.* from residue r
  join named n on n.reference = r.reference and n.kind = r.kind and n.currency = r.currency
  join open o on o.kind = r.kind and o.currency = r.currency and o.due_at = n.due_at
    and o.amount_minor = r.gross_minor - n.amount_minor
  where r.gross_minor <> n.amount_minor
  order by id`;

const DAY_MS = 86_400_000;

/** Of the file that `match` has just worked on, in the same transaction. */
export const residue: ReconciliationStore['residue'] = async (unit, psp, fileId, terms) => {
  const sql = sqlOf(unit);
  const items = await sql<Row>(
    `select l.*, (l.batch, coalesce(l.reference, '')) in (select batch, reference from changed) as is_converted
     from settlement_line l where l.file_id = :fileId and l.state = 'residue' order by l.id`,
    { fileId },
  );
  if (items.length === 0) return { items: [], expectations: [], attempts: [] };
  let [first, through] = [Infinity, 0];
  for (const row of items) {
    const settledAt = integer(row['settled_at'] ?? 0);
    first = Math.min(first, settledAt);
    through = Math.max(through, settledAt);
  }
  const expectations = await sql<Row>(CANDIDATES, {
    psp,
    fileId,
    through,
    since: first - DAY_MS,
    withinMs: terms.suggestWithinSeconds * 1_000,
  });
  const attempts = await sql<Row>(
    `select a.id as reference, a.subject_kind, a.subject_id, coalesce(p.status, o.status, 'unknown') as status
     from attempt a
     left join payment p on a.subject_kind = 'deposit' and p.id = a.subject_id
     left join payout o on a.subject_kind = 'payout' and o.id = a.subject_id
     where a.id in (select reference from settlement_line where file_id = :fileId and state = 'residue') order by a.id`,
    { fileId },
  );
  return {
    items: items.map(itemOf),
    expectations: expectations.map(expectationOf),
    attempts: attempts.map((row) => ({
      reference: String(row['reference']),
      subjectKind: row['subject_kind'] as KnownAttempt['subjectKind'],
      subjectId: String(row['subject_id']),
      status: String(row['status']),
    })),
  };
};

const textOf = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined ? null : String(value);
const numberOf = (value: string | number | null | undefined): number => integer(value ?? 0);

function itemOf(row: Row): Item {
  return {
    id: numberOf(row['id']),
    batch: String(row['batch']),
    line: numberOf(row['line']),
    kind: row['kind'] as Item['kind'],
    reference: textOf(row['reference']),
    pspReference: textOf(row['psp_reference']),
    partReference: textOf(row['part_reference']),
    grossMinor: numberOf(row['gross_minor']),
    currency: String(row['currency']),
    netMinor: numberOf(row['net_minor']),
    feeMinor: numberOf(row['fee_minor']),
    settlementCurrency: String(row['settlement_currency']),
    occurredAt: integerOrNull(row['occurred_at'] ?? null),
    settledAt: numberOf(row['settled_at']),
    isConverted: Boolean(row['is_converted']),
  };
}

export function expectationOf(row: Row): Expectation {
  return {
    id: numberOf(row['id']),
    kind: row['kind'] as Expectation['kind'],
    subjectId: String(row['subject_id']),
    part: String(row['part']),
    reference: String(row['reference']),
    pspReference: textOf(row['psp_reference']),
    partReference: textOf(row['part_reference']),
    amountMinor: numberOf(row['amount_minor']),
    currency: String(row['currency']),
    occurredAt: numberOf(row['occurred_at']),
    dueAt: numberOf(row['due_at']),
    lateAt: numberOf(row['late_at']),
    state: row['state'] as Expectation['state'],
    batch: textOf(row['batch']),
  };
}

/** Writes what became of the residue. */
export async function applyVerdict(unit: Unit, verdict: Parameters<ReconciliationStore['apply']>[1]): Promise<void> {
  const sql = sqlOf(unit);
  const broken = new Set(verdict.findings.flatMap(({ items }) => items.map(({ id }) => id)));
  const expectationOfItem = new Map(verdict.matches.map(({ itemId, expectationId }) => [itemId, expectationId]));
  const lines = [...new Set([...broken, ...expectationOfItem.keys()])].map((id) => ({
    id,
    state: broken.has(id) ? 'break' : 'matched',
    expectation_id: expectationOfItem.get(id) ?? null,
  }));
  await sql(
    `update settlement_line l set state = given.state, expectation_id = given.expectation_id,
       method = (select method from expectation e where e.id = given.expectation_id)
     from jsonb_to_recordset(cast(:lines as jsonb)) as given (id bigint, state text, expectation_id bigint)
     where l.id = given.id`,
    { lines: JSON.stringify(lines) },
  );
  await sql(
    `update expectation e set state = given.state, batch = given.batch
     from jsonb_to_recordset(cast(:movements as jsonb)) as given (id bigint, state text, batch text) where e.id = given.id`,
    { movements: JSON.stringify(verdict.movements) },
  );
}
