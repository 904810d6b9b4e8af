/**
 * The ledger's report by account and day, as JSON or CSV.
 */
import { stringify } from 'csv-stringify/sync';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { ServiceError } from '../domain/errors.ts';
import { formatAmount } from '../domain/money.ts';
import type { ReportLine } from '../ports/ledger.ts';
import { json } from './answer.ts';
import type { Routes } from './routes.ts';

const DAY_MS = 86_400_000;

/** More than a year of days and accounts is for an export of the database, not for one answer. */
const MOST_DAYS = 400;

const COLUMNS = ['account', 'currency', 'day', 'opening', 'debits', 'credits', 'closing'] as const;

export function ledgerRoutes(context: ServiceContext): Routes {
  const { database, parts } = context;
  return {
    async getLedgerReport({ parameters, request }) {
      const [fromDay, toDay] = [dayOf(parameters, 'from'), dayOf(parameters, 'to')];
      if (toDay < fromDay || toDay - fromDay >= MOST_DAYS)
        throw new ServiceError(
          'bad_request',
          `A report covers 1 to ${MOST_DAYS} days, and ends on or after its first day.`,
        );
      const text = (name: string): string | null => (parameters[name] === undefined ? null : String(parameters[name]));
      const lines = await database.transaction((unit) =>
        parts.ledger.report(unit, { fromDay, toDay, account: text('account'), currency: text('currency') }),
      );
      const rows = lines.map(reportLineView);
      if (request.accepts(['application/json', 'text/csv']) !== 'text/csv')
        return json(200, { from: dayText(fromDay), to: dayText(toDay), lines: rows });
      const csv = stringify(rows, { header: true, columns: [...COLUMNS] });
      return { kind: 'text', status: 200, contentType: 'text/csv; charset=utf-8', text: csv };
    },
  };
}

function dayOf(parameters: Record<string, unknown>, name: string): number {
  return Math.floor(Date.parse(`${String(parameters[name])}T00:00:00Z`) / DAY_MS);
}

function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function reportLineView(line: ReportLine): Api.LedgerReportLine {
  const amount = (minor: number): string => formatAmount(minor, line.currency);
  return {
    account: line.account,
    currency: line.currency,
    day: dayText(line.day),
    opening: amount(line.openingMinor),
    debits: amount(line.debitsMinor),
    credits: amount(line.creditsMinor),
    closing: amount(line.closingMinor),
  };
}
