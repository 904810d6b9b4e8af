/**
 * Ledger in PostgreSQL. A movement is one statement: the transfer, its entries and the wallet
 * rows change together or not at all, and the unique indexes of `transfer` make a repetition a
 * no-op. Movements that need money in the wallet lock its row first.
 *
 *   insert transfer (on conflict do nothing) ──► no row: done before
 *          └─► wallet rows ─► two or more entries that add up to zero
 */
import { playerOf } from '../../domain/ledger-accounts.ts';
import type { LedgerCommand, LedgerOutcome, LedgerPort } from '../../ports/ledger.ts';
import type { Clock, Ids } from '../../../kernel/index.ts';
import type { Unit } from '../../ports/unit.ts';
import {
  accountsOf,
  legsOf,
  lossOf,
  REVERSED_BY,
  reversedLegs,
  takesWhatIsThere,
  walletChanges,
  type Leg,
  type WalletChange,
} from './ledger-posting.ts';
import { balances, entries, wallets } from './ledger-reads.ts';
import { ledgerReport } from './ledger-report.ts';
import { planOf, type Plan } from './plan.ts';
import { integer, integerOrNull, sqlOf, type SqlValue } from './unit.ts';

/**
 * Changes one wallet. A missing row is inserted only for gains: a row with a negative part would
 * violate its check before the conflict is seen.
 */
function walletChange({ available, held }: WalletChange, n: number): string {
  const values = `cast(:available${n} as bigint), cast(:held${n} as bigint)`;
  return available >= 0 && held >= 0
    ? `insert into wallet as w (player_id, currency, available_minor, held_minor, updated_at)
       select cast(:player${n} as text), cast(:currency as text), ${values}, cast(:nowMs as bigint) from posted
       on conflict (player_id, currency) do update set available_minor = w.available_minor + excluded.available_minor,
         held_minor = w.held_minor + excluded.held_minor, updated_at = excluded.updated_at
       returning w.available_minor`
    : `update wallet w set available_minor = w.available_minor + cast(:available${n} as bigint),
         held_minor = w.held_minor + cast(:held${n} as bigint), updated_at = cast(:nowMs as bigint)
       from posted where w.player_id = :player${n} and w.currency = :currency
       returning w.available_minor`;
}

/** The statement of a transfer; its text depends only on how many legs and wallets there are, and on their signs. */
function statement(legs: readonly Leg[], changes: readonly WalletChange[]): string {
  const ctes = changes.map((change, n) => `, wallet_${n} as (${walletChange(change, n)})`).join('');
  const lines = legs.map((_, n) => `(${n}, cast(:account${n} as text), cast(:amount${n} as bigint))`).join(', ');
  return `
    with posted as (
      insert into transfer (id, kind, payment_id, part, txn_id, idempotency_key, player_id, amount_minor, currency, reason, case_id, created_at)
      values (:id, :kind, :paymentId, :part, :txnId, :idempotencyKey, :playerId, :amountMinor, :currency, :reason, :caseId, :nowMs)
      on conflict do nothing returning id
    )${ctes},
    lines as (
      insert into entry (transfer_id, account, amount_minor, currency, created_at)
      select posted.id, line.account, line.amount, :currency, cast(:nowMs as bigint)
      from posted cross join (values ${lines}) as line (position, account, amount)
      order by line.position
    )
    select posted.id${changes.map((_, n) => `, wallet_${n}.available_minor as available_${n}`).join('')}
    from posted${changes.map((_, n) => ` left join wallet_${n} on true`).join('')}`;
}

function bindingsOf(
  command: LedgerCommand,
  { id, nowMs }: { id: string; nowMs: number },
  legs: readonly Leg[],
  changes: readonly WalletChange[],
): Record<string, SqlValue> {
  const bindings: Record<string, SqlValue> = {
    id,
    nowMs,
    kind: command.kind,
    paymentId: command.paymentId,
    part: command.part ?? '',
    txnId: command.txnId,
    idempotencyKey: command.idempotencyKey,
    playerId: command.playerId,
    amountMinor: command.amountMinor,
    currency: command.currency,
    reason: command.reason ?? null,
    caseId: command.caseId ?? null,
  };
  for (const [n, leg] of legs.entries()) {
    bindings[`account${n}`] = leg.account;
    bindings[`amount${n}`] = leg.amountMinor;
  }
  for (const [n, change] of changes.entries()) {
    bindings[`player${n}`] = change.playerId;
    bindings[`available${n}`] = change.available;
    bindings[`held${n}`] = change.held;
  }
  return bindings;
}

export function createLedger({ clock, ids }: { clock: Clock; ids: Ids }): LedgerPort {
  /** A movement that only gives, beside what else the plan holds. */
  function plan(plan: Plan, command: LedgerCommand): LedgerOutcome {
    if (command.kind !== 'deposit_credit' || command.playerId === null || command.txnId !== null) plan.giveUp();
    const legs = legsOf(command, 0);
    const [change] = walletChanges(legs);
    plan.post(command.paymentId, {
      id: ids.next('tr'),
      kind: command.kind,
      part: command.part ?? '',
      playerId: command.playerId,
      amountMinor: command.amountMinor,
      availableMinor: change?.available ?? 0,
      currency: command.currency,
      createdAt: clock.now(),
      legs,
    });
    return {
      kind: 'posted',
      // Known only after the commit: whoever needs it now needs a transaction.
      get availableMinor(): number {
        return plan.giveUp();
      },
    };
  }

  async function post(unit: Unit, command: LedgerCommand): Promise<LedgerOutcome> {
    const planned = planOf(unit);
    if (planned !== null) return plan(planned, command);
    const prepared = await prepare(unit, command);
    if (!Array.isArray(prepared)) return prepared;
    const legs = prepared;
    const changes = walletChanges(legs);
    const keys = { id: ids.next('tr'), nowMs: clock.now() };
    const rows = await sqlOf(unit)<Record<string, string | null>>(
      statement(legs, changes),
      bindingsOf(command, keys, legs, changes),
    );
    const row = rows[0];
    if (row === undefined) {
      const before = await earlier(unit, command);
      if (before === null)
        throw new Error(`Bug: ${command.kind} of ${command.paymentId} met a conflict that nobody caused`);
      return before;
    }
    const availableMinor = availableAfter(command, changes, row);
    if (command.txnId !== null) {
      await sqlOf(unit)('update transfer set available_after_minor = :availableMinor where id = :id', {
        availableMinor,
        id: keys.id,
      });
    }
    const lossMinor = Math.abs(lossOf(legs));
    return { kind: 'posted', availableMinor, ...(lossMinor === 0 ? {} : { lossMinor }) };
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
    report: (unit, question) => ledgerReport(unit, question, clock.now()),
  };
}

