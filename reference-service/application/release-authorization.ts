/**
 * Releases money that a PSP reserved for an attempt after it had been given up: another attempt
 * may have taken its place. Nothing was taken, so nothing goes back; a reservation that nobody
 * releases ends at the PSP by itself, which is why one try is enough.
 */
import type { Attempt, Payment } from '../domain/deposit.ts';
import type { DepositFact } from '../domain/deposit-fact.ts';
import { pspOf, type ServiceContext } from './context.ts';
import { paymentAttemptView } from './facts.ts';

export function releaseWhenTooLate(
  context: ServiceContext,
  payment: Payment,
  attempt: Attempt,
  fact: DepositFact,
): void {
  const givenUp = attempt.status === 'absent_proven' || attempt.status === 'not_reached';
  if (fact.outcome !== 'authorized' || !givenUp) return;
  const known = { ...attempt, pspReference: attempt.pspReference ?? fact.pspReference };
  context.background.later(0, `release:${attempt.id}`, async () => {
    const { adapter } = pspOf(context, attempt.psp);
    const { kind } = await context.inTrace(payment.traceId, () =>
      adapter.cancelPayment(paymentAttemptView(payment, known)),
    );
    context.log({ level: 'warn', msg: 'late authorization released', psp: attempt.psp, attempt: attempt.id, kind });
  });
}
