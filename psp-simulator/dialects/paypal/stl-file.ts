/**
 * PayPal's settlement report (STL, version 9) as CSV:
 *
 *   RH report header · FH file header · SH section header · CH column heads
 *   SB one per transaction · SF section totals per currency · SC section count
 *   RF report totals per currency · RC report count · FF file count
 *
 * Amounts are unsigned whole numbers of minor units with DR or CR beside them; texts are quoted
 * even when empty, numbers and dates are not. Source: PayPal's settlement report specification
 * and Magento's parser of it; the meaning of the balances in SF follows the order of the former.
 */

export interface StlRow {
  transactionId: string;
  invoiceId: string;
  referenceId: string;
  referenceType: string;
  eventCode: string;
  initiatedMs: number;
  completedMs: number;
  /** Signed; positive is a credit. */
  grossMinor: number;
  currency: string;
  /** 0 or positive: taken from the merchant. */
  feeMinor: number;
  feeCurrency: string;
  customField: string;
}

export interface StlBalance {
  currency: string;
  /** Signed minor units. */
  beginningMinor: number;
  endingMinor: number;
}

export interface StlReport {
  accountId: string;
  generatedMs: number;
  fromMs: number;
  toMs: number;
  rows: readonly StlRow[];
  balances: readonly StlBalance[];
}

const REPORT_VERSION = '009';
/** Reporting window of a European account. */
const REPORTING_WINDOW = 'X';

const COLUMNS = [
  'Transaction ID',
  'Invoice ID',
  'PayPal Reference ID',
  'PayPal Reference ID Type',
  'Transaction Event Code',
  'Transaction Initiation Date',
  'Transaction Completion Date',
  // Two spaces, as PayPal writes it.
  'Transaction  Debit or Credit',
  'Gross Transaction Amount',
  'Gross Transaction Currency',
  'Fee Debit or Credit',
  'Fee Amount',
  'Fee Currency',
  'Custom Field',
  'Consumer ID',
  'Payment Tracking ID',
  'Store ID',
  'Bank Reference ID',
  'Credit Transactional Fee',
  'Credit Promotional Fee',
  'Credit Term',
];

type Cell = string | { bare: string };

export function stlFile(report: StlReport): string {
  const { rows, balances } = report;
  const totals = balances.map((balance) => totalsOf(balance, rows));
  const lines: Cell[][] = [
    ['RH', bare(date(report.generatedMs)), REPORTING_WINDOW, report.accountId, bare(REPORT_VERSION), bare('')],
    ['FH', bare('01')],
    ['SH', bare(date(report.fromMs)), bare(date(report.toMs)), report.accountId, ''],
    ['CH', ...COLUMNS],
    ...rows.map(bodyRow),
    ...totals.map((cells) => ['SF', ...cells, bare(String(rows.length))]),
    ['SC', bare(String(rows.length))],
    ...totals.map((cells) => ['RF', ...cells, bare(String(rows.length))]),
    ['RC', bare(String(rows.length))],
    ['FF', bare(String(rows.length))],
  ];
  return `${lines.map((cells) => cells.map(text).join(',')).join('\r\n')}\r\n`;
}

function bodyRow(row: StlRow): Cell[] {
  return [
    'SB',
    row.transactionId,
    row.invoiceId,
    row.referenceId,
    row.referenceType,
    row.eventCode,
    bare(date(row.initiatedMs)),
    bare(date(row.completedMs)),
    ...signed(row.grossMinor),
    row.currency,
    ...(row.feeMinor === 0 ? ['', bare('')] : signed(-row.feeMinor)),
    row.feeMinor === 0 ? '' : row.feeCurrency,
    row.customField,
    '',
    '',
    '',
    '',
    bare(''),
    bare(''),
    bare(''),
  ];
}

function totalsOf({ currency, beginningMinor, endingMinor }: StlBalance, rows: readonly StlRow[]): Cell[] {
  const gross = rows.filter((row) => row.currency === currency).map((row) => row.grossMinor);
  const fees = rows.filter((row) => row.feeCurrency === currency).map((row) => row.feeMinor);
  return [
    currency,
    total(gross.filter((minor) => minor > 0)),
    total(gross.filter((minor) => minor < 0)),
    total(fees.filter((minor) => minor < 0)),
    total(fees.filter((minor) => minor > 0)),
    // Beginning and ending available balance, the same payable (none is held), and both together.
    ...signed(beginningMinor),
    ...signed(endingMinor),
    ...signed(0),
    ...signed(0),
    ...signed(beginningMinor),
    ...signed(endingMinor),
  ];
}

function total(minors: readonly number[]): Cell {
  return bare(String(Math.abs(minors.reduce((sum, minor) => sum + minor, 0))));
}

function signed(minor: number): [Cell, Cell] {
  return [minor < 0 ? 'DR' : 'CR', bare(String(Math.abs(minor)))];
}

function bare(value: string): Cell {
  return { bare: value };
}

function text(cell: Cell): string {
  return typeof cell === 'string' ? `"${cell.replaceAll('"', '""')}"` : cell.bare;
}

/** `2026/11/23 09:44:40 +0000`. */
function date(epochMs: number): string {
  const [day = '', time = ''] = new Date(epochMs).toISOString().split('T');
  return `${day.replaceAll('-', '/')} ${time.slice(0, 8)} +0000`;
}
