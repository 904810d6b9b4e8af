/** The platform credits a wallet before a payout or a round; the same `txn_id` again after an unknown outcome. */
import { NetworkError } from '../../kernel/index.ts';
import { majorText } from '../dsl/amount.ts';
import type { ClientBehaviour } from '../dsl/plan.ts';
import { isProblem } from '../targets/service-client.ts';
import type { Stage } from './stage.ts';

export interface Funding {
  op: string;
  player: string;
  currency: string;
  fundMinor: number;
  client: ClientBehaviour;
}

/** Whether it is certain that the wallet was credited. */
export async function fundWallet(stage: Stage, funding: Funding): Promise<boolean> {
  const { op, player, currency, fundMinor, client } = funding;
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
    const end = (type: 'ok' | 'fail' | 'info', value: Record<string, unknown>): void => {
      stage.record({ proc, type, f: 'fund', key: op, value: { op, ...value }, cause });
    };
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
        end('ok', { http_status: 200, txn_id: txnId, amount_minor: fundMinor });
        return true;
      }
      const refused = answer.status >= 400 && answer.status < 500;
      end(refused ? 'fail' : 'info', { http_status: answer.status, ...(refused ? { error } : { reason: error }) });
      if (refused) return false;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      end('info', { reason: error.kind });
    }
  }
  return false;
}
