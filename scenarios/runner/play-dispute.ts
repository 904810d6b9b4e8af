/**
 * Plays a cardholder who takes captured money back through his bank: the PSP opens the dispute,
 * and decides it later. The target learns of it from the PSP alone.
 */
import type { PlannedDispute } from '../dsl/plan.ts';
import { ABILITIES } from '../dsl/dialects.ts';
import type { BookPayment, Psp } from '../../openapi/generated/simulator-control.ts';
import type { Dialect } from '../dsl/scenario.ts';
import { ControlRefused } from '../targets/control-client.ts';
import type { Stage } from './stage.ts';

export async function playDispute(stage: Stage, dispute: PlannedDispute): Promise<void> {
  const { op, afterMs, ends } = dispute;
  const candidates = await disputable(stage, dispute);
  const note = (value: Record<string, unknown>): void => {
    stage.record({ proc: 'runner', type: 'note', f: 'dispute', key: op, value: { op, ...value } });
  };
  if (candidates.length === 0) return note({ action: 'none' });
  const { psp, payment } = stage.world.random.pick(candidates, 'dispute', op);
  const about = { psp: psp.name, psp_reference: payment.psp_reference, reference: payment.reference };
  try {
    // After a refund the whole amount is wanted: the same money a second time.
    const opened = await stage.control.openDispute(psp.name, {
      payment: payment.psp_reference,
      amountMinor: payment.captured_minor - payment.disputed_minor,
    });
    note({ action: 'opened', ...about });
    for (const action of ends === 'reversed' ? (['lost', 'reversed'] as const) : [ends]) {
      await stage.world.clock.sleep(afterMs, { label: `${op} is decided` });
      await stage.control.moveDispute(psp.name, opened.psp_reference, action);
      note({ action, ...about });
    }
  } catch (error) {
    // Somebody else was first: the bank has decided, or the payment has gone back.
    if (!(error instanceof ControlRefused) || error.status !== 409) throw error;
    note({ action: 'refused', ...about });
  }
}

async function disputable(stage: Stage, { psps, of }: PlannedDispute): Promise<{ psp: Psp; payment: BookPayment }[]> {
  const found: { psp: Psp; payment: BookPayment }[] = [];
  for (const psp of await stage.control.psps()) {
    if (!ABILITIES[psp.dialect as Dialect].disputes || (psps.length > 0 && !psps.includes(psp.name))) continue;
    const { payments } = await stage.control.books(psp.name);
    for (const payment of payments) {
      const isRefunded = payment.refunded_minor > 0;
      if (payment.captured_minor > 0 && payment.disputed_minor === 0 && isRefunded === (of === 'refunded'))
        found.push({ psp, payment });
    }
  }
  return found;
}
