/** The doctor tries what the file says of refunds, funding, payouts and the test clock, once each. */
import { isoTime } from '../../kernel/index.ts';
import { sendCall } from '../targets/foreign/index.ts';
import type { JsonAnswer } from '../targets/json-call.ts';
import { isProblem } from '../targets/service-client.ts';
import type { Check } from './checks.ts';
import { PLAYER, reasonOf, type Patient } from './patient.ts';

type Note = (check: Check) => void;

const TIMEOUT_MS = 15_000;

export async function examineMoneyBack(patient: Patient, deposit: string, note: Note): Promise<void> {
  const { client, target, currency } = patient;
  const attempt = async (line: string, described: boolean, ask: () => Promise<JsonAnswer>): Promise<boolean> => {
    if (!described) {
      note({ line, works: null, says: 'not described' });
      return false;
    }
    const { works, says } = await ask().then(told, (error: unknown) => ({ works: false, says: reasonOf(error) }));
    note({ line, works, says, ...(works ? {} : { advice: `Correct \`${line}\`: address, headers, body, answer.` }) });
    return works;
  };
  await attempt('refund', target.refund !== undefined, () =>
    client.refundPayment(deposit, '1.00', { idempotencyKey: 'doctor-4', timeoutMs: TIMEOUT_MS }),
  );
  const movement = { player_id: PLAYER, payment_id: 'doctor-5', txn_id: 'doctor-5', amount: '50.00', currency };
  await attempt('fund', target.fund !== undefined, () =>
    client.creditWallet({ ...movement, idempotency_key: 'doctor-5' }, { timeoutMs: TIMEOUT_MS }),
  );
  const payout = {
    amount: '5.00',
    currency,
    method: 'card' as const,
    player_id: PLAYER,
    destination_token: 'card_payout_ok',
  };
  await attempt('payout', target.payout !== undefined, () =>
    client.initPayout(payout, { idempotencyKey: 'doctor-6', timeoutMs: TIMEOUT_MS }),
  );
  const clock = target.abilities?.test_clock;
  if (clock === undefined) return;
  const { network, wireClock, target: address } = patient.world;
  await attempt('abilities.test_clock', true, () =>
    sendCall(network, clock, { base: address.url, now: isoTime(wireClock.now()) }, TIMEOUT_MS),
  );
}

function told({ status, body }: JsonAnswer): { works: boolean; says: string } {
  if (status < 300) return { works: true, says: `answered ${status}` };
  return { works: false, says: `was refused (${isProblem(body) ? body.error : status})` };
}
