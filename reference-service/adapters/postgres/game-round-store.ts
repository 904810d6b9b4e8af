/**
 * Game rounds in PostgreSQL: the keys of the table say what may happen once.
 */
import type { GameRound, GameRoundStore } from '../../ports/game-rounds.ts';
import { columnsOf } from './columns.ts';
import { sqlOf } from './unit.ts';

const ROUND = columnsOf<GameRound>('g', {
  roundId: ['round_id', 'text'],
  playerId: ['player_id', 'text'],
  currency: ['currency', 'text'],
  status: ['status', 'text'],
  debitTxnId: ['debit_txn_id', 'text'],
  debitedMinor: ['debited_minor', 'bigint'],
  paymentId: ['payment_id', 'text'],
  creditTxnId: ['credit_txn_id', 'text'],
  creditedMinor: ['credited_minor', 'bigint'],
  availableAfterMinor: ['available_after_minor', 'bigint'],
  openedAt: ['opened_at', 'bigint'],
  closedAt: ['closed_at', 'bigint'],
});

type Row = Record<string, unknown>;

export const gameRoundStore: GameRoundStore = {
  async open(unit, round) {
    const rows = await sqlOf(unit)(
      `insert into game_round (${ROUND.names}) values (${ROUND.values}) on conflict do nothing returning 1 as opened`,
      ROUND.bindings(round),
    );
    return rows.length > 0;
  },
  async close(unit, { roundId, playerId, currency, creditTxnId, creditedMinor, status, nowMs }) {
    // A txn_id of another round would break its unique key; it is asked for first, so that the transaction lives on.
    const rows = await sqlOf(unit)(
      `update game_round set status = :status, credit_txn_id = :creditTxnId, credited_minor = :creditedMinor, closed_at = :nowMs
       where round_id = :roundId and player_id = :playerId and currency = :currency and status = 'open'
         and not exists (select 1 from game_round other where other.credit_txn_id = :creditTxnId or other.debit_txn_id = :creditTxnId)
       returning 1 as closed`,
      { roundId, playerId, currency, creditTxnId, creditedMinor, status, nowMs },
    );
    return rows.length > 0;
  },
  async noteAvailable(unit, roundId, availableMinor) {
    await sqlOf(unit)('update game_round set available_after_minor = :availableMinor where round_id = :roundId', {
      roundId,
      availableMinor,
    });
  },
  async find(unit, roundId) {
    const [row] = await sqlOf(unit)<Row>('select * from game_round where round_id = :roundId', { roundId });
    return row === undefined ? null : ROUND.objectOf(row);
  },
  async ofTxn(unit, txnId) {
    const [row] = await sqlOf(unit)<Row>(
      'select * from game_round where debit_txn_id = :txnId or credit_txn_id = :txnId limit 1',
      { txnId },
    );
    return row === undefined ? null : ROUND.objectOf(row);
  },
};
