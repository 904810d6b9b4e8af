/**
 * Plays one planned operation: a deposit with its challenge, a funded payout, or a refund made
 * by hand in the PSP's dashboard.
 */
import { NetworkError } from '../../kernel/index.ts';
import { majorText } from '../dsl/amount.ts';
import { tokenOf } from '../dsl/dialects.ts';
import type { PlannedDeposit, PlannedOperation, PlannedPayout, PlannedRefund } from '../dsl/index.ts';
import type { BookPayment, Psp } from '../../openapi/generated/simulator-control.ts';
import { refundInDashboard } from '../targets/dashboard.ts';
import { isProblem } from '../targets/service-client.ts';
import { playAuthorized } from './play-authorized.ts';
import { playCardholder } from './play-cardholder.ts';
import { probePayment, probePayout, probeWallets } from './probes.ts';
import type { Stage } from './stage.ts';
import { submitIntent, type Intent } from './submit-intent.ts';

/** Where the shop would go on; nobody answers there, the browser only has to arrive. */
export const SHOP_RETURN_URL = 'https://casino.example/cashier/done';

/** Plays `operation` to where its client stops caring. */
export async function playOperation(stage: Stage, operation: PlannedOperation): Promise<void> {
  if (operation.kind === 'deposit') return playDeposit(stage, operation);
  if (operation.kind === 'payout') return playPayout(stage, operation);
  return playDashboardRefund(stage, operation);
}

/** The intent of a deposit; kept apart so that it can be asked again long after. */
export function depositIntent(stage: Stage, deposit: PlannedDeposit): Intent {
  const { op, amountMinor, currency, psp, idempotencyKey } = deposit;
  const player = stage.player(deposit.player);
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
    },
    send: ({ bodyVariant, timeoutMs }) =>
      stage.service.initPayment(
        {
          amount: majorText(amountMinor + bodyVariant, currency),
          currency,
          method: deposit.method,
          return_url: SHOP_RETURN_URL,
          player_id: player.id,
          payment_token: tokenOf(deposit.method, deposit.card),
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
  if (!(await fund(stage, payout))) return;
  const outcome = await submitIntent(stage, payoutIntent(stage, payout));
  if (outcome.kind === 'accepted') await probePayout(stage, outcome.id, 'during');
}

/** The platform credits the wallet; the same `txn_id` again after an unknown outcome. */
async function fund(stage: Stage, payout: PlannedPayout): Promise<boolean> {
  const { op, player, currency, fundMinor, client } = payout;
  const txnId = `fund-${op}`;
  const proc = `player:${player}`;
  for (let round = 0; round <= client.retries; round++) {
    if (round > 0) await stage.world.clock.sleep(client.retryAfterMs, { label: `${op} funds again` });
    const cause = stage.record({
      proc,
      type: 'invoke',
      f: 'fund',
      key: op,
      value: { op, txn_id: txnId, player_id: player, amount_minor: fundMinor, currency },
    });
    try {
      const answer = await stage.service.creditWallet(
        {
          player_id: player,
          payment_id: txnId,
          txn_id: txnId,
          amount: majorText(fundMinor, currency),
          currency,
          idempotency_key: txnId,
        },
        { timeoutMs: client.timeoutMs },
      );
      const error = isProblem(answer.body) ? answer.body.error : `http_${answer.status}`;
      if (answer.status === 200) {
        stage.record({
          proc,
          type: 'ok',
          f: 'fund',
          key: op,
          value: { op, http_status: 200, txn_id: txnId, amount_minor: fundMinor },
          cause,
        });
        return true;
      }
      const refused = answer.status >= 400 && answer.status < 500;
      stage.record({
        proc,
        type: refused ? 'fail' : 'info',
        f: 'fund',
        key: op,
        value: { op, http_status: answer.status, ...(refused ? { error } : { reason: error }) },
        cause,
      });
      if (refused) return false;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      stage.record({ proc, type: 'info', f: 'fund', key: op, value: { op, reason: error.kind }, cause });
    }
  }
  return false;
}

/** Somebody refunds a captured payment in the dashboard; the service learns of it by webhook only. */
async function playDashboardRefund(stage: Stage, refund: PlannedRefund): Promise<void> {
  const candidates: { psp: Psp; payment: BookPayment }[] = [];
  for (const psp of await stage.control.psps()) {
    if (refund.psps.length > 0 && !refund.psps.includes(psp.name)) continue;
    const { payments, refunds } = await stage.control.books(psp.name);
    for (const payment of payments) {
      const refunded = refunds.some((other) => other.payment_psp_reference === payment.psp_reference);
      if (payment.state === 'captured' && !refunded) candidates.push({ psp, payment });
    }
  }
  const note = (value: Record<string, unknown>): void => {
    stage.record({
      proc: 'runner',
      type: 'note',
      f: 'dashboard-refund',
      key: refund.op,
      value: { op: refund.op, ...value },
    });
  };
  if (candidates.length === 0) return note({ refunded: false });
  const { psp, payment } = stage.world.random.pick(candidates, 'dashboard-refund', refund.op);
  const status = await refundInDashboard(stage.world.network, psp, payment, `dashboard-${refund.op}`);
  note({
    refunded: status < 300,
    http_status: status,
    psp: psp.name,
    psp_reference: payment.psp_reference,
    reference: payment.reference,
  });
}
