/**
 * Opens cases, one per kind and subject, and closes those that what happened since has settled.
 * The platform is told of both, in the same commit.
 */
import type { Case, NewCase } from '../domain/case.ts';
import type { Unit } from '../ports/unit.ts';
import { caseView } from './case-view.ts';
import type { ServiceContext } from './context.ts';
import { tellPlatform } from './tell-platform.ts';

/** @returns the cases that are new */
export async function openCases(context: ServiceContext, unit: Unit, cases: readonly NewCase[]): Promise<Case[]> {
  if (cases.length === 0) return [];
  const entries = cases.map((entry) => ({ id: context.ids.next('case'), entry }));
  const opened = await context.stores.cases.open(unit, entries, context.clock.now());
  for (const entry of opened) {
    context.log({
      level: 'warn',
      msg: 'case opened',
      kind: entry.kind,
      subject: entry.subjectId,
      psp: entry.psp,
      summary: entry.summary,
    });
    await tellOfCase(context, unit, 'case.opened', entry);
  }
  return opened;
}

/** Closes the case of this kind and subject, if one is open: nothing is left to decide. */
export async function closeCase(
  context: ServiceContext,
  unit: Unit,
  kind: NewCase['kind'],
  subjectId: string,
  why: string,
): Promise<void> {
  const { clock, stores } = context;
  const found = await stores.cases.lockOpen(unit, kind, subjectId);
  if (found === null) return;
  const nowMs = clock.now();
  await stores.cases.resolve(unit, found.id, 'superseded', nowMs);
  await stores.cases.addEvent(unit, found.id, { type: 'resolved', actor: null, note: why, data: null, at: nowMs });
  const resolved: Case = { ...found, status: 'resolved', resolution: 'superseded', resolvedAt: nowMs };
  await tellOfCase(context, unit, 'case.resolved', resolved);
}

export async function tellOfCase(
  context: ServiceContext,
  unit: Unit,
  type: 'case.opened' | 'case.resolved',
  entry: Case,
): Promise<void> {
  await tellPlatform(context, unit, { type, subjectId: entry.id, playerId: null, data: { ...caseView(entry) } });
}
