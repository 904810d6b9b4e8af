/**
 * What should have come and did not: movements whose settlements have all been imported, and that
 * were in none. A PSP whose files stop coming makes nothing missing; it only falls silent.
 */
import type { NewCase } from '../../domain/case.ts';
import type { Unit } from '../../ports/unit.ts';
import type { ServiceContext } from '../context.ts';

export async function missingCases(context: ServiceContext, unit: Unit, psp: string): Promise<NewCase[]> {
  const { reconciliation } = context.stores;
  const latest = await reconciliation.latestSettledAt(unit, psp);
  if (latest === null) return [];
  const missing = await reconciliation.takeMissing(unit, psp, latest);
  return missing.map(({ id, kind, subjectId, amountMinor, currency, reference, pspReference, dueAt }) => ({
    kind: 'missing_at_psp',
    subjectId,
    psp,
    summary: `${psp} has settled everything up to ${new Date(latest).toISOString()}, but not the ${kind.replaceAll('_', ' ')} of ${subjectId} over ${amountMinor} ${currency} (${pspReference ?? reference}), due ${new Date(dueAt).toISOString()}.`,
    open: { minor: amountMinor, currency },
    expectationId: id,
  }));
}
