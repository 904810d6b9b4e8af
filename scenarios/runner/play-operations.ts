/**
 * Plays one planned operation. Deposits with their challenge and funded payouts are here, every
 * other kind has a file of its own.
 */
import { majorText } from '../dsl/amount.ts';
import { tokenOf } from '../dsl/dialects.ts';
import type { PlannedDeposit, PlannedOperation, PlannedPayout } from '../dsl/index.ts';
import { fundWallet } from './fund-wallet.ts';
import { findKept, playRemoval } from './kept-methods.ts';
import { playAuthorized } from './play-authorized.ts';
import { playCardholder } from './play-cardholder.ts';
import { playDispute } from './play-dispute.ts';
import { playExclusion, playLimit } from './play-limits.ts';
import { playDashboardRefund, playPlatformRefund } from './play-refund.ts';
import { playRound } from './play-round.ts';
import { playSwitch } from './play-switch.ts';
import { probePayment, probePayout, probeWallets } from './probes.ts';
import type { Stage } from './stage.ts';
import { submitIntent, type Intent } from './submit-intent.ts';

/** Where the shop would go on; nobody answers there, the browser only has to arrive. */
export const SHOP_RETURN_URL = 'https://casino.example/cashier/done';

/** Plays `operation` to where its client stops caring. */
export async function playOperation(stage: Stage, operation: PlannedOperation): Promise<void> {
  switch (operation.kind) {
    case 'deposit':
      return playDeposit(stage, operation);
    case 'payout':
      return playPayout(stage, operation);
    case 'refund':
      return operation.by === 'platform' ? playPlatformRefund(stage, operation) : playDashboardRefund(stage, operation);
    case 'dispute':
      return playDispute(stage, operation);
    case 'round':
      return playRound(stage, operation);
    case 'removal':
      return playRemoval(stage, operation);
    case 'limit':
      return playLimit(stage, operation);
    case 'exclusion':
      return playExclusion(stage, operation);
    case 'switch':
      return playSwitch(stage, operation);
  }
}

/** The intent of a deposit; kept apart so that it can be asked again long after. */
export function depositIntent(stage: Stage, deposit: PlannedDeposit): Intent {
  const { op, amountMinor, currency, psp, idempotencyKey } = deposit;
  const player = stage.player(deposit.player);
  const kept = stage.keptFor.get(op);
  return {
    f: 'deposit',
    op,
    proc: `player:${player.id}`,
    idField: 'payment_id',
    client: deposit.client,
    describe: {
      idempotency_key: idempotencyKey,
      player_id: player.id,
      amount_minor: amountMinor,
      currency,
      ...(psp === undefined ? {} : { psp }),
      ...(deposit.method === 'card' ? {} : { method: deposit.method }),
      card: deposit.card,
      ...(deposit.authorized === undefined ? {} : { capture: 'manual' }),
      ...(deposit.keep === true ? { keep: true } : {}),
      ...(kept === undefined ? {} : { stored_method_id: kept }),
    },
    send: ({ bodyVariant, timeoutMs }) =>
      stage.service.initPayment(
        {
          amount: majorText(amountMinor + bodyVariant, currency),
          currency,
          method: deposit.method,
          return_url: SHOP_RETURN_URL,
          player_id: player.id,
          ...(kept === undefined
            ? { payment_token: tokenOf(deposit.method, deposit.card) }
            : { stored_method_id: kept }),
          ...(deposit.keep === true ? { store_method: true } : {}),
          ...(deposit.authorized === undefined ? {} : { capture: 'manual' }),
          meta: { country: player.country, device: player.device, ...(psp === undefined ? {} : { psp }) },
        },
        { idempotencyKey, timeoutMs },
      ),
  };
}

/** The intent of a payout, without the funding before it. */
export function payoutIntent(stage: Stage, payout: PlannedPayout): Intent {
  const { op, player, amountMinor, currency, psp, idempotencyKey, destination } = payout;
  return {
    f: 'payout',
    op,
    proc: `player:${player}`,
    idField: 'payout_id',
    client: payout.client,
    describe: {
      idempotency_key: idempotencyKey,
      player_id: player,
      amount_minor: amountMinor,
      currency,
      ...(psp === undefined ? {} : { psp }),
      ...(payout.method === 'card' ? {} : { method: payout.method }),
      destination,
    },
    send: ({ bodyVariant, timeoutMs }) =>
      stage.service.initPayout(
        {
          amount: majorText(amountMinor + bodyVariant, currency),
          currency,
          method: payout.method,
          player_id: player,
          destination_token: `${payout.method}_payout_${destination}`,
          ...(psp === undefined ? {} : { meta: { psp } }),
        },
        { idempotencyKey, timeoutMs },
      ),
  };
}

async function playDeposit(stage: Stage, deposit: PlannedDeposit): Promise<void> {
  if (deposit.payWith !== undefined && !(await findKept(stage, deposit, deposit.payWith))) return;
  const outcome = await submitIntent(stage, depositIntent(stage, deposit));
  if (outcome.kind !== 'accepted') return;
  if (outcome.redirectUrl !== undefined && outcome.status === 'pending')
    await playCardholder(stage, deposit, outcome.redirectUrl, SHOP_RETURN_URL);
  // The tempting moment: the browser is back, and nothing may have been credited because of it.
  await probePayment(stage, outcome.id, 'during');
  await probeWallets(stage, deposit.player, 'during');
  if (deposit.authorized !== undefined) await playAuthorized(stage, deposit, deposit.authorized, outcome.id);
}

async function playPayout(stage: Stage, payout: PlannedPayout): Promise<void> {
  if (!(await fundWallet(stage, payout))) return;
  const outcome = await submitIntent(stage, payoutIntent(stage, payout));
  if (outcome.kind === 'accepted') await probePayout(stage, outcome.id, 'during');
}
