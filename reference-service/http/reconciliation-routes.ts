/**
 * Routes of reconciliation: files in, settlements and the margin out. A file is read from the
 * request as it arrives; the only limit of its size is the disk of the database.
 */
import { stringify } from 'csv-stringify/sync';
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { importBankLines } from '../application/reconciliation/import-bank-lines.ts';
import { importSettlement, type ImportResult } from '../application/reconciliation/import-settlement.ts';
import { ServiceError } from '../domain/errors.ts';
import { formatAmount } from '../domain/money.ts';
import type { MarginLine, ReconciliationFile, SettlementBatch } from '../ports/reconciliation.ts';
import { MalformedSettlementError } from '../ports/settlement.ts';
import type { Answer } from './answer.ts';
import { json } from './answer.ts';
import type { Exchange } from './exchange.ts';
import type { Routes } from './routes.ts';

const DAY_MS = 86_400_000;
const MOST_DAYS = 400;

const MARGIN_COLUMNS = [
  'day',
  'psp',
  'method',
  'currency',
  'deposits',
  'deposit_count',
  'refunds',
  'chargebacks',
  'payouts',
  'fees',
  'fee_currency',
  'cost',
] as const;

export function reconciliationRoutes(context: ServiceContext): Routes {
  const { database, stores } = context;

  async function imported(
    exchange: Exchange,
    work: (psp: string, fileName: string) => Promise<ImportResult>,
  ): Promise<Answer> {
    const psp = String(exchange.parameters['psp']);
    if (!context.psps.has(psp)) throw new ServiceError('not_found', `No PSP is configured under the name ${psp}.`);
    try {
      const { file, replayed } = await work(psp, String(exchange.parameters['file_name']));
      return json(replayed ? 200 : 201, fileView(file), replayed);
    } catch (error) {
      if (!(error instanceof MalformedSettlementError)) throw error;
      throw new ServiceError('validation_failed', error.message, {
        details: { errors: [{ field: error.line === null ? 'file' : `line ${error.line}`, message: error.message }] },
      });
    }
  }

  const page = (parameters: Record<string, unknown>): { psp: string | null; limit: number } => ({
    psp: parameters['psp'] === undefined ? null : String(parameters['psp']),
    limit: Number(parameters['limit']),
  });

  return {
    importSettlement: (exchange) =>
      imported(exchange, (psp, fileName) => {
        const given = exchange.parameters['settled_at'];
        const settledAt = given === undefined ? null : Date.parse(String(given));
        return importSettlement(context, { psp, fileName, bytes: exchange.request, settledAt });
      }),

    importBankLines: (exchange) =>
      imported(exchange, (psp, fileName) => importBankLines(context, { psp, fileName, bytes: exchange.request })),

    async listReconciliationImports({ parameters }) {
      const files = await stores.reconciliation.listFiles(database.autocommit, page(parameters));
      return json(200, { imports: files.map(fileView) });
    },

    async listSettlements({ parameters }) {
      const batches = await stores.reconciliation.listBatches(database.autocommit, page(parameters));
      return json(200, { settlements: batches.map(settlementView) });
    },

    async getMarginReport({ parameters, request }) {
      const [from, to] = [
        Date.parse(`${String(parameters['from'])}T00:00:00Z`),
        Date.parse(`${String(parameters['to'])}T00:00:00Z`),
      ];
      if (to < from || to - from >= MOST_DAYS * DAY_MS)
        throw new ServiceError(
          'bad_request',
          `A report covers 1 to ${MOST_DAYS} days, and ends on or after its first day.`,
        );
      const text = (name: string): string | null => (parameters[name] === undefined ? null : String(parameters[name]));
      const lines = await stores.reconciliation.margin(database.autocommit, {
        fromMs: from,
        toMs: to + DAY_MS,
        psp: text('psp'),
        method: text('method'),
      });
      const rows = lines.map(marginView);
      if (request.accepts(['application/json', 'text/csv']) !== 'text/csv')
        return json(200, { from: dayText(from / DAY_MS), to: dayText(to / DAY_MS), lines: rows });
      const csv = stringify(rows, { header: true, columns: [...MARGIN_COLUMNS] });
      return { kind: 'text', status: 200, contentType: 'text/csv; charset=utf-8', text: csv };
    },
  };
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function fileView(file: ReconciliationFile): Api.ReconciliationImport {
  return {
    import_id: file.id,
    psp: file.psp,
    kind: file.kind,
    file_name: file.fileName,
    sha256: file.sha256,
    bytes: file.byteCount,
    lines: file.lineCount,
    matched: file.matchedCount,
    cases: file.caseCount,
    imported_at: isoTime(file.importedAt),
  };
}

function settlementView(batch: SettlementBatch): Api.Settlement {
  const amount = (minor: number): string => formatAmount(minor, batch.currency);
  return {
    psp: batch.psp,
    batch: batch.batch,
    currency: batch.currency,
    lines: batch.lineCount,
    movements: amount(batch.movementMinor),
    fees: amount(batch.feeMinor),
    carried: amount(batch.carriedMinor),
    transfer: batch.transferMinor === null ? null : amount(batch.transferMinor),
    left: amount(batch.leftMinor),
    settled_at: isoTime(batch.settledAt),
    in_bank: batch.bankLineId !== null,
  };
}

function marginView(line: MarginLine): Api.MarginLine {
  const amount = (minor: number): string => formatAmount(minor, line.currency);
  const isComparable = line.depositsMinor > 0 && line.currency === line.settlementCurrency;
  return {
    day: dayText(line.day),
    psp: line.psp,
    method: line.method,
    currency: line.currency,
    deposits: amount(line.depositsMinor),
    deposit_count: line.depositCount,
    refunds: amount(line.refundsMinor),
    chargebacks: amount(line.chargebacksMinor),
    payouts: amount(line.payoutsMinor),
    fees: formatAmount(line.feesMinor, line.settlementCurrency),
    fee_currency: line.settlementCurrency,
    cost: isComparable ? Math.round((line.feesMinor * 10_000) / line.depositsMinor) : null,
  };
}
