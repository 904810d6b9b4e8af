/**
 * Candidates: the configured PSPs whose adapter can take a payment at all. What a PSP can do,
 * not how well it does today: which of them is asked is the router's decision.
 */
import { ServiceError } from '../domain/errors.ts';
import type { Payment } from '../domain/deposit.ts';
import type { PspCapabilities } from '../ports/psp-adapter.ts';
import type { ServiceContext } from './context.ts';

/** What a payment asks of a PSP. */
export type PaymentNeeds = Pick<Payment, 'method' | 'capture' | 'storeMethod' | 'pinnedPsp'>;

/** Names in the configured order; empty when no adapter can take the payment. */
export function candidatesFor(context: Pick<ServiceContext, 'psps'>, payment: PaymentNeeds): string[] {
  return [...context.psps]
    .filter(([name, { adapter }]) => missingAbility(name, adapter.capabilities, payment) === null)
    .map(([name]) => name);
}

/** Why this PSP cannot take the payment, in words for a person; null when it can. */
export function missingAbility(name: string, capabilities: PspCapabilities, payment: PaymentNeeds): string | null {
  const { method, capture, storeMethod, pinnedPsp } = payment;
  if (pinnedPsp !== null && pinnedPsp !== name) return `the kept method lives at ${pinnedPsp}`;
  if (!capabilities.methods.includes(method)) return `it does not take ${method}`;
  if (capture === 'manual' && !capabilities.twoStepMethods.includes(method))
    return `it cannot authorize ${method} first and capture later`;
  if ((storeMethod || pinnedPsp !== null) && !capabilities.storableMethods.includes(method))
    return `it cannot keep ${method} for later`;
  return null;
}

/** The answer to a payment without a candidate, with what each PSP lacks. */
export function notAvailable(context: Pick<ServiceContext, 'psps'>, payment: PaymentNeeds): ServiceError {
  const lacking = [...context.psps].map(([psp, { adapter }]) => ({
    psp,
    reason: missingAbility(psp, adapter.capabilities, payment),
  }));
  return new ServiceError('method_not_available', 'None of the configured PSPs can take this payment.', {
    details: { psps: lacking },
  });
}
