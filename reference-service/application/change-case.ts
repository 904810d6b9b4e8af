/**
 * Story: a person takes a case, hands it on, or writes a note. Every change is an event of the
 * case's history; nothing of it is lost when the next person looks.
 */
import type { Case } from '../domain/case.ts';
import { ServiceError } from '../domain/errors.ts';
import type { ServiceContext } from './context.ts';

export interface CaseChange {
  by: string;
  /** Absent: unchanged. Null: nobody. */
  owner?: string | null;
  note?: string;
}

/** @throws ServiceError not_found */
export async function changeCase(context: ServiceContext, caseId: string, change: CaseChange): Promise<Case> {
  const { clock, database, stores } = context;
  return database.transaction(async (unit) => {
    const found = await stores.cases.lock(unit, caseId);
    if (found === null) throw new ServiceError('not_found', `There is no case ${caseId}.`);
    const at = clock.now();
    const { by, owner, note } = change;
    const isHandedOn = owner !== undefined && owner !== found.owner;
    if (isHandedOn) {
      await stores.cases.assign(unit, caseId, owner);
      await stores.cases.addEvent(unit, caseId, {
        type: 'assigned',
        actor: by,
        note: note ?? null,
        data: { owner },
        at,
      });
    } else if (note !== undefined) {
      await stores.cases.addEvent(unit, caseId, { type: 'noted', actor: by, note, data: null, at });
    }
    return isHandedOn ? { ...found, owner } : found;
  });
}
