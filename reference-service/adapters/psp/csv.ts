/**
 * CSV as settlement files are written (RFC 4180), read as it arrives: one row in memory beside
 * the chunk that it stands in. Rows come in groups, one per chunk, because a promise per row
 * would cost more than the splitting. It knows columns by name, and nothing of money.
 *
 *   bytes ─► UTF-8 ─► records (a quoted cell may span lines) ─► cells ─► by column name
 */
import { MalformedSettlementError } from '../../ports/settlement.ts';
import type { SettlementFile } from '../../ports/settlement.ts';

/** Longer than any row of any PSP: beyond it a quote was never closed, or it is no CSV. */
const LONGEST_RECORD = 1_000_000;

export interface CsvLine {
  /** Counted from 1; of a record over several lines the first. */
  line: number;
  cells: string[];
  /** As it stands in the file, without the line end. */
  raw: string;
}

/** A row whose cells have the names of the header. */
export class CsvRecord<Column extends string> {
  readonly line: number;
  readonly raw: string;
  readonly #cells: string[];
  readonly #index: Readonly<Record<string, number>>;
  constructor({ line, cells, raw }: CsvLine, index: Readonly<Record<string, number>>) {
    this.line = line;
    this.raw = raw;
    this.#cells = cells;
    this.#index = index;
  }

  /** The cell, or an empty text. */
  text(column: Column): string {
    const at = this.#index[column];
    return at === undefined ? '' : (this.#cells[at] ?? '');
  }

  /** The cell, or null when it is empty. */
  textOrNull(column: Column): string | null {
    const text = this.text(column);
    return text === '' ? null : text;
  }
}

/**
 * The rows under a header that has at least the `required` columns, in any order.
 * @throws MalformedSettlementError when there is no such header, or a row has another number of cells
 */
export async function* readCsv<Column extends string>(
  input: AsyncIterable<Uint8Array>,
  about: SettlementFile,
  required: readonly Column[],
): AsyncGenerator<CsvRecord<Column>[]> {
  let header: { index: Record<string, number>; width: number } | null = null;
  for await (const lines of splitCsv(input, about)) {
    const records: CsvRecord<Column>[] = [];
    for (const line of lines) {
      if (header === null) header = readHeader(line, about, required);
      else if (line.cells.length === header.width) records.push(new CsvRecord(line, header.index));
      else throw wrongWidth(line, about, header.width);
    }
    if (records.length > 0) yield records;
  }
  if (header === null)
    throw new MalformedSettlementError({ fileName: about.fileName, line: null, message: 'the file is empty' });
}

function readHeader({ line, cells }: CsvLine, { fileName }: SettlementFile, required: readonly string[]) {
  const index = Object.fromEntries(cells.map((name, at) => [name.trim(), at]));
  const missing = required.filter((name) => index[name] === undefined);
  if (missing.length > 0)
    throw new MalformedSettlementError({ fileName, line, message: `the header has no ${missing.join(', ')}` });
  return { index, width: cells.length };
}

function wrongWidth({ line, cells }: CsvLine, { fileName }: SettlementFile, width: number): MalformedSettlementError {
  return new MalformedSettlementError({
    fileName,
    line,
    message: `${cells.length} cells where the header has ${width}`,
  });
}

/** All rows, those of a header included; empty lines are no rows. */
export async function* splitCsv(
  input: AsyncIterable<Uint8Array>,
  { fileName }: SettlementFile,
  delimiter = ',',
): AsyncGenerator<CsvLine[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const state = { rest: '', line: 1, open: false };
  const fail = (message: string): never => {
    throw new MalformedSettlementError({ fileName, line: state.line, message });
  };
  const decode = (chunk?: Uint8Array): string => {
    try {
      return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
    } catch {
      return fail('the file is not UTF-8');
    }
  };
  for await (const chunk of input) {
    const rows = takeRecords(state, decode(chunk), delimiter, fail);
    if (state.rest.length > LONGEST_RECORD) fail('a row of more than a million characters');
    if (rows.length > 0) yield rows;
  }
  const last = takeRecords(state, `${decode()}\n`, delimiter, fail);
  if (state.rest !== '') fail('the file ends inside a quoted cell');
  if (last.length > 0) yield last;
}

function takeRecords(
  state: { rest: string; line: number; open: boolean },
  more: string,
  delimiter: string,
  fail: (message: string) => never,
): CsvLine[] {
  const text = state.rest + more;
  const rows: CsvLine[] = [];
  let start = 0;
  let quote = text.indexOf('"');
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
    let quotes = 0;
    for (; quote >= 0 && quote < end; quote = text.indexOf('"', quote + 1)) quotes += 1;
    state.open = state.open !== (quotes % 2 === 1);
    // A line end inside quotes belongs to the cell.
    if (state.open) continue;
    const raw = text.slice(start, text.charCodeAt(end - 1) === CARRIAGE_RETURN && end > start ? end - 1 : end);
    if (raw !== '') rows.push({ line: state.line, cells: cellsOf(raw, delimiter, fail), raw });
    state.line += raw.includes('\n') ? raw.split('\n').length : 1;
    start = end + 1;
  }
  state.rest = text.slice(start);
  // The rest is read again with the next chunk, from its beginning.
  state.open = false;
  return rows;
}

const CARRIAGE_RETURN = 13;

function cellsOf(raw: string, delimiter: string, fail: (message: string) => never): string[] {
  if (!raw.includes('"')) return raw.split(delimiter);
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (raw[at] === '"') {
      const [cell, next] = quotedCell(raw, at + 1, fail);
      cells.push(cell);
      at = next;
      if (at < raw.length && raw[at] !== delimiter) fail('characters behind a quoted cell');
    } else {
      const end = raw.indexOf(delimiter, at);
      cells.push(end < 0 ? raw.slice(at) : raw.slice(at, end));
      at = end < 0 ? raw.length : end;
    }
    if (at >= raw.length) return cells;
    at += 1;
    if (at === raw.length) return [...cells, ''];
  }
}

/** The cell that begins at `from`, behind its quote, and where it ends. */
function quotedCell(raw: string, from: number, fail: (message: string) => never): [cell: string, next: number] {
  let cell = '';
  let start = from;
  for (;;) {
    const quote = raw.indexOf('"', start);
    if (quote < 0) return fail('a quoted cell is not closed');
    if (raw[quote + 1] !== '"') return [cell + raw.slice(start, quote), quote + 1];
    cell += raw.slice(start, quote + 1);
    start = quote + 2;
  }
}
