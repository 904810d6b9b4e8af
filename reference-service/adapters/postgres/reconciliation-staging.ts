/**
 * Staging: records of a file that is still being read. They go into an unlogged table in blocks,
 * each by itself, so that a slow sender holds no transaction open; what is left of a file that was
 * cut off is removed with the next one. A block is one statement of arrays: a thousand rows by
 * parameters would cost more than reading them.
 */
import type { StagedBatch } from '../../ports/reconciliation.ts';
import type { SettlementRecord } from '../../ports/settlement.ts';
import type { Unit } from '../../ports/unit.ts';
import { batchOf, type BatchRow } from './reconciliation-batches.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

const TEXTS = [
  'batch',
  'kind',
  'psp_reference',
  'part_reference',
  'reference',
  'currency',
  'settlement_currency',
  'raw',
];
const NUMBERS = ['n', 'line', 'gross_minor', 'net_minor', 'fee_minor', 'occurred_at'];

const STAGE = `
  insert into settlement_staging (file_id, ${[...TEXTS, ...NUMBERS].join(', ')})
  select cast(:fileId as text), * from unnest(
    ${TEXTS.map((name) => `cast(:${name} as text[])`).join(', ')},
    ${NUMBERS.map((name) => `cast(:${name} as bigint[])`).join(', ')})`;

export async function stage(
  unit: Unit,
  fileId: string,
  from: number,
  records: readonly SettlementRecord[],
): Promise<void> {
  const texts = (value: (record: SettlementRecord) => string | null): string => textArray(records, value);
  const numbers = (value: (record: SettlementRecord, index: number) => number | null): string =>
    numberArray(records, value);
  await sqlOf(unit)(STAGE, {
    fileId,
    batch: texts((record) => record.batch),
    kind: texts((record) => record.kind),
    psp_reference: texts((record) => record.pspReference),
    part_reference: texts((record) => record.partReference),
    reference: texts((record) => record.reference),
    currency: texts((record) => record.currency),
    settlement_currency: texts((record) => record.settlementCurrency),
    raw: texts((record) => record.raw ?? null),
    n: numbers((_record, index) => from + index),
    line: numbers((record) => record.line),
    gross_minor: numbers((record) => record.grossMinor),
    net_minor: numbers((record) => record.netMinor),
    fee_minor: numbers((record) => record.feeMinor),
    occurred_at: numbers((record) => record.occurredAt),
  });
}

/** An array as PostgreSQL writes it. A NUL cannot stand in a text of the database and no PSP means one. */
function textArray(records: readonly SettlementRecord[], value: (record: SettlementRecord) => string | null): string {
  let text = '{';
  for (const [index, record] of records.entries()) {
    if (index > 0) text += ',';
    const one = value(record);
    if (one === null) text += 'NULL';
    else if (/^[A-Za-z0-9_:.-]+$/.test(one) && one !== 'NULL' && one !== 'null') text += one;
    else text += `"${one.replaceAll('\0', '').replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  }
  return `${text}}`;
}

function numberArray(
  records: readonly SettlementRecord[],
  value: (record: SettlementRecord, index: number) => number | null,
): string {
  let text = '{';
  for (const [index, record] of records.entries()) {
    if (index > 0) text += ',';
    const one = value(record, index);
    text += one === null ? 'NULL' : String(one);
  }
  return `${text}}`;
}

const STAGED = `
  with staged as (
    select batch, settlement_currency as currency,
      count(*) filter (where kind not in ('transfer', 'carried_over', 'carried_on')) as item_count,
      coalesce(sum(net_minor) filter (where kind not in ('transfer', 'carried_over', 'carried_on')), 0) as movement_minor,
      coalesce(sum(fee_minor), 0) as fee_sum,
      count(*) filter (where kind = 'unknown') as unknown_count,
      coalesce(sum(net_minor) filter (where kind = 'carried_over'),
        case when count(*) filter (where kind = 'carried_on') > 0 then 0 end) as carried,
      -sum(net_minor) filter (where kind = 'transfer') as transfer,
      max(occurred_at) filter (where kind = 'transfer') as closed_at,
      max(occurred_at) filter (where kind = 'payment') as youngest_payment_at,
      max(occurred_at) filter (where kind not in ('payment', 'transfer', 'carried_over', 'carried_on')) as youngest_other_at
    from settlement_staging where file_id = :fileId group by 1, 2
  )
  select staged.batch as staged_batch, staged.currency as staged_currency, item_count, staged.movement_minor as staged_movement,
    fee_sum, unknown_count, carried, transfer, closed_at, youngest_payment_at, youngest_other_at, b.*
  from staged left join settlement_batch b on b.psp = :psp and b.batch = staged.batch and b.currency = staged.currency
  order by coalesce(closed_at, youngest_payment_at, youngest_other_at), staged.batch, staged.currency`;

interface StagedRow extends BatchRow {
  staged_batch: string;
  staged_currency: string;
  item_count: string;
  staged_movement: string;
  fee_sum: string;
  unknown_count: string;
  carried: string | null;
  transfer: string | null;
  closed_at: string | null;
  youngest_payment_at: string | null;
  youngest_other_at: string | null;
}

/** Oldest first. */
export async function stagedBatches(unit: Unit, psp: string, fileId: string): Promise<StagedBatch[]> {
  const rows = await sqlOf(unit)<StagedRow>(STAGED, { psp, fileId });
  return rows.map((row) => ({
    batch: row.staged_batch,
    currency: row.staged_currency,
    itemCount: integer(row.item_count),
    movementMinor: integer(row.staged_movement),
    feeMinor: integer(row.fee_sum),
    unknownCount: integer(row.unknown_count),
    carriedMinor: integerOrNull(row.carried),
    transferMinor: integerOrNull(row.transfer),
    closedAt: integerOrNull(row.closed_at),
    youngestPaymentAt: integerOrNull(row.youngest_payment_at),
    youngestOtherAt: integerOrNull(row.youngest_other_at),
    known: row.psp === null ? null : batchOf(row),
  }));
}

export async function unstage(unit: Unit, fileId: string): Promise<void> {
  await sqlOf(unit)('delete from settlement_staging where file_id = :fileId', { fileId });
}
