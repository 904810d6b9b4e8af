/**
 * Plays a game round on a wallet: the game takes the bet, and later gives a win, says that
 * nothing was won, or takes the round back. It repeats each movement under its own id until it
 * knows the answer; a bet that nobody can tell of is rolled back.
 */
import { majorText } from '../dsl/amount.ts';
import type { PlannedRound } from '../dsl/plan.ts';
import { fundWallet } from './fund-wallet.ts';
import type { Stage } from './stage.ts';
import { submitIntent, type Intent } from './submit-intent.ts';

export async function playRound(stage: Stage, round: PlannedRound): Promise<void> {
  const { op, fundMinor, betMinor, winMinor, ends } = round;
  if (fundMinor !== undefined && !(await fundWallet(stage, { ...round, fundMinor }))) return;
  const bet = await submitIntent(stage, movement(stage, round, 'bet', betMinor));
  if (bet.kind === 'refused') return;
  await stage.world.clock.sleep(round.lastsMs, { label: `${op} is played` });
  const isKnown = bet.kind === 'accepted';
  if (ends === 'rollback' || !isKnown) await submitIntent(stage, rollback(stage, round));
  else if (ends !== 'open') await submitIntent(stage, movement(stage, round, 'win', ends === 'win' ? winMinor : 0));
}

function movement(stage: Stage, round: PlannedRound, f: 'bet' | 'win', amountMinor: number): Intent {
  const { op, player, currency } = round;
  const id = `${op}-${f}`;
  const body = {
    player_id: player,
    payment_id: id,
    txn_id: id,
    amount: majorText(amountMinor, currency),
    currency,
    idempotency_key: id,
    round_id: op,
  };
  return {
    ...intentOf(round, f, { amount_minor: amountMinor, payment_id: id, txn_id: id }),
    send: ({ timeoutMs }) =>
      f === 'bet' ? stage.service.debitWallet(body, { timeoutMs }) : stage.service.creditWallet(body, { timeoutMs }),
  };
}

function rollback(stage: Stage, round: PlannedRound): Intent {
  const txnId = `${round.op}-rollback`;
  return {
    ...intentOf(round, 'rollback', { amount_minor: round.betMinor, payment_id: `${round.op}-bet`, txn_id: txnId }),
    idField: 'credit_txn_id',
    send: ({ timeoutMs }) =>
      stage.service.rollBackRound(round.op, { txn_id: txnId, idempotency_key: txnId }, { timeoutMs }),
  };
}

function intentOf(round: PlannedRound, f: string, describe: Record<string, unknown>): Omit<Intent, 'send'> {
  const { op, player, currency, client } = round;
  return {
    f,
    op,
    proc: 'platform',
    idField: 'txn_id',
    client: { ...client, reuseKeyWithOtherBody: false },
    describe: { round_id: op, player_id: player, currency, ...describe },
    show: ({ available, credited }) => ({
      ...(available === undefined ? {} : { available }),
      ...(credited === undefined ? {} : { credited }),
    }),
  };
}
