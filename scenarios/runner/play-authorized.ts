/**
 * Plays what the platform does with an authorized deposit: it takes the money, all or a part,
 * lets it go, or forgets about it. It learns of the authorization by asking, as a platform that
 * missed an event would.
 */
import type { AuthorizedBehaviour, PlannedDeposit } from '../dsl/plan.ts';
import { majorText } from '../dsl/amount.ts';
import { probePayment } from './probes.ts';
import type { Stage } from './stage.ts';
import { submitIntent, type Intent } from './submit-intent.ts';

/** The authorization may take long to be proven: the first pause, its growth, and how often it is looked at. */
const FIRST_PAUSE_MS = 30_000;
const PAUSE_GROWTH = 1.5;
const LONGEST_PAUSE_MS = 30 * 60_000;
const LOOKS = 24;

/** A PSP may refuse a capture for a while; each further wish has a key of its own. */
const WISHES = 3;
const WISH_PAUSE_MS = 10 * 60_000;

export async function playAuthorized(
  stage: Stage,
  deposit: PlannedDeposit,
  wanted: AuthorizedBehaviour,
  paymentId: string,
): Promise<void> {
  const { clock } = stage.world;
  await clock.sleep(wanted.afterMs, { label: `${deposit.op} is authorized` });
  if (wanted.action === 'leave') return;
  for (let wish = 1; wish <= WISHES; wish++) {
    if (wish > 1) await clock.sleep(WISH_PAUSE_MS, { label: `${deposit.op} is wanted again` });
    if (!(await isAuthorized(stage, deposit.op, paymentId))) return;
    const outcome = await submitIntent(stage, changeIntent(stage, deposit, { ...wanted, paymentId, wish }));
    await probePayment(stage, paymentId, 'during');
    if (outcome.kind !== 'refused') return;
  }
}

/** Looks until the payment is no longer pending. */
async function isAuthorized(stage: Stage, op: string, paymentId: string): Promise<boolean> {
  let pause = FIRST_PAUSE_MS;
  for (let look = 1; look <= LOOKS; look++) {
    const payment = await probePayment(stage, paymentId, 'during');
    if (payment !== undefined && payment.status !== 'pending') return payment.status === 'authorized';
    await stage.world.clock.sleep(pause, { label: `${op} is looked at` });
    pause = Math.min(pause * PAUSE_GROWTH, LONGEST_PAUSE_MS);
  }
  return false;
}

function changeIntent(
  stage: Stage,
  deposit: PlannedDeposit,
  { action, captureMinor, paymentId, wish }: AuthorizedBehaviour & { paymentId: string; wish: number },
): Intent {
  const { op, currency, client } = deposit;
  const isCapture = action === 'capture';
  const idempotencyKey = `${deposit.idempotencyKey}-${action}-${wish}`;
  return {
    f: isCapture ? 'capture' : 'void',
    op,
    proc: 'platform',
    idField: 'payment_id',
    client: { ...client, reuseKeyWithOtherBody: false },
    describe: {
      idempotency_key: idempotencyKey,
      payment_id: paymentId,
      ...(isCapture ? { amount_minor: captureMinor ?? deposit.amountMinor } : {}),
      currency,
    },
    send: ({ timeoutMs }) =>
      isCapture
        ? stage.service.capturePayment(paymentId, captureMinor === null ? null : majorText(captureMinor, currency), {
            idempotencyKey,
            timeoutMs,
          })
        : stage.service.voidPayment(paymentId, { idempotencyKey, timeoutMs }),
  };
}
