/**
 * Settlements as a whole, and the transfers of them that came to the bank.
 */
import type { Expectation } from '../../domain/reconciliation/records.ts';
import type { BankLine, ReconciliationStore, SettlementBatch } from '../../ports/reconciliation.ts';
import { columnsOf } from './columns.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

const BATCH = columnsOf<SettlementBatch>('b', {
  psp: ['psp', 'text'],
  batch: ['batch', 'text'],
  currency: ['currency', 'text'],
  itemsFileId: ['items_file_id', 'text'],
  balanceFileId: ['balance_file_id', 'text'],
  lineCount: ['line_count', 'bigint'],
  movementMinor: ['movement_minor', 'bigint'],
  feeMinor: ['fee_minor', 'bigint'],
  carriedMinor: ['carried_minor', 'bigint'],
  wrongMinor: ['wrong_minor', 'bigint'],
  transferMinor: ['transfer_minor', 'bigint'],
  leftMinor: ['left_minor', 'bigint'],
  leftIfRightMinor: ['left_if_right_minor', 'bigint'],
  settledAt: ['settled_at', 'bigint'],
  bankLineId: ['bank_line_id', 'bigint'],
  importedAt: ['imported_at', 'bigint'],
});

export type BatchRow = Record<string, unknown> & { psp: string | null };

export function batchOf(row: BatchRow): SettlementBatch {
  return BATCH.objectOf(row);
}

interface BankLineRow {
  id: string;
  psp: string;
  line: number;
  amount_minor: string;
  currency: string;
  booked_at: string;
  text: string;
}

function bankLineOf(row: BankLineRow): BankLine {
  return {
    id: integer(row.id),
    psp: row.psp,
    line: row.line,
    amountMinor: integer(row.amount_minor),
    currency: row.currency,
    bookedAt: integer(row.booked_at),
    text: row.text,
  };
}

type BatchStore = Pick<
  ReconciliationStore,
  | 'saveBatch'
  | 'batchBefore'
  | 'overdue'
  | 'listBatches'
  | 'latestSettledAt'
  | 'insertBankLines'
  | 'openBankLines'
  | 'openTransfers'
  | 'pairBankLine'
  | 'latestBookedAt'
>;

export const batchStore: BatchStore = {
  async saveBatch(unit, batch) {
    await sqlOf(unit)(
      `insert into settlement_batch (${BATCH.names}) values (${BATCH.values})
       on conflict (psp, batch, currency) do update set ${BATCH.assignments([
         'itemsFileId',
         'balanceFileId',
         'lineCount',
         'movementMinor',
         'feeMinor',
         'carriedMinor',
         'wrongMinor',
         'transferMinor',
         'leftMinor',
         'leftIfRightMinor',
         'settledAt',
         'bankLineId',
       ])}`,
      BATCH.bindings(batch),
    );
  },
  async batchBefore(unit, psp, currency, settledAt) {
    const rows = await sqlOf(unit)<BatchRow>(
      `select * from settlement_batch where psp = :psp and currency = :currency and settled_at < :settledAt
       and items_file_id is not null order by settled_at desc, batch desc limit 1`,
      { psp, currency, settledAt },
    );
    return rows[0] === undefined ? null : batchOf(rows[0]);
  },
  async overdue(unit, psp, { currency, settledAt }) {
    const rows = await sqlOf(unit)<{ kind: Expectation['kind']; amount_minor: string }>(
      `select kind, amount_minor from expectation
       where psp = :psp and state = 'open' and currency = :currency and missing_at > :settledAt and due_at <= :settledAt order by id`,
      { psp, currency, settledAt },
    );
    return rows.map(({ kind, amount_minor: amount }) => ({ kind, amountMinor: integer(amount) }));
  },
  async listBatches(unit, { psp, limit }) {
    const rows = await sqlOf(unit)<BatchRow>(
      `select * from settlement_batch ${psp === null ? '' : 'where psp = :psp'}
       order by settled_at desc, psp, batch, currency limit :limit`,
      { limit, ...(psp === null ? {} : { psp }) },
    );
    return rows.map(batchOf);
  },
  async latestSettledAt(unit, psp) {
    const rows = await sqlOf(unit)<{ latest: string | null }>(
      'select max(settled_at) as latest from settlement_batch where psp = :psp and items_file_id is not null',
      { psp },
    );
    return integerOrNull(rows[0]?.latest ?? null);
  },
  async insertBankLines(unit, fileId, lines) {
    if (lines.length === 0) return;
    await sqlOf(unit)(
      `insert into bank_line (psp, file_id, line, amount_minor, currency, booked_at, text)
       select psp, cast(:fileId as text), line, amount_minor, currency, booked_at, text
       from jsonb_to_recordset(cast(:lines as jsonb))
         as given (psp text, line int, amount_minor bigint, currency text, booked_at bigint, text text)`,
      {
        fileId,
        lines: JSON.stringify(
          lines.map((line) => ({ ...line, amount_minor: line.amountMinor, booked_at: line.bookedAt })),
        ),
      },
    );
  },
  async openBankLines(unit, psp) {
    const rows = await sqlOf(unit)<BankLineRow>(
      'select * from bank_line where psp = :psp and batch is null order by booked_at, id',
      { psp },
    );
    return rows.map(bankLineOf);
  },
  async openTransfers(unit, psp) {
    const rows = await sqlOf(unit)<BatchRow>(
      `select * from settlement_batch where psp = :psp and bank_line_id is null and transfer_minor > 0
       order by settled_at, batch, currency`,
      { psp },
    );
    return rows.map(batchOf);
  },
  async pairBankLine(unit, line, batch) {
    await sqlOf(unit)('update bank_line set batch = :batch where id = :id', { id: line.id, batch: batch.batch });
    await sqlOf(unit)(
      'update settlement_batch set bank_line_id = :id where psp = :psp and batch = :batch and currency = :currency',
      { id: line.id, psp: batch.psp, batch: batch.batch, currency: batch.currency },
    );
  },
  async latestBookedAt(unit, psp) {
    const rows = await sqlOf(unit)<{ latest: string | null }>(
      'select max(booked_at) as latest from bank_line where psp = :psp',
      { psp },
    );
    return integerOrNull(rows[0]?.latest ?? null);
  },
};
