/**
 * Routes of wallets, ledger and cases.
 */
import type * as Api from '../../openapi/generated/payments.ts';
import type { ServiceContext } from '../application/context.ts';
import { moveInRound } from '../application/game-rounds.ts';
import { moveWallet } from '../application/move-wallet.ts';
import { formatAmount } from '../domain/money.ts';
import { json, type Answer } from './answer.ts';
import { amountOf, amountOrZeroOf, type Exchange } from './exchange.ts';
import type { Routes } from './routes.ts';
import { balanceView, entryView, walletView } from './views.ts';

export function walletRoutes(context: ServiceContext): Routes {
  const { database, parts } = context;

  async function move(direction: 'credit' | 'debit', exchange: Exchange): Promise<Answer> {
    const body = exchange.body as Api.WalletMovement;
    const { playerId, paymentId, txnId } = { playerId: body.player_id, paymentId: body.payment_id, txnId: body.txn_id };
    const roundId = body.round_id;
    // Only a round can win nothing.
    const amountMinor = roundId !== undefined && direction === 'credit' ? amountOrZeroOf(body) : amountOf(body);
    const { currency, idempotency_key: idempotencyKey } = body;
    const movement = { direction, playerId, paymentId, txnId, amountMinor, currency, idempotencyKey };
    const moved =
      roundId === undefined
        ? await moveWallet(context, movement)
        : await moveInRound(context, { ...movement, roundId });
    const done: Api.WalletMovementDone = {
      txn_id: txnId,
      payment_id: paymentId,
      player_id: playerId,
      currency: body.currency,
      available: formatAmount(moved.availableMinor, body.currency),
    };
    if (roundId !== undefined) done.round_id = roundId;
    return json(200, done, moved.replayed);
  }

  return {
    creditWallet: (exchange) => move('credit', exchange),
    debitWallet: (exchange) => move('debit', exchange),

    async getWallets({ parameters }) {
      const playerId = String(parameters['player_id']);
      const wallets = await parts.ledger.wallets(database.autocommit, playerId);
      return json(200, { player_id: playerId, wallets: wallets.map(walletView) });
    },

    async listWalletEntries({ parameters }) {
      const page = { after: Number(parameters['after']), limit: Number(parameters['limit']) };
      const entries = await parts.ledger.entries(database.autocommit, String(parameters['player_id']), page);
      return json(200, { entries: entries.map(entryView) });
    },

    async listLedgerBalances() {
      const balances = await parts.ledger.balances(database.autocommit);
      return json(200, { accounts: balances.map(balanceView) });
    },
  };
}