/** The legs to post, or the outcome when nothing is to be posted. */
async function prepare(unit: Unit, command: LedgerCommand): Promise<Leg[] | LedgerOutcome> {
  const reverses = REVERSED_BY[command.kind];
  if (reverses !== undefined) return legsToReverse(unit, command, reverses);
  const payer = playerOf(accountsOf(command).from);
  const needsMoney = payer?.part === 'available' || (payer !== null && command.kind === 'correction');
  if (payer === null || !needsMoney) return legsOf(command, 0);
  const wallet = await lockedWallet(unit, payer.playerId, command.currency);
  const has = wallet[payer.part];
  if (has >= command.amountMinor || takesWhatIsThere(command)) return legsOf(command, has);
  return (await earlier(unit, command)) ?? { kind: 'insufficient_funds', availableMinor: has };
}

/** @throws Error when a change met no wallet: money would have left one that is not there */
function availableAfter(
  command: LedgerCommand,
  changes: readonly WalletChange[],
  row: Record<string, string | null>,
): number {
  let availableMinor = 0;
  for (const [n, change] of changes.entries()) {
    const found = row[`available_${n}`];
    if (found === null || found === undefined)
      throw new Error(`Bug: ${command.kind} of ${command.paymentId} found no wallet of ${change.playerId}`);
    if (change.playerId === command.playerId) availableMinor = integer(found);
  }
  return availableMinor;
}

/** A reversal gives back what was taken, to where it was taken from. */
async function legsToReverse(
  unit: Unit,
  command: LedgerCommand,
  kinds: readonly LedgerCommand['kind'][],
): Promise<Leg[]> {
  const rows = await sqlOf(unit)<{ account: string; amount_minor: string }>(
    `select e.account, e.amount_minor from transfer t join entry e on e.transfer_id = t.id
     where t.payment_id = :paymentId and t.part = :part and t.currency = :currency
       and t.kind in (select jsonb_array_elements_text(cast(:kinds as jsonb))) order by e.id`,
    {
      paymentId: command.paymentId,
      part: command.part ?? '',
      currency: command.currency,
      kinds: JSON.stringify(kinds),
    },
  );
  const legs = reversedLegs(rows.map((row) => ({ account: row.account, amountMinor: integer(row.amount_minor) })));
  const gained = legs.reduce((sum, { amountMinor }) => sum + Math.max(0, amountMinor), 0);
  if (gained !== command.amountMinor)
    throw new Error(`Bug: ${command.kind} of ${command.paymentId} reverses ${gained}, not ${command.amountMinor}`);
  return legs;
}

async function lockedWallet(
  unit: Unit,
  playerId: string,
  currency: string,
): Promise<{ available: number; held: number }> {
  const rows = await sqlOf(unit)<{ available_minor: string; held_minor: string }>(
    'select available_minor, held_minor from wallet where player_id = :playerId and currency = :currency for update',
    { playerId, currency },
  );
  const row = rows[0];
  return row === undefined
    ? { available: 0, held: 0 }
    : { available: integer(row.available_minor), held: integer(row.held_minor) };
}

/** What an earlier movement under the same keys means for this one; null when there is none. */
async function earlier(unit: Unit, command: LedgerCommand): Promise<LedgerOutcome | null> {
  const platform = command.txnId !== null;
  const part = command.part ?? '';
  const rows = await sqlOf(unit)<{
    kind: string;
    payment_id: string;
    part: string;
    txn_id: string | null;
    idempotency_key: string | null;
    player_id: string | null;
    amount_minor: string;
    currency: string;
    available_after_minor: string | null;
  }>(
    platform
      ? `select * from transfer where txn_id = :txnId or idempotency_key = :idempotencyKey order by (txn_id = :txnId) desc limit 1`
      : `select * from transfer where payment_id = :paymentId and kind = :kind and part = :part limit 1`,
    platform
      ? { txnId: command.txnId, idempotencyKey: command.idempotencyKey }
      : { paymentId: command.paymentId, kind: command.kind, part },
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (platform && row.txn_id !== command.txnId) return { kind: 'conflict', on: 'idempotency_key' };
  const same =
    row.kind === command.kind &&
    row.payment_id === command.paymentId &&
    row.part === part &&
    row.player_id === command.playerId &&
    integer(row.amount_minor) === command.amountMinor &&
    row.currency === command.currency &&
    row.idempotency_key === command.idempotencyKey;
  return same
    ? { kind: 'already', availableMinor: integerOrNull(row.available_after_minor) ?? 0 }
    : { kind: 'conflict', on: 'txn_id' };
}
