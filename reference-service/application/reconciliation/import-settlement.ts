/**
 * Story: a PSP's settlement file comes in. It is read as it arrives and put aside; when it has
 * ended and proves to be new, all that follows is one transaction per file:
 *
 *   new movements of the ledger ─► match ─► judge the residue ─► cases ─► fees and transfers posted
 *
 * What must hold: the same bytes change nothing the second time; lines of a settlement come from
 * one file; a discrepancy becomes one case, however often files come.
 */
import { createHash } from 'node:crypto';
import { classify } from '../../domain/reconciliation/classify.ts';
import type { Finding } from '../../domain/reconciliation/findings.ts';
import { otherDueAt, paymentDueAt, type SettlementTerms } from '../../domain/reconciliation/terms.ts';
import type { NewCase } from '../../domain/case.ts';
import type { ReconciliationFile, StagedBatch } from '../../ports/reconciliation.ts';
import type { SettlementRecord } from '../../ports/settlement.ts';
import type { Unit } from '../../ports/unit.ts';
import { closeCase, openCases } from '../cases.ts';
import { pspOf, type ServiceContext } from '../context.ts';
import { bankCases } from './bank.ts';
import { closeBatch, type ClosingBatch } from './close-batch.ts';
import { missingCases } from './missing.ts';

export interface SettlementImport {
  psp: string;
  fileName: string;
  bytes: AsyncIterable<Uint8Array>;
  /** When the settlement was closed, where the file does not say. */
  settledAt: number | null;
}

export interface ImportResult {
  file: ReconciliationFile;
  /** The same bytes were imported before. */
  replayed: boolean;
}

/** Records of one statement: enough to make its cost small, few enough to hold two in memory. */
const BLOCK = 4_000;

/** @throws MalformedSettlementError; nothing of the file has any effect then */
export async function importSettlement(context: ServiceContext, given: SettlementImport): Promise<ImportResult> {
  const { clock, database, ids, stores } = context;
  const { psp, fileName } = given;
  const fileId = ids.next('rec');
  const { sha256, byteCount } = await stageFile(context, fileId, given).catch(async (error: unknown) => {
    await stores.reconciliation.unstage(database.autocommit, fileId);
    throw error;
  });
  const result = await database.transaction(async (unit): Promise<ImportResult> => {
    await stores.reconciliation.lock(unit, psp);
    const known = await stores.reconciliation.findFile(unit, { psp, kind: 'settlement', sha256 });
    if (known !== null) return { file: known, replayed: true };
    const counted = await reconcile(context, unit, { psp, fileId, settledAt: given.settledAt });
    const file: ReconciliationFile = {
      id: fileId,
      psp,
      kind: 'settlement',
      fileName,
      sha256,
      byteCount,
      ...counted,
      importedAt: clock.now(),
    };
    await stores.reconciliation.saveFile(unit, file);
    return { file, replayed: false };
  });
  await stores.reconciliation.unstage(database.autocommit, fileId);
  context.log({ level: 'info', msg: 'settlement imported', ...result.file, replayed: result.replayed });
  return result;
}

async function stageFile(
  context: ServiceContext,
  fileId: string,
  { psp, fileName, bytes }: SettlementImport,
): Promise<{ sha256: string; byteCount: number }> {
  const parse = context.settlementParsers[pspOf(context, psp).config.dialect];
  if (parse === undefined) throw new Error(`Bug: nobody reads settlements of ${psp}`);
  const hash = createHash('sha256');
  let byteCount = 0;
  async function* observed(): AsyncGenerator<Uint8Array> {
    for await (const chunk of bytes) {
      hash.update(chunk);
      byteCount += chunk.length;
      yield chunk;
    }
  }
  const { database, stores } = context;
  let block: SettlementRecord[] = [];
  let count = 0;
  // The next block is read while the one before is written.
  let writing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    await writing;
    const records = block;
    block = [];
    writing = stores.reconciliation.stage(database.autocommit, fileId, count - records.length, records);
    // Awaited with the next block; until then a failure waits too.
    writing.catch(() => undefined);
  };
  for await (const record of parse(observed(), { psp, fileName })) {
    block.push(record);
    count += 1;
    if (block.length >= BLOCK) await flush();
  }
  if (block.length > 0) await flush();
  await writing;
  return { sha256: hash.digest('hex'), byteCount };
}

