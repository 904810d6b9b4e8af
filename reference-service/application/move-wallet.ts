/**
 * Story: the platform moves money in or out of a wallet (a bet, a win). One local transaction;
 * `txn_id` names the movement for ever, so a repetition answers what the first one did.
 */
import { ServiceError } from '../domain/errors.ts';
import { formatAmount } from '../domain/money.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';

export interface WalletMovement {
  /** `rollback`: the debit of a game round that did not take place comes back. */
  direction: 'credit' | 'debit' | 'rollback';
  playerId: string;
  paymentId: string;
  txnId: string;
  amountMinor: number;
  currency: string;
  idempotencyKey: string;
}

const KINDS = { credit: 'platform_credit', debit: 'platform_debit', rollback: 'round_rollback' } as const;

export interface WalletMoved {
  /** Minor units in the wallet after this movement. */
  availableMinor: number;
  replayed: boolean;
}

/** @throws ServiceError insufficient_funds, txn_conflict, idempotency_key_reused */
export function moveWallet(context: ServiceContext, movement: WalletMovement): Promise<WalletMoved> {
  return context.database.transaction(async (unit) => {
    const moved = await postMovement(context, unit, movement);
    // What was done for a game round is not repeated without naming it.
    if (moved.replayed && (await context.stores.rounds.ofTxn(unit, movement.txnId)) !== null)
      throw new ServiceError('txn_conflict', `txn_id ${movement.txnId} belongs to a game round.`);
    return moved;
  });
}

/** The movement inside the caller's transaction; an error is the caller's reason to roll all of it back. */
export async function postMovement(
  context: ServiceContext,
  unit: Unit,
  movement: WalletMovement,
): Promise<WalletMoved> {
  const [outcome] = await context.parts.ledger.post(unit, [
    {
      kind: KINDS[movement.direction],
      paymentId: movement.paymentId,
      playerId: movement.playerId,
      amountMinor: movement.amountMinor,
      currency: movement.currency,
      psp: null,
      txnId: movement.txnId,
      idempotencyKey: movement.idempotencyKey,
    },
  ]);
  switch (outcome?.kind) {
    case 'posted':
    case 'already':
      return { availableMinor: outcome.availableMinor, replayed: outcome.kind === 'already' };
    case 'insufficient_funds':
      throw new ServiceError('insufficient_funds', 'The wallet has less than the amount asked for.', {
        details: { available: formatAmount(outcome.availableMinor, movement.currency), currency: movement.currency },
      });
    case 'conflict':
      if (outcome.on === 'txn_id')
        throw new ServiceError('txn_conflict', `txn_id ${movement.txnId} exists with other content.`);
      throw new ServiceError('idempotency_key_reused', 'This idempotency_key was used with another txn_id.');
    case undefined:
      throw new Error('Bug: the ledger answered nothing');
  }
}
