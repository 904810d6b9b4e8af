/**
 * Story: an account statement of our bank comes in: what PSPs have transferred. As CSV or as
 * camt.053; small beside a settlement file, so it is read whole. The same bytes change nothing.
 */
import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { messageOf } from '../../../kernel/index.ts';
import { currencyExponent, parseAmount } from '../../domain/money.ts';
import type { BankLine, ReconciliationFile } from '../../ports/reconciliation.ts';
import { MalformedSettlementError, type SettlementParser } from '../../ports/settlement.ts';
import { openCases } from '../cases.ts';
import type { ServiceContext } from '../context.ts';
import { bankCases } from './bank.ts';
import type { ImportResult, SettlementImport } from './import-settlement.ts';

/** A statement of a merchant's account is far below; more is a mistake. */
const LARGEST_BYTES = 16 * 1_048_576;

type NewLine = Omit<BankLine, 'id'>;

/** @throws MalformedSettlementError */
export async function importBankLines(
  context: ServiceContext,
  { psp, fileName, bytes }: Omit<SettlementImport, 'settledAt'>,
): Promise<ImportResult> {
  const { clock, database, ids, stores } = context;
  const body = await wholeOf(bytes, fileName);
  const lines = await linesOf(context, psp, fileName, body);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return database.transaction(async (unit): Promise<ImportResult> => {
    await stores.reconciliation.lock(unit, psp);
    const known = await stores.reconciliation.findFile(unit, { psp, kind: 'bank', sha256 });
    if (known !== null) return { file: known, replayed: true };
    const id = ids.next('rec');
    await stores.reconciliation.insertBankLines(unit, id, lines);
    const cases = await openCases(context, unit, await bankCases(context, unit, psp));
    const open = await stores.reconciliation.openBankLines(unit, psp);
    const file: ReconciliationFile = {
      id,
      psp,
      kind: 'bank',
      fileName,
      sha256,
      byteCount: body.length,
      lineCount: lines.length,
      matchedCount: Math.max(0, lines.length - open.length),
      caseCount: cases.length,
      importedAt: clock.now(),
    };
    await stores.reconciliation.saveFile(unit, file);
    return { file, replayed: false };
  });
}

async function wholeOf(bytes: AsyncIterable<Uint8Array>, fileName: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > LARGEST_BYTES)
      throw new MalformedSettlementError({ fileName, line: null, message: `more than ${LARGEST_BYTES} bytes` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function linesOf(context: ServiceContext, psp: string, fileName: string, body: Buffer): Promise<NewLine[]> {
  return body.subarray(0, 200).toString('latin1').trimStart().startsWith('<')
    ? statementLines(context.settlementParsers['open-banking'], { psp, fileName, body })
    : csvLines(psp, fileName, body);
}

/** Money that came in; what left the account is nobody's settlement. */
async function statementLines(
  read: SettlementParser | undefined,
  { psp, fileName, body }: { psp: string; fileName: string; body: Buffer },
): Promise<NewLine[]> {
  if (read === undefined) throw new Error('Bug: nobody reads camt.053');
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(body);
  }
  const lines: NewLine[] = [];
  for await (const record of read(bytes(), { psp, fileName })) {
    if (record.kind === 'carried_over' || record.kind === 'carried_on' || record.netMinor <= 0) continue;
    if (record.occurredAt === null)
      throw new MalformedSettlementError({ fileName, line: record.line, message: 'the entry has no time' });
    const texts = [record.reference, record.partReference, record.pspReference].filter((text) => text !== null);
    lines.push({
      psp,
      line: record.line,
      amountMinor: record.netMinor,
      currency: record.settlementCurrency,
      bookedAt: record.occurredAt,
      text: texts.join(' '),
    });
  }
  return lines;
}

function csvLines(psp: string, fileName: string, body: Buffer): NewLine[] {
  const fail = (message: string, line: number | null): never => {
    throw new MalformedSettlementError({ fileName, line, message });
  };
  let rows: Record<string, string>[] = [];
  try {
    rows = parse(body, { columns: true, bom: true, skipEmptyLines: true });
  } catch (error) {
    fail(messageOf(error), null);
  }
  return rows.map((row, index) => {
    const line = index + 2;
    const { booked_at: bookedAt = '', amount = '', currency = '', text } = row;
    if (text === undefined) fail('the columns are booked_at, amount, currency and text', line);
    const at = Date.parse(bookedAt);
    if (Number.isNaN(at)) fail(`"${bookedAt}" is not a time`, line);
    if (currencyExponent(currency) === null) fail(`"${currency}" is not a currency of ISO 4217`, line);
    const parsed = parseAmount(amount, currency);
    if (!parsed.ok) return fail(parsed.reason, line);
    return { psp, line, amountMinor: parsed.amountMinor, currency, bookedAt: at, text: text ?? '' };
  });
}
