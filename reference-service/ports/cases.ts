/**
 * The store of cases. What must hold: one case per kind and subject; what was done about a case
 * is only added to; a case is resolved once.
 */
import type { Case, CaseEvent, CaseResolution, NewCase } from '../domain/case.ts';
import type { Unit } from './unit.ts';

export interface CaseFilter {
  status: Case['status'] | null;
  kind: string | null;
  psp: string | null;
  owner: string | null;
  subjectId: string | null;
  /** Cases after this one. */
  after: string | null;
  limit: number;
}

export interface CaseStore {
  /** One case per kind and subject; gives those that are new. */
  open(unit: Unit, entries: readonly { id: string; entry: NewCase }[], nowMs: number): Promise<Case[]>;
  /** True when a case of one of these kinds is open for the subject. */
  isOpen(unit: Unit, kinds: readonly NewCase['kind'][], subjectId: string): Promise<boolean>;
  /** An open case of this kind and subject, locked. */
  lockOpen(unit: Unit, kind: NewCase['kind'], subjectId: string): Promise<Case | null>;
  find(unit: Unit, caseId: string): Promise<Case | null>;
  lock(unit: Unit, caseId: string): Promise<Case | null>;
  assign(unit: Unit, caseId: string, owner: string | null): Promise<void>;
  resolve(unit: Unit, caseId: string, resolution: CaseResolution, nowMs: number): Promise<void>;
  addEvent(unit: Unit, caseId: string, event: Omit<CaseEvent, 'id'>): Promise<void>;
  events(unit: Unit, caseId: string): Promise<CaseEvent[]>;
  /** Oldest first. */
  list(unit: Unit, filter: CaseFilter): Promise<Case[]>;
}
