/** Rows of a CSV come out the same however the bytes are cut, and a broken file is named by its line. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MalformedSettlementError } from '../../ports/settlement.ts';
import { readCsv, splitCsv } from './csv.ts';
import { minorOf, timeOf } from './settlement-fields.ts';

const FILE = { psp: 'alpha', fileName: 'settled.csv' };
const PLACE = { file: FILE, line: 7 };

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function rowsOf(text: string, size = 16) {
  const rows: string[][] = [];
  for await (const group of splitCsv(chunksOf(Buffer.from(text), size), FILE))
    rows.push(...group.map((row) => row.cells));
  return rows;
}

const quoted = (cell: string): string => (/["\n\r,]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

describe('CSV of a settlement file', () => {
  it('gives back every cell, wherever the chunks are cut', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.array(fc.string({ unit: fc.constantFrom('a', 'é', '€', '"', ',', '\n', ' ', '1') }), {
            minLength: 2,
            maxLength: 4,
          }),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        async (rows, size, lineEnd) => {
          const text = rows.map((cells) => cells.map(quoted).join(',')).join(lineEnd);
          assert.deepEqual(await rowsOf(text, size), rows);
        },
      ),
    ));

  it('counts lines as an editor does, those inside a cell included', async () => {
    const lines: number[] = [];
    const text = 'a,b\n"1\n2",x\n\n3,4\n';
    for await (const group of splitCsv(chunksOf(Buffer.from(text), 3), FILE))
      lines.push(...group.map(({ line }) => line));
    assert.deepEqual(lines, [1, 2, 5]);
  });

  const broken = [
    { what: 'a row with a cell too few', text: 'a,b\n1,2\n3\n', line: 3 },
    { what: 'a cell that is never closed', text: 'a,b\n1,"2\n', line: 2 },
    { what: 'text behind a quoted cell', text: 'a,b\n"1"x,2\n', line: 2 },
    { what: 'a header without a column', text: 'a,c\n1,2\n', line: 1 },
    { what: 'an empty file', text: '', line: null },
  ];
  for (const { what, text, line } of broken) {
    it(`refuses ${what} and says where`, () =>
      assert.rejects(
        async () => {
          for await (const records of readCsv(chunksOf(Buffer.from(text), 4), FILE, ['a', 'b']))
            assert.ok(records.length > 0);
        },
        (error: unknown) => error instanceof MalformedSettlementError && error.line === line,
      ));
  }

  it('refuses bytes that are not UTF-8', () =>
    assert.rejects(async () => {
      for await (const rows of splitCsv(chunksOf(Buffer.from([0x61, 0xff, 0x0a]), 2), FILE)) assert.ok(rows.length > 0);
    }, MalformedSettlementError));
});

describe('an amount of a settlement file', () => {
  const amounts = [
    ['12.50', 'EUR', 1_250],
    ['-0.07', 'EUR', -7],
    ['7', 'EUR', 700],
    ['1.5', 'EUR', 150],
    ['500', 'JPY', 500],
    ['500.00', 'JPY', 500],
    ['1.230', 'KWD', 1_230],
    ['0.00', 'EUR', 0],
    ['-0.00', 'EUR', 0],
    ['', 'EUR', 0],
  ] as const;
  for (const [text, currency, minor] of amounts) {
    it(`reads "${text}" ${currency} as ${minor}`, () => assert.equal(minorOf(text, currency, PLACE), minor));
  }
  for (const text of ['0.005', '1,00', '.5', '-', '1.2.3', 'x', '99999999999999999']) {
    it(`refuses "${text}"`, () => assert.throws(() => minorOf(text, 'EUR', PLACE), /settled\.csv, line 7/));
  }
  it('refuses a currency that does not exist', () => assert.throws(() => minorOf('1', 'QQQ', PLACE)));
  it('reads times with and without a zone', () => {
    assert.equal(timeOf('2026-01-05 09:00:00', PLACE), Date.parse('2026-01-05T09:00:00Z'));
    assert.equal(timeOf('2026-01-05T09:00:00.000Z', PLACE), Date.parse('2026-01-05T09:00:00Z'));
    assert.equal(timeOf('2026-01-05 09:00:00', PLACE, '+01:00'), Date.parse('2026-01-05T08:00:00Z'));
    assert.equal(timeOf('', PLACE), null);
    assert.throws(() => timeOf('yesterday', PLACE));
  });
});
