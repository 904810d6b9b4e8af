/**
 * Story: the platform moves money in or out of a wallet (a bet, a win). One local transaction;
 * `txn_id` names the movement for ever, so a repetition answers what the first one did.
 */
import { ServiceError } from '../domain/errors.ts';
import { formatAmount } from '../domain/money.ts';
import type { ServiceContext } from './context.ts';

export interface WalletMovement {
  direction: 'credit' | 'debit';
  playerId: string;
  paymentId: string;
  txnId: string;
  amountMinor: number;
  currency: string;
  idempotencyKey: string;
}

export interface WalletMoved {
  /** Minor units in the wallet after this movement. */
  availableMinor: number;
  replayed: boolean;
}

/** @throws ServiceError insufficient_funds, txn_conflict, idempotency_key_reused */
export async function moveWallet(context: ServiceContext, movement: WalletMovement): Promise<WalletMoved> {
  const [outcome] = await context.database.transaction((unit) =>
    context.parts.ledger.post(unit, [
      {
        kind: movement.direction === 'credit' ? 'platform_credit' : 'platform_debit',
        paymentId: movement.paymentId,
        playerId: movement.playerId,
        amountMinor: movement.amountMinor,
        currency: movement.currency,
        psp: null,
        txnId: movement.txnId,
        idempotencyKey: movement.idempotencyKey,
      },
    ]),
  );
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
