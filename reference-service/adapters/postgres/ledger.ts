/**
 * Ledger in PostgreSQL. A movement is one statement: the transfer, its two entries and the
 * wallet row change together or not at all, and the unique indexes of `transfer` make a
 * repetition a no-op. Movements that need money in the wallet lock its row first.
 *
 *   insert transfer (on conflict do nothing) ──► no row: done before
 *          └─► wallet row ─► two entries of opposite sign
 */
import type { LedgerCommand, LedgerOutcome, LedgerPort, TransferKind } from '../../ports/ledger.ts';
import type { Ids } from '../../../kernel/index.ts';
import type { Clock } from '../../../kernel/index.ts';
import type { Unit } from '../../ports/unit.ts';
import { balances, entries, wallets } from './ledger-reads.ts';
import { integer, integerOrNull, sqlOf } from './unit.ts';

interface Posting {
  /** What changes in the wallet row, in units of the amount. */
  available: -1 | 0 | 1;
  held: -1 | 0 | 1;
  /** Account that loses and account that gains. */
  from: string;
  to: string;
}

function postingOf({ kind, playerId, psp }: LedgerCommand): Posting {
  const wallet = `wallet:${playerId}`;
  const hold = `hold:${playerId}`;
  const provider = `psp:${psp ?? 'unknown'}`;
  const postings: Record<TransferKind, Posting> = {
    deposit_credit: { available: 1, held: 0, from: provider, to: wallet },
    payout_reserve: { available: -1, held: 1, from: wallet, to: hold },
    payout_post: { available: 0, held: -1, from: hold, to: provider },
    payout_void: { available: 1, held: -1, from: hold, to: wallet },
    payout_return: { available: 1, held: 0, from: provider, to: wallet },
    platform_credit: { available: 1, held: 0, from: 'platform', to: wallet },
    platform_debit: { available: -1, held: 0, from: wallet, to: 'platform' },
  };
  return postings[kind];
}

/**
 * `wallet_change` inserts a missing wallet only for credits: a row with a negative part would
 * violate its check before the conflict is seen.
 */
function movement(posting: Posting): string {
  const change =
    posting.available >= 0 && posting.held >= 0
      ? `insert into wallet as w (player_id, currency, available_minor, held_minor, updated_at)
         select :playerId, :currency, cast(:available as bigint), cast(:held as bigint), cast(:nowMs as bigint) from posted
         on conflict (player_id, currency) do update set available_minor = w.available_minor + excluded.available_minor,
           held_minor = w.held_minor + excluded.held_minor, updated_at = excluded.updated_at
         returning w.available_minor`
      : `update wallet w set available_minor = w.available_minor + cast(:available as bigint), held_minor = w.held_minor + cast(:held as bigint),
           updated_at = cast(:nowMs as bigint)
         from posted where w.player_id = :playerId and w.currency = :currency
         returning w.available_minor`;
  return `
    with posted as (
      insert into transfer (id, kind, payment_id, txn_id, idempotency_key, player_id, amount_minor, currency, created_at)
      values (:id, :kind, :paymentId, :txnId, :idempotencyKey, :playerId, :amountMinor, :currency, :nowMs)
      on conflict do nothing returning id
    ), wallet_change as (${change}),
    lines as (
      insert into entry (transfer_id, account, amount_minor, currency, created_at)
      select posted.id, line.account, line.amount, :currency, cast(:nowMs as bigint)
      from posted cross join (values (1, cast(:from as text), -cast(:amountMinor as bigint)), (2, cast(:to as text), cast(:amountMinor as bigint)))
        as line (position, account, amount)
      order by line.position
    )
    select posted.id, wallet_change.available_minor from posted left join wallet_change on true`;
}

export function createLedger({ clock, ids }: { clock: Clock; ids: Ids }): LedgerPort {
  async function post(unit: Unit, command: LedgerCommand): Promise<LedgerOutcome> {
    const posting = postingOf(command);
    if (posting.available < 0) {
      const availableMinor = await lockedAvailable(unit, command);
      if (availableMinor < command.amountMinor) {
        return (await earlier(unit, command)) ?? { kind: 'insufficient_funds', availableMinor };
      }
    }
    const rows = await sqlOf(unit)<{ id: string; available_minor: string | null }>(movement(posting), {
      id: ids.next('tr'),
      kind: command.kind,
      paymentId: command.paymentId,
      txnId: command.txnId,
      idempotencyKey: command.idempotencyKey,
      playerId: command.playerId,
      amountMinor: command.amountMinor,
      currency: command.currency,
      nowMs: clock.now(),
      available: posting.available * command.amountMinor,
      held: posting.held * command.amountMinor,
      from: posting.from,
      to: posting.to,
    });
    const row = rows[0];
    if (row === undefined) {
      const before = await earlier(unit, command);
      if (before === null)
        throw new Error(`Bug: ${command.kind} of ${command.paymentId} met a conflict that nobody caused`);
      return before;
    }
    if (row.available_minor === null)
      throw new Error(`Bug: ${command.kind} of ${command.paymentId} found no wallet of ${command.playerId}`);
    const availableMinor = integer(row.available_minor);
    if (command.txnId !== null) {
      await sqlOf(unit)('update transfer set available_after_minor = :availableMinor where id = :id', {
        availableMinor,
        id: row.id,
      });
    }
    return { kind: 'posted', availableMinor };
  }

  return {
    async post(unit, commands) {
      const outcomes: LedgerOutcome[] = [];
      for (const command of commands) outcomes.push(await post(unit, command));
      return outcomes;
    },
    wallets,
    entries,
    balances,
  };
}

async function lockedAvailable(unit: Unit, command: LedgerCommand): Promise<number> {
  const rows = await sqlOf(unit)<{ available_minor: string }>(
    'select available_minor from wallet where player_id = :playerId and currency = :currency for update',
    { playerId: command.playerId, currency: command.currency },
  );
  return rows[0] === undefined ? 0 : integer(rows[0].available_minor);
}

/** What an earlier movement under the same keys means for this one; null when there is none. */
async function earlier(unit: Unit, command: LedgerCommand): Promise<LedgerOutcome | null> {
  const platform = command.txnId !== null;
  const rows = await sqlOf(unit)<{
    kind: string;
    payment_id: string;
    txn_id: string | null;
    idempotency_key: string | null;
    player_id: string;
    amount_minor: string;
    currency: string;
    available_after_minor: string | null;
  }>(
    platform
      ? `select * from transfer where txn_id = :txnId or idempotency_key = :idempotencyKey order by (txn_id = :txnId) desc limit 1`
      : `select * from transfer where payment_id = :paymentId and kind = :kind limit 1`,
    platform
      ? { txnId: command.txnId, idempotencyKey: command.idempotencyKey }
      : { paymentId: command.paymentId, kind: command.kind },
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (platform && row.txn_id !== command.txnId) return { kind: 'conflict', on: 'idempotency_key' };
  const same =
    row.kind === command.kind &&
    row.payment_id === command.paymentId &&
    row.player_id === command.playerId &&
    integer(row.amount_minor) === command.amountMinor &&
    row.currency === command.currency &&
    row.idempotency_key === command.idempotencyKey;
  return same
    ? { kind: 'already', availableMinor: integerOrNull(row.available_after_minor) ?? 0 }
    : { kind: 'conflict', on: 'txn_id' };
}
