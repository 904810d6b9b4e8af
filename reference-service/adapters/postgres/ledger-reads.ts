/**
 * What the ledger says: balances of a player, entries, trial balance. Reads only.
 */
import type { LedgerPort, TransferKind } from '../../ports/ledger.ts';
import { integer, sqlOf } from './unit.ts';

export const wallets: LedgerPort['wallets'] = async (unit, playerId) => {
  const rows = await sqlOf(unit)<{ currency: string; available_minor: string; held_minor: string }>(
    'select currency, available_minor, held_minor from wallet where player_id = :playerId order by currency',
    { playerId },
  );
  return rows.map((row) => ({
    currency: row.currency,
    availableMinor: integer(row.available_minor),
    heldMinor: integer(row.held_minor),
  }));
};

export const entries: LedgerPort['entries'] = async (unit, playerId, { after, limit }) => {
  const rows = await sqlOf(unit)<{
    id: string;
    transfer_id: string;
    kind: TransferKind;
    account: string;
    amount_minor: string;
    currency: string;
    payment_id: string;
    part: string;
    created_at: string;
  }>(
    `select e.id, e.transfer_id, t.kind, e.account, e.amount_minor, e.currency, t.payment_id, t.part, e.created_at
     from entry e join transfer t on t.id = e.transfer_id
     where e.account in (:wallet, :hold) and e.id > :after order by e.id limit :limit`,
    { wallet: `wallet:${playerId}`, hold: `hold:${playerId}`, after, limit },
  );
  return rows.map((row) => ({
    id: integer(row.id),
    transferId: row.transfer_id,
    kind: row.kind,
    account: row.account,
    amountMinor: integer(row.amount_minor),
    currency: row.currency,
    paymentId: row.payment_id,
    part: row.part === '' ? null : row.part,
    createdAt: integer(row.created_at),
  }));
};

export const balances: LedgerPort['balances'] = async (unit) => {
  const rows = await sqlOf(unit)<{ account: string; currency: string; balance: string }>(
    'select account, currency, sum(amount_minor) as balance from entry group by account, currency order by account collate "C", currency',
  );
  return rows.map((row) => ({ account: row.account, currency: row.currency, balanceMinor: integer(row.balance) }));
};
