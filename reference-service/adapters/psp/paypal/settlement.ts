/**
 * PayPal's settlement report (STL, version 9), read row by row:
 *
 *   RH · FH · SH head of report, file, section · CH names of the columns · SB one transaction
 *   SF · SC totals of the section · RF · RC · FF totals of report and file
 *
 * Amounts are whole numbers of minor units with CR or DR beside them. The report counts itself:
 * a file whose counts do not fit, or that ends before its last row, was cut or changed.
 */
import type { SettlementFile, SettlementKind, SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';
import { splitCsv } from '../csv.ts';
import type { CsvLine } from '../csv.ts';
import { malformed } from '../settlement-fields.ts';
import type { Place } from '../settlement-fields.ts';
import { kindOfTransaction } from './transaction-codes.ts';

const COLUMNS = [
  'Transaction ID',
  'Invoice ID',
  'PayPal Reference ID',
  'PayPal Reference ID Type',
  'Transaction Event Code',
  'Transaction Completion Date',
  'Transaction Debit or Credit',
  'Gross Transaction Amount',
  'Gross Transaction Currency',
  'Fee Debit or Credit',
  'Fee Amount',
  'Fee Currency',
  'Custom Field',
] as const;
type Column = (typeof COLUMNS)[number];
type Index = Readonly<Record<Column, number>>;

interface Progress {
  index: Index | null;
  width: number;
  rows: number;
  lastLine: number;
  ended: boolean;
}

export const parsePaypalSettlement: SettlementParser = (input, about) => readReport(input, about);

async function* readReport(input: AsyncIterable<Uint8Array>, about: SettlementFile): AsyncGenerator<SettlementRecord> {
  const progress: Progress = { index: null, width: 0, rows: 0, lastLine: 0, ended: false };
  const batch = about.fileName.replace(/\.csv$/i, '');
  for await (const lines of splitCsv(input, about)) {
    for (const line of lines) {
      progress.lastLine = line.line;
      const record = readLine(line, progress, { batch, place: { file: about, line: line.line } });
      if (record !== null) yield record;
    }
  }
  if (!progress.ended)
    throw malformed({ file: about, line: progress.lastLine }, 'the report ends before its last row (FF)');
}

interface Reading {
  batch: string;
  place: Place;
}

function readLine(line: CsvLine, progress: Progress, { batch, place }: Reading): SettlementRecord | null {
  const { cells } = line;
  if (progress.ended) throw malformed(place, 'a row behind the end of the report');
  switch (cells[0]) {
    case 'CH':
      progress.index = readHeads(cells, place);
      progress.width = cells.length;
      return null;
    case 'SB':
      if (progress.index === null) throw malformed(place, 'a transaction before the names of the columns (CH)');
      if (cells.length !== progress.width)
        throw malformed(place, `${cells.length} cells where the header has ${progress.width}`);
      progress.rows += 1;
      return readTransaction(line, progress.index, { batch, place });
    case 'SF':
      return readBalance(cells, { batch, place });
    case 'SC':
    case 'RC':
    case 'FF':
      if (cells[1] !== String(progress.rows))
        throw malformed(place, `${cells[0]} counts ${cells[1] ?? ''} transactions, there are ${progress.rows}`);
      progress.ended = cells[0] === 'FF';
      return null;
    case 'RH':
    case 'FH':
    case 'SH':
    case 'RF':
      return null;
    default:
      throw malformed(place, `"${(cells[0] ?? '').slice(0, 20)}" is no row of a settlement report`);
  }
}

/** PayPal writes one of the names with two spaces. */
function readHeads(cells: readonly string[], place: Place): Index {
  const found = new Map(cells.map((name, at) => [name.replaceAll(/\s+/g, ' ').trim(), at]));
  const missing = COLUMNS.filter((name) => !found.has(name));
  if (missing.length > 0) throw malformed(place, `the header has no ${missing.join(', ')}`);
  return Object.fromEntries(COLUMNS.map((name) => [name, found.get(name) ?? 0])) as Record<Column, number>;
}

function readTransaction({ cells, raw, line }: CsvLine, index: Index, { batch, place }: Reading): SettlementRecord {
  const text = (column: Column): string => cells[index[column]] ?? '';
  const textOrNull = (column: Column): string | null => (text(column) === '' ? null : text(column));
  const currency = text('Gross Transaction Currency');
  if (!/^[A-Z]{3}$/.test(currency)) throw malformed(place, `"${currency}" is not a currency`);
  const feeCurrency = text('Fee Currency');
  const grossMinor = signedMinor(text('Transaction Debit or Credit'), text('Gross Transaction Amount'), place);
  const feeMinor = text('Fee Amount') === '' ? 0 : -signedMinor(text('Fee Debit or Credit'), text('Fee Amount'), place);
  if (feeMinor !== 0 && feeCurrency !== currency)
    throw malformed(place, `a fee in ${feeCurrency} of a transaction in ${currency}`);
  const kind = kindOfTransaction(text('Transaction Event Code'));
  return {
    kind,
    batch,
    pspReference: text('PayPal Reference ID Type') === 'ODR' ? textOrNull('PayPal Reference ID') : null,
    partReference: textOrNull('Transaction ID'),
    reference: textOrNull('Custom Field') ?? textOrNull('Invoice ID'),
    grossMinor,
    currency,
    netMinor: grossMinor - feeMinor,
    feeMinor,
    settlementCurrency: currency,
    occurredAt: timeOf(text('Transaction Completion Date'), place),
    line,
    ...(kind === 'unknown' ? { raw } : {}),
  };
}

/** `SF, currency, credits, debits, fee credits, fee debits, CR or DR, beginning balance, …`: what was there before. */
function readBalance(cells: readonly string[], { batch, place }: Reading): SettlementRecord | null {
  const currency = cells[1] ?? '';
  const beginning = signedMinor(cells[6] ?? '', cells[7] ?? '', place);
  return beginning === 0 ? null : carriedOver(beginning, currency, { batch, place });
}

function carriedOver(minor: number, currency: string, { batch, place }: Reading): SettlementRecord {
  const kind: SettlementKind = 'carried_over';
  return {
    kind,
    batch,
    pspReference: null,
    partReference: null,
    reference: null,
    grossMinor: minor,
    currency,
    netMinor: minor,
    feeMinor: 0,
    settlementCurrency: currency,
    occurredAt: null,
    line: place.line,
  };
}

function signedMinor(side: string, amount: string, place: Place): number {
  if (!/^\d{1,15}$/.test(amount)) throw malformed(place, `"${amount}" is not a whole number of minor units`);
  const minor = Number(amount);
  if (side === 'CR') return minor;
  if (side === 'DR') return minor === 0 ? 0 : -minor;
  throw malformed(place, `"${side}" is neither CR nor DR`);
}

/** `2026/11/23 09:44:40 +0000`; null when it is empty. */
function timeOf(text: string, place: Place): number | null {
  if (text === '') return null;
  const match = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d:\d\d:\d\d) ([+-]\d\d)(\d\d)$/.exec(text);
  if (match === null) throw malformed(place, `"${text}" is not a time`);
  const [, year = '', month = '', day = '', time = '', hours = '', minutes = ''] = match;
  const epochMs = Date.parse(`${year}-${month}-${day}T${time}${hours}:${minutes}`);
  if (Number.isNaN(epochMs)) throw malformed(place, `"${text}" is not a time`);
  return epochMs;
}
