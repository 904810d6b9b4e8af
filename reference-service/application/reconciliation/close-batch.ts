/**
 * A settlement as a whole: its lines must add up to its transfer, and the ledger is told what it
 * cost and what it brought. Posted once per settlement; what is wrong stays open on the PSP's
 * clearing account until its case is decided.
 *
 *   fees (as agreed) ─► clearing     clearing ◄─► fx     bank ─► clearing (the transfer)
 */
import type { NewCase } from '../../domain/case.ts';
import { balanceOf, netOf, wrongMinorOf } from '../../domain/reconciliation/balance.ts';
import type { Finding } from '../../domain/reconciliation/findings.ts';
import { BANK, FX, clearingAccount, feesAccount } from '../../domain/ledger-accounts.ts';
import type { LedgerCommand } from '../../ports/ledger.ts';
import type { SettlementBatch, StagedBatch } from '../../ports/reconciliation.ts';
import type { Unit } from '../../ports/unit.ts';
import type { ServiceContext } from '../context.ts';
import { pspOf } from '../context.ts';

/** A staged settlement, and what of it is taken from this file. */
export interface ClosingBatch extends StagedBatch {
  settledAt: number;
  items: boolean;
  /** What was carried over. */
  balance: boolean;
  transfer: boolean;
}

/** Stripe's report has no row for the transfer: it is the sum of the others. */
const TRANSFERS_WHAT_ITS_LINES_SAY = ['stripe'];

export async function closeBatch(
  context: ServiceContext,
  unit: Unit,
  work: { psp: string; fileId: string; batch: ClosingBatch; findings: readonly Finding[] },
): Promise<NewCase[]> {
  const { psp, batch, findings } = work;
  if (!batch.items && !batch.balance && !batch.transfer) return [];
  const { next, dueMinor } = await totalsOf(context, unit, work);
  await context.stores.reconciliation.saveBatch(unit, next);
  if (batch.items) await postItems(context, unit, { psp, batch, findings });
  const isNews = batch.known === null || batch.known.transferMinor === null;
  if (next.transferMinor !== null && isNews) await postTransfer(context, unit, next, next.transferMinor);
  return shortfallOf(next, dueMinor);
}

async function totalsOf(
  context: ServiceContext,
  unit: Unit,
  { psp, fileId, batch, findings }: { psp: string; fileId: string; batch: ClosingBatch; findings: readonly Finding[] },
): Promise<{ next: SettlementBatch; dueMinor: number }> {
  const { items, balance, known, settledAt, currency } = batch;
  const terms = context.reconciliation.termsOf(psp);
  const before = await context.stores.reconciliation.batchBefore(unit, psp, currency, settledAt);
  const movementMinor = items ? batch.movementMinor : (known?.movementMinor ?? 0);
  const carriedMinor = balance ? (batch.carriedMinor ?? 0) : (known?.carriedMinor ?? 0);
  const wrongMinor = items ? wrongMinorOf(findings) : (known?.wrongMinor ?? 0);
  const overdue = await context.stores.reconciliation.overdue(unit, psp, { currency, settledAt });
  const toldMinor = (batch.transfer ? batch.transferMinor : null) ?? known?.transferMinor ?? null;
  const { dueMinor, leftMinor, leftIfRightMinor } = balanceOf({
    before,
    carriedMinor: balance || known?.balanceFileId != null ? carriedMinor : null,
    movementMinor,
    wrongMinor,
    transferMinor: toldMinor,
    overdueMinor: overdue.map((movement) => netOf(movement, terms, currency)),
  });
  const isImplied = TRANSFERS_WHAT_ITS_LINES_SAY.includes(pspOf(context, psp).config.dialect);
  const next: SettlementBatch = {
    psp,
    batch: batch.batch,
    currency,
    itemsFileId: items ? fileId : (known?.itemsFileId ?? null),
    balanceFileId: balance ? fileId : (known?.balanceFileId ?? null),
    lineCount: items ? batch.itemCount : (known?.lineCount ?? 0),
    movementMinor,
    feeMinor: items ? batch.feeMinor : (known?.feeMinor ?? 0),
    carriedMinor,
    wrongMinor,
    transferMinor: toldMinor ?? (isImplied ? dueMinor : null),
    leftMinor,
    leftIfRightMinor,
    settledAt: known?.itemsFileId != null && batch.closedAt === null ? known.settledAt : settledAt,
    bankLineId: known?.bankLineId ?? null,
    importedAt: known?.importedAt ?? context.clock.now(),
  };
  return { next, dueMinor };
}

