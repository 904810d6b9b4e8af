/** Settlement files as the service reads them: bytes in pieces, so that rows, elements and characters are cut. */
import assert from 'node:assert/strict';
import { settlementParsers } from '../reference-service/index.ts';
import type { PspDialect, SettlementRecord } from '../reference-service/index.ts';
import type { SettlementFile } from './adapter-world.ts';

const PIECE_LENGTH = 37;

export async function recordsOf(dialect: PspDialect, ...files: readonly SettlementFile[]): Promise<SettlementRecord[]> {
  const parse = settlementParsers[dialect];
  assert.ok(parse);
  const records: SettlementRecord[] = [];
  for (const { name, body } of files)
    for await (const record of parse(inPieces(body), { psp: dialect, fileName: name })) records.push(record);
  return records;
}

async function* inPieces(body: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < body.length; at += PIECE_LENGTH)
    yield await Promise.resolve(body.subarray(at, at + PIECE_LENGTH));
}

const NOT_LINES: ReadonlySet<string> = new Set(['transfer', 'carried_over', 'carried_on']);

/** What stands in a batch: neither what is transferred nor what is handed on. */
export function linesOf(records: readonly SettlementRecord[]): SettlementRecord[] {
  return records.filter(({ kind }) => !NOT_LINES.has(kind));
}

/** What the files say that goes to our bank. */
export function transferredIn(records: readonly SettlementRecord[]): number {
  return -records.filter(({ kind }) => kind === 'transfer').reduce((sum, { netMinor }) => sum + netMinor, 0);
}
