/**
 * The second match: settlements against what came to the bank. A transfer that names its
 * settlement is that settlement's, whatever its amount; one that names none is matched by amount,
 * currency and day, the oldest first.
 */
import type { NewCase } from '../../domain/case.ts';
import type { BankLine, SettlementBatch } from '../../ports/reconciliation.ts';
import type { Unit } from '../../ports/unit.ts';
import type { ServiceContext } from '../context.ts';
import { shortPayout } from './close-batch.ts';

const DAY_MS = 86_400_000;

/** Pairs what fits, and tells of what does not and has had its time. */
export async function bankCases(context: ServiceContext, unit: Unit, psp: string): Promise<NewCase[]> {
  const { reconciliation } = context.stores;
  const bookedThrough = await reconciliation.latestBookedAt(unit, psp);
  // Nobody tells us what comes to the bank: the files' own word is all there is.
  if (bookedThrough === null) return [];
  const patienceMs = context.reconciliation.termsOf(psp).bankDays * DAY_MS;
  const lines = await reconciliation.openBankLines(unit, psp);
  const batches = await reconciliation.openTransfers(unit, psp);
  const cases: NewCase[] = [];
  const { pairs, restLines, restBatches } = paired(lines, batches, patienceMs);
  for (const { line, batch } of pairs) {
    await reconciliation.pairBankLine(unit, line, batch);
    const dueMinor = batch.transferMinor ?? 0;
    if (line.amountMinor === dueMinor) continue;
    const said = `${line.amountMinor} ${line.currency} came to the bank for ${batch.batch}`;
    cases.push(shortPayout(batch, { dueMinor, paidMinor: line.amountMinor, said }));
  }
  for (const batch of restBatches) {
    if (batch.settledAt + patienceMs >= bookedThrough) continue;
    const { currency, transferMinor } = batch;
    cases.push({
      kind: 'transfer_missing',
      subjectId: `${psp}:${batch.batch}:${currency}`,
      psp,
      summary: `${psp} transferred ${transferMinor ?? 0} ${currency} for ${batch.batch}, and nothing of it came to the bank.`,
      open: { minor: transferMinor ?? 0, currency },
    });
  }
  const latest = await reconciliation.latestSettledAt(unit, psp);
  for (const line of restLines) {
    if (latest === null || line.bookedAt + patienceMs >= latest) continue;
    cases.push({
      kind: 'unknown_transfer',
      subjectId: `${psp}:bank:${line.id}`,
      psp,
      summary: `${line.amountMinor} ${line.currency} came from ${psp} ("${line.text.slice(0, 200)}"), and no settlement says why.`,
      open: { minor: -line.amountMinor, currency: line.currency },
    });
  }
  return cases;
}

interface Pairing {
  pairs: { line: BankLine; batch: SettlementBatch }[];
  restLines: BankLine[];
  restBatches: SettlementBatch[];
}

function paired(lines: readonly BankLine[], batches: readonly SettlementBatch[], patienceMs: number): Pairing {
  const open = [...batches];
  const pairs: Pairing['pairs'] = [];
  const take = (line: BankLine, fits: (batch: SettlementBatch) => boolean): boolean => {
    const at = open.findIndex((batch) => batch.currency === line.currency && fits(batch));
    const batch = open[at];
    if (batch === undefined) return false;
    open.splice(at, 1);
    pairs.push({ line, batch });
    return true;
  };
  const unnamed = lines.filter((line) => !take(line, (batch) => names(line.text, batch.batch)));
  const restLines = unnamed.filter(
    (line) =>
      !take(
        line,
        ({ transferMinor, settledAt }) =>
          transferMinor === line.amountMinor &&
          line.bookedAt >= settledAt - DAY_MS &&
          line.bookedAt <= settledAt + patienceMs,
      ),
  );
  return { pairs, restLines, restBatches: open };
}

/** The id as a word of its own: `po_1` is not in `po_12`. */
function names(text: string, batch: string): boolean {
  const at = text.indexOf(batch);
  if (at < 0) return false;
  const isWord = (character: string | undefined): boolean => character !== undefined && /[A-Za-z0-9_-]/.test(character);
  return !isWord(text[at - 1]) && !isWord(text[at + batch.length]);
}
