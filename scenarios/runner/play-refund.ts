/**
 * Plays refunds of deposits: by the platform through the API, several of one deposit at once if
 * the plan says so, or by a person in the PSP's dashboard, past the target.
 */
import { NetworkError } from '../../kernel/index.ts';
import { majorText, minorUnits } from '../dsl/amount.ts';
import type { PlannedRefund } from '../dsl/plan.ts';
import type { BookPayment, Psp } from '../../openapi/generated/simulator-control.ts';
import type { Payment } from '../../openapi/generated/payments.ts';
import { DASHBOARD_KEY } from '../history/index.ts';
import { refundInDashboard } from '../targets/dashboard.ts';
import { probePayment, probeRefund } from './probes.ts';
import { isFinal, type Stage } from './stage.ts';
import { submitIntent } from './submit-intent.ts';

const PRESSES = 4;
const PRESS_AGAIN_MS = 30_000;

/** Somebody refunds a captured payment in the dashboard; the service learns of it by webhook only. */
export async function playDashboardRefund(stage: Stage, refund: PlannedRefund): Promise<void> {
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
  const status = await pressRefund(stage, refund, psp, payment);
  note({
    refunded: status !== undefined && status < 300,
    ...(status === undefined ? {} : { http_status: status }),
    psp: psp.name,
    psp_reference: payment.psp_reference,
    reference: payment.reference,
  });
}

/** A person whose dashboard does not answer presses the button again; undefined when it never did. */
async function pressRefund(
  stage: Stage,
  { op }: PlannedRefund,
  psp: Psp,
  payment: BookPayment,
): Promise<number | undefined> {
  for (let press = 1; press <= PRESSES; press++) {
    if (press > 1) await stage.world.clock.sleep(PRESS_AGAIN_MS, { label: `${op} is tried again` });
    try {
      return await refundInDashboard(stage.world.network, psp, payment, `${DASHBOARD_KEY}${op}`);
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
    }
  }
  return undefined;
}

/** The platform gives a succeeded deposit back; which one is drawn by the operation's own name. */
export async function playPlatformRefund(stage: Stage, refund: PlannedRefund): Promise<void> {
  const { op, percents } = refund;
  const payment = await pickPayment(stage, refund);
  if (payment === undefined) {
    stage.record({ proc: 'runner', type: 'note', f: 'no-refund', key: op, value: { op } });
    return;
  }
  await Promise.all(
    percents.map((percent, copy) => {
      const name = percents.length === 1 ? op : `${op}.${copy + 1}`;
      return refundOnce(stage, refund, payment, { name, amountMinor: amountOf(payment, refund, percent) });
    }),
  );
  await probePayment(stage, payment.payment_id, 'during');
}

async function pickPayment(stage: Stage, { op, psps }: PlannedRefund): Promise<Payment | undefined> {
  const succeeded: Payment[] = [];
  for (const subject of [...stage.subjects.values()]) {
    if (subject.kind !== 'payment' || (isFinal(subject) && subject.status !== 'succeeded')) continue;
    const payment = await probePayment(stage, subject.id, 'during');
    const paidAt = payment?.attempts.find(({ status }) => status === 'approved')?.psp ?? '';
    if (payment?.status === 'succeeded' && (psps.length === 0 || psps.includes(paidAt))) succeeded.push(payment);
  }
  return succeeded.length === 0 ? undefined : stage.world.random.pick(succeeded, 'platform-refund', op);
}

/** In minor units: what is left of it, a part of what was credited, or more than that. */
function amountOf(payment: Payment, { amount }: PlannedRefund, percent: number): number {
  const { currency } = payment;
  const credited = minorUnits(payment.credited ?? payment.amount, currency);
  if (amount === 'too-much') return credited + 1;
  if (amount === 'part') return Math.max(1, Math.floor((credited * percent) / 100));
  return Math.max(1, credited - minorUnits(payment.refunded ?? '0', currency));
}

async function refundOnce(
  stage: Stage,
  refund: PlannedRefund,
  { payment_id: paymentId, currency }: Payment,
  { name, amountMinor }: { name: string; amountMinor: number },
): Promise<void> {
  const idempotencyKey = `${refund.idempotencyKey}-${name}`;
  const outcome = await submitIntent(stage, {
    f: 'refund',
    op: name,
    proc: 'platform',
    idField: 'refund_id',
    about: paymentId,
    client: { ...refund.client, reuseKeyWithOtherBody: false },
    describe: { idempotency_key: idempotencyKey, payment_id: paymentId, amount_minor: amountMinor, currency },
    show: (body) => ({ payment_id: body['payment_id'] }),
    send: ({ timeoutMs }) =>
      stage.service.refundPayment(paymentId, majorText(amountMinor, currency), { idempotencyKey, timeoutMs }),
  });
  if (outcome.kind === 'accepted') await probeRefund(stage, outcome.id, 'during');
}
