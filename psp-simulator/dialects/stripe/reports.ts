/**
 * The reporting API: a report run, and its file. Reports are made from what the account shows
 * now; the id of a run says what was asked for, so that nothing has to be remembered.
 */
import type { Call, PspAnswer, PspContext } from '../dialect.ts';
import { reportEvent } from './announcements.ts';
import { automaticPayouts, findAutomaticPayout, linesOfPayout } from './automatic-payouts.ts';
import { allTransactions, transactionOfLine } from './balance-transactions.ts';
import { seconds } from './details.ts';
import { invalid, jsonAnswer, missingParam, noSuch } from './errors.ts';
import { fieldsOf, refuseUnknown } from './fields.ts';
import { inside, text, textList, type FormFields } from './form.ts';
import { itemizedCsv, REPORT_COLUMNS, type ReportRow } from './report-csv.ts';

const CREATE_PARAMS = new Set(['report_type', 'parameters', 'expand']);
const RUN_PARAMS = new Set([
  'columns',
  'currency',
  'interval_end',
  'interval_start',
  'payout',
  'reporting_category',
  'timezone',
]);
const PLAIN_PARAMS = new Set(['expand']);

/** Stripe keeps the file of a report for a year. */
const FILE_LIFE_S = 365 * 24 * 3_600;

interface Report {
  type: string;
  /** Unix seconds, the first inclusive, the second exclusive. */
  from: number;
  to: number;
  payout: string | null;
  currency: string | null;
  category: string | null;
  columns: string[] | null;
  created: number;
}

type Rows = (report: Report, psp: PspContext) => ReportRow[];

const REPORTS: Readonly<Record<string, { needs: 'interval' | 'payout'; rows: Rows }>> = {
  'payout_reconciliation.itemized.5': { needs: 'interval', rows: paidIn },
  'payout_reconciliation.by_id.itemized.4': { needs: 'payout', rows: paidBy },
  'balance_change_from_activity.itemized.3': { needs: 'interval', rows: activity },
};

export function createReportRun(call: Call): PspAnswer {
  const fields = fieldsOf(call);
  refuseUnknown(fields, CREATE_PARAMS);
  refuseUnknown(fields, RUN_PARAMS, 'parameters');
  const type = text(fields, 'report_type');
  if (type === undefined) throw missingParam('report_type');
  const known = Object.hasOwn(REPORTS, type) ? REPORTS[type] : undefined;
  if (known === undefined) {
    throw invalid(`The report type ${type} is not simulated; ${Object.keys(REPORTS).join(', ')} are.`, {
      param: 'report_type',
    });
  }
  const given = inside(fields, 'parameters');
  const payout = text(given, 'payout') ?? null;
  if (known.needs === 'payout') {
    if (payout === null) throw missingParam('parameters[payout]');
    if (findAutomaticPayout(call.psp, payout) === undefined)
      throw noSuch('payout', payout, { param: 'parameters[payout]' });
  }
  const columns = textList(given, 'columns');
  const unknown = columns.find((column) => !(REPORT_COLUMNS as readonly string[]).includes(column));
  if (unknown !== undefined) throw invalid(`Unknown column: ${unknown}`, { param: 'parameters[columns]' });
  const report: Report = {
    type,
    from: known.needs === 'interval' ? timeIn(given, 'interval_start') : 0,
    to: known.needs === 'interval' ? timeIn(given, 'interval_end') : 0,
    payout,
    currency: text(given, 'currency') ?? null,
    category: text(given, 'reporting_category') ?? null,
    columns: columns.length > 0 ? columns : null,
    created: seconds(call.psp.nowMs()),
  };
  const run = runObject(report, call.psp);
  reportEvent(call.psp, run);
  return jsonAnswer(200, run);
}

export function retrieveReportRun(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  const id = call.params['id'] ?? '';
  const report = reportIn(id, 'frr_');
  if (report === undefined) throw noSuch('report run', id, { param: 'report_run', inPath: true });
  return jsonAnswer(200, runObject(report, call.psp));
}

export function retrieveFile(call: Call): PspAnswer {
  refuseUnknown(fieldsOf(call), PLAIN_PARAMS);
  return jsonAnswer(200, fileObject(reportOfFile(call), call.psp));
}

