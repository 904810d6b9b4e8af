/**
 * What a PSP has no words for: Mollie's webhooks only name a payment, without a signature, an
 * amount, an outcome or our reference, so none of these can be forged or wrong there, and its
 * settlement files know one currency. Such faults strike another PSP of the run, or are left out.
 */
import type { Dialect, FaultEntry } from '../../dsl/index.ts';
import type { Setting } from './setting.ts';

const UNSAID: Partial<Readonly<Record<Dialect, readonly string[]>>> = {
  mollie: [
    'webhook-forged',
    'webhook-stale',
    'webhook-old-key',
    'webhook-wrong-amount',
    'webhook-wrong-currency',
    'webhook-contradictory',
    'webhook-wrong-environment',
    'webhook-foreign-payment',
    'settlement-wrong-currency',
  ],
};

/** One entry for each PSP that can say it; the fault as it is when all can. */
export function whereItCanBeSaid(fault: FaultEntry, { psps, dialects }: Setting): FaultEntry[] {
  const able = psps.filter((_, index) => UNSAID[dialects[index] as Dialect]?.includes(fault.fault) !== true);
  if (able.length === psps.length) return [fault];
  if (fault.psp !== undefined && able.includes(fault.psp)) return [fault];
  return able.slice(0, fault.psp === undefined ? able.length : 1).map((psp) => ({ ...fault, psp }));
}
