/**
 * Saves a deposit whose status may have changed, and tells the platform of the change, in the
 * caller's transaction. Every change of a deposit's status goes through here: each status is
 * reached once, under the lock of the payment, so each is told once.
 */
import type { Attempt, Payment, PaymentStatus } from '../domain/deposit.ts';
import type { OutgoingType } from '../ports/outbox.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';
import { paymentView } from './payment-view.ts';
import { tellPlatform } from './tell-platform.ts';

const TOLD: Readonly<Record<PaymentStatus, OutgoingType | null>> = {
  pending: null,
  authorized: 'deposit.authorized',
  succeeded: 'deposit.succeeded',
  declined: 'deposit.declined',
  canceled: 'deposit.canceled',
  failed: 'deposit.failed',
  refunded: 'deposit.refunded',
};

/** @param before as it was locked in this transaction */
export async function saveDeposit(
  context: ServiceContext,
  unit: Unit,
  before: Pick<Payment, 'status'>,
  payment: Payment,
  attempts: readonly Attempt[],
): Promise<void> {
  await context.stores.deposits.save(unit, payment);
  const type = TOLD[payment.status];
  if (payment.status === before.status || type === null) return;
  const data = { ...paymentView(payment, attempts) };
  const labels = { country: payment.country, device: payment.device, bank: payment.bank };
  await tellPlatform(context, unit, { type, subjectId: payment.id, playerId: payment.playerId, data, labels });
}
