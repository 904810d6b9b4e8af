/**
 * Story: a person decides about a case. The decision, the correcting transfer and the word to the
 * platform are one commit; a case is decided once, and the same decision again answers the same.
 *
 *   accept ─► nothing moves
 *   write_off ─► the PSP's clearing account ↔ our loss (a fee: the fees of that PSP)
 *   recredit ─► the PSP's clearing account ─► the player's wallet
 *   correct ─► from one named account to another
 */
import type { Case, CaseAction } from '../domain/case.ts';
import { ServiceError } from '../domain/errors.ts';
import {
  CHARGEBACK_LOSS,
  SUSPENSE,
  clearingAccount,
  feesAccount,
  isAccount,
  playerOf,
  walletAccount,
} from '../domain/ledger-accounts.ts';
import type { LedgerCommand } from '../ports/ledger.ts';
import type { Unit } from '../ports/unit.ts';
import { tellOfCase } from './cases.ts';
import type { ServiceContext } from './context.ts';

export interface CaseDecision {
  action: CaseAction;
  /** Who decides. */
  by: string;
  note: string;
  /** Not `accept`: default is the open money of the case. */
  money: { amountMinor: number; currency: string } | null;
  /** `correct` only. */
  accounts: { from: string; to: string } | null;
}

interface Movement {
  from: string;
  to: string;
  amountMinor: number;
  currency: string;
}

/** @throws ServiceError not_found, invalid_state, validation_failed, insufficient_funds */
export async function resolveCase(
  context: ServiceContext,
  caseId: string,
  decision: CaseDecision,
): Promise<{ case: Case; replayed: boolean }> {
  const { clock, database, stores } = context;
  return database.transaction(async (unit) => {
    const found = await stores.cases.lock(unit, caseId);
    if (found === null) throw new ServiceError('not_found', `There is no case ${caseId}.`);
    if (found.status === 'resolved') {
      if (found.resolution === decision.action) return { case: found, replayed: true };
      throw new ServiceError('invalid_state', `Case ${caseId} was resolved by ${found.resolution ?? 'nobody'}.`, {
        details: { status: found.status, resolution: found.resolution },
      });
    }
    const movement = await movementOf(context, unit, found, decision);
    if (movement !== null) await post(context, unit, found, movement, decision);
    const nowMs = clock.now();
    if (found.expectationId !== undefined) await stores.reconciliation.settle(unit, found.expectationId);
    await stores.cases.resolve(unit, caseId, decision.action, nowMs);
    await stores.cases.addEvent(unit, caseId, {
      type: 'resolved',
      actor: decision.by,
      note: decision.note,
      data: { action: decision.action, ...(movement === null ? {} : { transfer: { ...movement } }) },
      at: nowMs,
    });
    const resolved: Case = { ...found, status: 'resolved', resolution: decision.action, resolvedAt: nowMs };
    await tellOfCase(context, unit, 'case.resolved', resolved);
    return { case: resolved, replayed: false };
  });
}

async function movementOf(
  context: ServiceContext,
  unit: Unit,
  found: Case,
  { action, money, accounts }: CaseDecision,
): Promise<Movement | null> {
  if (action === 'accept') return null;
  const { amountMinor, currency } = money ?? {
    amountMinor: found.open?.minor ?? 0,
    currency: found.open?.currency ?? '',
  };
  if (amountMinor === 0 || currency === '')
    throw invalid('amount', 'The case has no open money; say amount and currency, or accept it.');
  if (action === 'correct') {
    if (accounts === null) throw invalid('from', 'A correction names the accounts from and to.');
    const { from, to } = accounts;
    if (!isAccount(from) || !isAccount(to) || from === to)
      throw invalid('from', 'from and to are two different accounts of the chart.');
    return { from, to, amountMinor: Math.abs(amountMinor), currency };
  }
  if (found.psp === null) throw invalid('action', 'The case names no PSP; use correct and say the accounts.');
  const clearing = clearingAccount(found.psp);
  const other = action === 'write_off' ? lossAccount(found, amountMinor) : await walletOf(context, unit, found);
  // Too little from the PSP leaves its clearing account owing us, and too much the other way round.
  const [from, to] = action === 'recredit' || amountMinor < 0 ? [clearing, other] : [other, clearing];
  return { from, to, amountMinor: Math.abs(amountMinor), currency };
}

/** A wrong fee is a cost like the right one; what nobody can explain stays in suspense when it is in our favour. */
function lossAccount(found: Case, amountMinor: number): string {
  if (found.kind === 'fee_mismatch' && found.psp !== null) return feesAccount(found.psp);
  return amountMinor < 0 ? SUSPENSE : CHARGEBACK_LOSS;
}

async function walletOf({ stores }: ServiceContext, unit: Unit, { subjectId }: Case): Promise<string> {
  const payment = await stores.deposits.find(unit, subjectId);
  const payout = payment === null ? await stores.payouts.find(unit, subjectId) : null;
  const playerId = payment?.payment.playerId ?? payout?.payout.playerId;
  if (playerId === undefined)
    throw invalid('action', 'The case is about no payment of a player; use correct and say the accounts.');
  return walletAccount(playerId);
}

async function post(
  context: ServiceContext,
  unit: Unit,
  found: Case,
  { from, to, amountMinor, currency }: Movement,
  { note }: CaseDecision,
): Promise<void> {
  const command: LedgerCommand = {
    kind: 'correction',
    paymentId: found.subjectId,
    part: found.id,
    playerId: playerOf(from)?.playerId ?? playerOf(to)?.playerId ?? null,
    amountMinor,
    currency,
    psp: found.psp,
    txnId: null,
    idempotencyKey: null,
    from,
    to,
    reason: note,
    caseId: found.id,
  };
  const [outcome] = await context.parts.ledger.post(unit, [command]);
  if (outcome?.kind === 'insufficient_funds')
    throw new ServiceError('insufficient_funds', `${from} has not so much.`, {
      details: { account: from, currency },
    });
  if (outcome?.kind !== 'posted' && outcome?.kind !== 'already')
    throw new Error(`Bug: the correction of ${found.id} was refused: ${outcome?.kind}`);
}

function invalid(field: string, message: string): ServiceError {
  return new ServiceError('validation_failed', message, { details: { errors: [{ field, message }] } });
}
