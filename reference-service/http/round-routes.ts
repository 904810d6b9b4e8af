/**
 * Routes of game rounds.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { findRound, rollBackRound } from '../application/game-rounds.ts';
import { formatAmount } from '../domain/money.ts';
import type { GameRound } from '../ports/game-rounds.ts';
import { json } from './answer.ts';
import type { Routes } from './routes.ts';

function roundView(round: GameRound): Api.Round {
  return {
    round_id: round.roundId,
    player_id: round.playerId,
    currency: round.currency,
    status: round.status,
    debit_txn_id: round.debitTxnId,
    debited: formatAmount(round.debitedMinor, round.currency),
    credit_txn_id: round.creditTxnId,
    credited: round.creditedMinor === null ? null : formatAmount(round.creditedMinor, round.currency),
    opened_at: isoTime(round.openedAt),
    closed_at: round.closedAt === null ? null : isoTime(round.closedAt),
  };
}

export function roundRoutes(context: ServiceContext): Routes {
  return {
    async getRound({ parameters }) {
      return json(200, roundView(await findRound(context, String(parameters['round_id']))));
    },

    async rollBackRound({ parameters, body }) {
      const { txn_id: txnId, idempotency_key: idempotencyKey } = body as Api.RoundRollback;
      const roundId = String(parameters['round_id']);
      const { round, replayed } = await rollBackRound(context, { roundId, txnId, idempotencyKey });
      return json(200, roundView(round), replayed);
    },
  };
}
