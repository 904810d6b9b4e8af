/**
 * Story: a game round takes its stake from the wallet and gives its win back.
 *
 *   debit ─► open ─┬─► credit (zero too) ─► settled
 *                  └─► rollback ─► rolled_back
 *
 * The row of the round is written first: its keys let one debit and one credit through,
 * whoever else comes at the same time, and what follows in the transaction undoes the row when
 * the wallet refuses. A repetition under the same txn_id gives the same answer.
 */
import { ServiceError } from '../domain/errors.ts';
import type { GameRound } from '../ports/game-rounds.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';
import { postMovement, type WalletMoved, type WalletMovement } from './move-wallet.ts';

export interface RoundMovement extends WalletMovement {
  direction: 'credit' | 'debit';
  roundId: string;
}

/** @throws ServiceError round_conflict, insufficient_funds, txn_conflict, idempotency_key_reused */
export function moveInRound(context: ServiceContext, movement: RoundMovement): Promise<WalletMoved> {
  return context.database.transaction((unit) =>
    movement.direction === 'debit' ? openRound(context, unit, movement) : settleRound(context, unit, movement),
  );
}

async function openRound(context: ServiceContext, unit: Unit, movement: RoundMovement): Promise<WalletMoved> {
  const { rounds } = context.stores;
  const { roundId, playerId, currency, txnId, amountMinor, paymentId } = movement;
  const opened = await rounds.open(unit, {
    roundId,
    playerId,
    currency,
    status: 'open',
    debitTxnId: txnId,
    debitedMinor: amountMinor,
    paymentId,
    creditTxnId: null,
    creditedMinor: null,
    availableAfterMinor: null,
    openedAt: context.clock.now(),
    closedAt: null,
  });
  if (!opened) {
    const round = await rounds.find(unit, roundId);
    if (round?.debitTxnId !== txnId) throw conflictOf(round, movement);
  }
  const moved = await postMovement(context, unit, movement);
  if (opened && moved.replayed) throw txnConflict(txnId);
  return moved;
}

async function settleRound(context: ServiceContext, unit: Unit, movement: RoundMovement): Promise<WalletMoved> {
  const { rounds } = context.stores;
  const { roundId, playerId, currency, txnId, amountMinor } = movement;
  const closed = await rounds.close(unit, {
    roundId,
    playerId,
    currency,
    status: 'settled',
    creditTxnId: txnId,
    creditedMinor: amountMinor,
    nowMs: context.clock.now(),
  });
  const round = await rounds.find(unit, roundId);
  if (!closed) {
    const isRepeated = round?.creditTxnId === txnId && round.status === 'settled' && round.playerId === playerId;
    if (round === null || !isRepeated) throw conflictOf(round, movement);
    if (round.creditedMinor !== amountMinor || round.currency !== currency) throw txnConflict(txnId);
  }
  if (amountMinor > 0) {
    const moved = await postMovement(context, unit, movement);
    if (closed && moved.replayed) throw txnConflict(txnId);
    return moved;
  }
  if (!closed) return { availableMinor: round?.availableAfterMinor ?? 0, replayed: true };
  // Nothing moves: the wallet as it is now is what a repetition answers too.
  const wallets = await context.parts.ledger.wallets(unit, playerId);
  const availableMinor = wallets.find((wallet) => wallet.currency === currency)?.availableMinor ?? 0;
  await rounds.noteAvailable(unit, roundId, availableMinor);
  return { availableMinor, replayed: false };
}

export interface RollbackRequest {
  roundId: string;
  txnId: string;
  idempotencyKey: string;
}

/** @throws ServiceError not_found, round_conflict, txn_conflict, idempotency_key_reused */
export function rollBackRound(
  context: ServiceContext,
  { roundId, txnId, idempotencyKey }: RollbackRequest,
): Promise<{ round: GameRound; replayed: boolean }> {
  const { rounds } = context.stores;
  return context.database.transaction(async (unit) => {
    const round = await rounds.find(unit, roundId);
    if (round === null) throw new ServiceError('not_found', `There is no round ${roundId}.`);
    const { playerId, currency, debitedMinor, paymentId } = round;
    const closed = await rounds.close(unit, {
      roundId,
      playerId,
      currency,
      status: 'rolled_back',
      creditTxnId: txnId,
      creditedMinor: debitedMinor,
      nowMs: context.clock.now(),
    });
    const now = (await rounds.find(unit, roundId)) ?? round;
    if (!closed && !(now.status === 'rolled_back' && now.creditTxnId === txnId))
      throw conflictOf(now, { roundId, txnId });
    const movement = {
      direction: 'rollback',
      playerId,
      paymentId,
      txnId,
      amountMinor: debitedMinor,
      currency,
    } as const;
    const moved = await postMovement(context, unit, { ...movement, idempotencyKey });
    if (closed && moved.replayed) throw txnConflict(txnId);
    return { round: now, replayed: !closed };
  });
}

/** @throws ServiceError not_found */
export async function findRound({ stores, database }: ServiceContext, roundId: string): Promise<GameRound> {
  const round = await stores.rounds.find(database.autocommit, roundId);
  if (round === null) throw new ServiceError('not_found', `There is no round ${roundId}.`);
  return round;
}

function conflictOf(round: GameRound | null, { roundId, txnId }: { roundId: string; txnId: string }): ServiceError {
  if (round === null)
    return new ServiceError('round_conflict', `Round ${roundId} has no debit, or ${txnId} belongs to another round.`);
  const words = { open: 'is open', settled: 'is settled', rolled_back: 'was rolled back' } as const;
  return new ServiceError('round_conflict', `Round ${roundId} ${words[round.status]}; ${txnId} is not of it.`, {
    details: {
      round_id: roundId,
      status: round.status,
      debit_txn_id: round.debitTxnId,
      credit_txn_id: round.creditTxnId,
    },
  });
}

function txnConflict(txnId: string): ServiceError {
  return new ServiceError('txn_conflict', `txn_id ${txnId} exists with other content.`);
}