async function reconcile(
  context: ServiceContext,
  unit: Unit,
  { psp, fileId, settledAt }: { psp: string; fileId: string; settledAt: number | null },
): Promise<{ lineCount: number; matchedCount: number; caseCount: number }> {
  const store = context.stores.reconciliation;
  const terms = context.reconciliation.termsOf(psp);
  const nowMs = context.clock.now();
  const staged = await store.stagedBatches(unit, psp, fileId);
  const closing = staged.map((one) => closingOf(one, { terms, settledAt, nowMs }));
  await store.derive(unit, psp, terms, nowMs);
  const { lineCount, matchedCount } = await store.match(unit, { psp, fileId, terms, batches: closing });
  const verdict = classify(await store.residue(unit, psp, fileId, terms), terms);
  await store.apply(unit, verdict);
  const cases: NewCase[] = [
    ...closing.flatMap((one) => restated(psp, one)),
    ...verdict.findings.map((finding) => caseOfFinding(psp, finding)),
    ...(staged.some(({ unknownCount }) => unknownCount > 0) ? await unknownLineCases(context, unit, psp, fileId) : []),
  ];
  for (const batch of closing)
    cases.push(
      ...(await closeBatch(context, unit, { psp, fileId, batch, findings: findingsOf(verdict.findings, batch) })),
    );
  cases.push(...(await missingCases(context, unit, psp)));
  cases.push(...(await bankCases(context, unit, psp)));
  const opened = await openCases(context, unit, cases);
  for (const { subjectId } of verdict.found)
    await closeCase(context, unit, 'missing_at_psp', subjectId, `it came with ${psp}'s file ${fileId}`);
  return { lineCount, matchedCount, caseCount: opened.length };
}

/** What of a staged settlement is new, and when it was closed: as the file says, as we were told, or by its youngest movement. */
function closingOf(
  staged: StagedBatch,
  { terms, settledAt, nowMs }: { terms: SettlementTerms; settledAt: number | null; nowMs: number },
): ClosingBatch {
  const { known } = staged;
  const { youngestPaymentAt, youngestOtherAt } = staged;
  const byPayments = youngestPaymentAt === null ? 0 : paymentDueAt(terms, youngestPaymentAt);
  const byOthers = youngestOtherAt === null ? 0 : otherDueAt(terms, youngestOtherAt);
  const youngest = Math.max(byPayments, byOthers) || nowMs;
  return {
    ...staged,
    settledAt: staged.closedAt ?? settledAt ?? (staged.itemCount === 0 ? known?.settledAt : undefined) ?? youngest,
    items: staged.itemCount > 0 && (known === null || known.itemsFileId === null),
    balance: staged.carriedMinor !== null && (known?.balanceFileId ?? null) === null,
    transfer: staged.transferMinor !== null && (known?.transferMinor ?? null) === null,
  };
}

/** The same settlement again is nothing new; with other content it is. */
function restated(psp: string, { known, batch, currency, itemCount, movementMinor, items }: ClosingBatch): NewCase[] {
  if (known === null || itemCount === 0 || items) return [];
  if (known.lineCount === itemCount && known.movementMinor === movementMinor) return [];
  const summary = `${psp} says of ${batch} in ${currency} that it is ${itemCount} lines over ${movementMinor}; before it was ${known.lineCount} over ${known.movementMinor}. The first stays.`;
  return [
    {
      kind: 'batch_restated',
      subjectId: `${psp}:${batch}:${currency}`,
      psp,
      summary,
      open: { minor: known.movementMinor - movementMinor, currency },
    },
  ];
}

function findingsOf(findings: readonly Finding[], { batch, currency }: ClosingBatch): Finding[] {
  return findings.filter(({ items }) => items[0]?.batch === batch && items[0].settlementCurrency === currency);
}

export function caseOfFinding(
  psp: string,
  { kind, subjectId, expectation, openMinor, currency, summary }: Finding,
): NewCase {
  return {
    kind,
    subjectId: expectation === null && subjectId.includes(':') ? `${psp}:${subjectId}` : subjectId,
    psp,
    summary,
    ...(openMinor === 0 ? {} : { open: { minor: openMinor, currency } }),
    ...(expectation === null ? {} : { expectationId: expectation.id }),
  };
}

async function unknownLineCases(
  { stores }: ServiceContext,
  unit: Unit,
  psp: string,
  fileId: string,
): Promise<NewCase[]> {
  const lines = await stores.reconciliation.unknownLines(unit, psp, fileId);
  return lines.map(({ batch, line, netMinor, currency, raw }) => ({
    kind: 'unknown_line',
    subjectId: `${psp}:${batch}:${line}`,
    psp,
    summary: `Line ${line} of ${batch} is of no kind that we know: ${raw.slice(0, 300)}`,
    ...(netMinor === 0 ? {} : { open: { minor: -netMinor, currency } }),
  }));
}
