/** Opens cases: one per kind and subject, and a line in the log for each that is new. */
import type { NewCase } from '../domain/case.ts';
import type { Unit } from '../ports/unit.ts';
import type { ServiceContext } from './context.ts';

export async function openCases(context: ServiceContext, unit: Unit, cases: readonly NewCase[]): Promise<void> {
  for (const entry of cases) {
    const opened = await context.stores.cases.open(unit, entry, {
      id: context.ids.next('case'),
      nowMs: context.clock.now(),
    });
    if (opened)
      context.log({
        level: 'warn',
        msg: 'case opened',
        kind: entry.kind,
        subject: entry.subjectId,
        psp: entry.psp,
        summary: entry.summary,
      });
  }
}
