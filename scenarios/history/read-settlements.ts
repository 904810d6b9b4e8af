/**
 * Settlement out of a history: batches as PSPs told them, with the requests that brought them to
 * the target, and what was planted in them.
 */
import { markOf, valueOf } from './read-messages.ts';
import type { Operation, Outcome } from './records.ts';
import type { ListedSettlements, Planted, SettlementRecords, ToldBatch } from './settlement-records.ts';
import type {
  ImportInvoke,
  SettlementBatchValue,
  SettlementsProbe,
  SettlementTermsNote,
  StrikeValue,
} from './settlement-vocabulary.ts';
import type { HistoryEvent } from './vocabulary.ts';

export function readSettlements(events: readonly HistoryEvent[]): SettlementRecords {
  const batches = new Map<string, ToldBatch>();
  const imports = new Map<number, Operation>();
  const planted: Planted[] = [];
  let listed: ListedSettlements | undefined;
  let terms: SettlementRecords['terms'];
  for (const event of events) {
    if (event.f === 'settlement-batch') {
      const batch = batchOf(event);
      batches.set(batch.batch, batch);
    } else if (event.f === 'import') readImport(event, imports, batches);
    else if (event.f === 'settlements' && event.type === 'obs') listed = listOf(event) ?? listed;
    else if (event.f === 'settlement-terms') terms = termsOf(event);
    else if (event.type === 'fault' && event.f.startsWith('settlement-')) {
      const strike = plantedOf(event);
      if (strike !== undefined) planted.push(strike);
    }
  }
  return { batches: [...batches.values()], imports: [...imports.values()], planted, listed, terms };
}

function batchOf(event: HistoryEvent): ToldBatch {
  const value = valueOf<SettlementBatchValue>(event);
  return {
    ...markOf(event),
    psp: value.psp,
    batch: value.batch,
    currency: value.currency,
    closedAt: Date.parse(value.closed_at),
    files: value.files ?? [],
    carriedMinor: value.carried_minor ?? 0,
    transferMinor: value.transfer_minor ?? 0,
    lines: value.lines ?? [],
    imports: [],
  };
}

function readImport(event: HistoryEvent, imports: Map<number, Operation>, batches: Map<string, ToldBatch>): void {
  if (event.type === 'invoke') {
    const value = valueOf<ImportInvoke>(event);
    const operation: Operation = {
      f: 'import',
      op: value.op,
      proc: event.proc,
      invoked: markOf(event),
      input: { ...value },
      outcome: 'open',
      answer: {},
    };
    imports.set(event.i, operation);
    if (value.kind === 'settlement') batches.get(value.batch)?.imports.push(operation);
    return;
  }
  const operation = imports.get(event.cause ?? -1);
  if (operation === undefined || (event.type !== 'ok' && event.type !== 'fail' && event.type !== 'info')) return;
  operation.outcome = event.type satisfies Outcome;
  operation.ended = markOf(event);
  operation.answer = valueOf(event);
}

function listOf(event: HistoryEvent): ListedSettlements | undefined {
  const value = valueOf<SettlementsProbe>(event);
  if (value.phase !== 'final') return undefined;
  return { ...markOf(event), settlements: value.settlements ?? [] };
}

function termsOf(event: HistoryEvent): SettlementRecords['terms'] {
  const value = valueOf<SettlementTermsNote>(event);
  return { lateAfterMs: value.late_after_ms, missingAfterMs: value.missing_after_ms };
}

/** Begin and end of the window in which it may strike plant nothing. */
function plantedOf(event: HistoryEvent): Planted | undefined {
  const value = valueOf<StrikeValue>(event);
  if (value.discrepancy === undefined) return undefined;
  return {
    ...markOf(event),
    discrepancy: value.discrepancy,
    psp: value.psp,
    batch: value.batch_id,
    reference: value.reference ?? null,
    pspReference: value.psp_reference ?? null,
    otherReference: value.other_reference ?? null,
    lineId: value.line_id ?? null,
    lineType: value.line_type ?? null,
    grossMinor: value.gross_minor ?? null,
    currency: value.currency ?? null,
    byMinor: value.more_minor ?? value.missing_minor ?? 0,
  };
}