export function fileContents(call: Call): PspAnswer {
  const body = csvOf(reportOfFile(call), call.psp);
  return { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' }, body };
}

function reportOfFile(call: Call): Report {
  const id = call.params['id'] ?? '';
  const report = reportIn(id, 'file_');
  if (report === undefined) throw noSuch('file upload', id, { param: 'file', inPath: true });
  return report;
}

function runObject(report: Report, psp: PspContext): Record<string, unknown> {
  const { payout, currency, category, columns, from, to } = report;
  return {
    id: `frr_${codeOf(report)}`,
    object: 'reporting.report_run',
    created: report.created,
    error: null,
    livemode: false,
    parameters: {
      ...(to > 0 ? { interval_start: from, interval_end: to } : {}),
      ...(payout === null ? {} : { payout }),
      ...(currency === null ? {} : { currency }),
      ...(category === null ? {} : { reporting_category: category }),
      ...(columns === null ? {} : { columns }),
    },
    report_type: report.type,
    result: fileObject(report, psp),
    status: 'succeeded',
    succeeded_at: report.created,
  };
}

function fileObject(report: Report, psp: PspContext): Record<string, unknown> {
  const id = `file_${codeOf(report)}`;
  return {
    id,
    object: 'file',
    created: report.created,
    expires_at: report.created + FILE_LIFE_S,
    filename: `${report.type}-${report.created}.csv`,
    links: { object: 'list', data: [], has_more: false, url: `/v1/file_links?file=${id}` },
    purpose: 'finance_report_run',
    size: Buffer.byteLength(csvOf(report, psp)),
    title: `FinanceReportRun ${report.type}`,
    type: 'csv',
    url: `${psp.url}/v1/files/${id}/contents`,
  };
}

function csvOf(report: Report, psp: PspContext): string {
  const rows = REPORTS[report.type]?.rows(report, psp) ?? [];
  const wanted = rows.filter(
    ({ transaction }) =>
      (report.currency === null || transaction.currency === report.currency.toUpperCase()) &&
      (report.category === null || transaction.category === report.category),
  );
  return itemizedCsv(wanted, psp, report.columns ?? REPORT_COLUMNS);
}

function paidIn(report: Report, psp: PspContext): ReportRow[] {
  return automaticPayouts(psp)
    .filter(({ createdAtMs }) => report.from <= seconds(createdAtMs) && seconds(createdAtMs) < report.to)
    .flatMap((payout) => paidBy({ ...report, payout: payout.id }, psp));
}

function paidBy(report: Report, psp: PspContext): ReportRow[] {
  const payout = findAutomaticPayout(psp, report.payout ?? '');
  if (payout === undefined) return [];
  return linesOfPayout(psp, payout).map((line) => ({ transaction: transactionOfLine(line, psp), payout }));
}

/** Everything but the transfers to the merchant's own bank. */
function activity(report: Report, psp: PspContext): ReportRow[] {
  return allTransactions(psp)
    .filter(({ line, createdAtMs }) => {
      const created = seconds(createdAtMs);
      return line !== null && report.from <= created && created < report.to;
    })
    .map((transaction) => ({ transaction, payout: null }));
}

function codeOf(report: Report): string {
  return Buffer.from(JSON.stringify(report)).toString('base64url');
}

/** What an id of this simulator's stands for; undefined for any other id. */
function reportIn(id: string, prefix: string): Report | undefined {
  if (!id.startsWith(prefix)) return undefined;
  try {
    const report = JSON.parse(Buffer.from(id.slice(prefix.length), 'base64url').toString('utf8')) as Report;
    return isReport(report) ? report : undefined;
  } catch {
    return undefined;
  }
}

/** An id may come from anybody. */
function isReport({ type, from, to, created, payout, currency, category, columns }: Report): boolean {
  const numbers = [from, to, created].every((value) => Number.isSafeInteger(value));
  const texts = [payout, currency, category].every((value) => value === null || typeof value === 'string');
  const known = columns === null || (Array.isArray(columns) && columns.every((column) => typeof column === 'string'));
  return Object.hasOwn(REPORTS, type) && numbers && texts && known;
}

function timeIn(given: FormFields, name: string): number {
  const value = text(given, name);
  if (value === undefined) throw missingParam(`parameters[${name}]`);
  if (!/^\d{1,11}$/.test(value)) {
    throw invalid(`Invalid timestamp: ${value}`, {
      code: 'parameter_invalid_integer',
      param: `parameters[${name}]`,
    });
  }
  return Number(value);
}
