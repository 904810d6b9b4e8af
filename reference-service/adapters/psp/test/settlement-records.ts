/** All records of a settlement file that is given as a text, cut into chunks as a network might. */
import type { SettlementParser, SettlementRecord } from '../../../ports/settlement.ts';

export async function recordsOf(
  parse: SettlementParser,
  text: string,
  { fileName = 'settlement.csv', chunk = 97 } = {},
): Promise<SettlementRecord[]> {
  const records: SettlementRecord[] = [];
  for await (const record of parse(chunksOf(Buffer.from(text), chunk), { psp: 'alpha', fileName }))
    records.push(record);
  return records;
}

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}