/** Lines and transfer known, and not the same: the rest is still at the PSP. */
function shortfallOf(next: SettlementBatch, dueMinor: number): NewCase[] {
  const { psp, batch, currency, itemsFileId, transferMinor } = next;
  if (itemsFileId === null || transferMinor === null || transferMinor === dueMinor) return [];
  const said = `${psp} transfers ${transferMinor} ${currency} for ${batch}`;
  return [shortPayout(next, { dueMinor, paidMinor: transferMinor, said })];
}

export function shortPayout(
  { psp, batch, currency }: SettlementBatch,
  { dueMinor, paidMinor, said }: { dueMinor: number; paidMinor: number; said: string },
): NewCase {
  return {
    kind: 'short_payout',
    subjectId: `${psp}:${batch}:${currency}`,
    psp,
    summary: `${said}; its lines and what was left before add up to ${dueMinor}.`,
    open: { minor: dueMinor - paidMinor, currency },
  };
}

async function postItems(
  context: ServiceContext,
  unit: Unit,
  { psp, batch, findings }: { psp: string; batch: ClosingBatch; findings: readonly Finding[] },
): Promise<void> {
  const postings = await context.stores.reconciliation.postingsOf(
    unit,
    psp,
    batch.batch,
    findings.filter(({ kind }) => kind === 'fee_mismatch'),
  );
  const own = postings.find(({ currency }) => currency === batch.currency);
  if (own === undefined) return;
  const clearing = clearingAccount(psp);
  const commands: LedgerCommand[] = [];
  const fee = command(psp, batch.batch, { part: `fees-${own.currency}`, currency: own.currency });
  if (own.feeMinor > 0) commands.push({ ...fee, kind: 'psp_fee', amountMinor: own.feeMinor });
  // A PSP that gave back more than it charged.
  if (own.feeMinor < 0) commands.push({ ...fee, amountMinor: -own.feeMinor, from: clearing, to: feesAccount(psp) });
  for (const [currency, minor] of summedUp(own.exchanged)) {
    const exchange = command(psp, batch.batch, { part: `fx-${own.currency}-${currency}`, currency });
    const accounts = minor < 0 ? { from: FX, to: clearing } : { from: clearing, to: FX };
    commands.push({ ...exchange, ...accounts, amountMinor: Math.abs(minor) });
  }
  await post(context, unit, commands);
}

async function postTransfer(
  context: ServiceContext,
  unit: Unit,
  { psp, batch, currency }: SettlementBatch,
  transferMinor: number,
): Promise<void> {
  const transfer = command(psp, batch, { part: `transfer-${currency}`, currency });
  const accounts =
    transferMinor < 0 ? { from: clearingAccount(psp), to: BANK } : { from: BANK, to: clearingAccount(psp) };
  if (transferMinor !== 0)
    await post(context, unit, [{ ...transfer, ...accounts, amountMinor: Math.abs(transferMinor) }]);
}

function command(psp: string, batch: string, { part, currency }: { part: string; currency: string }): LedgerCommand {
  return {
    kind: 'settlement',
    paymentId: `${psp}:${batch}`,
    part,
    playerId: null,
    amountMinor: 0,
    currency,
    psp,
    txnId: null,
    idempotencyKey: null,
  };
}

async function post(context: ServiceContext, unit: Unit, commands: readonly LedgerCommand[]): Promise<void> {
  const outcomes = await context.parts.ledger.post(unit, commands);
  const refused = outcomes.find(({ kind }) => kind !== 'posted' && kind !== 'already');
  if (refused !== undefined) throw new Error(`Bug: a settlement was refused by the ledger: ${refused.kind}`);
}

function summedUp(changes: readonly { currency: string; minor: number }[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { currency, minor } of changes) sums.set(currency, (sums.get(currency) ?? 0) + minor);
  return new Map([...sums].filter(([, minor]) => minor !== 0));
}
