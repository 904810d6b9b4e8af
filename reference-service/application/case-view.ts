/**
 * A case in the words of the API.
 */
import { isoTime } from '../../kernel/index.ts';
import type * as Api from '../../openapi/generated/payments.ts';
import type { Case, CaseEvent } from '../domain/case.ts';
import { formatAmount } from '../domain/money.ts';

export function caseView(entry: Case): Api.Case {
  return {
    case_id: entry.id,
    kind: entry.kind,
    status: entry.status,
    subject_id: entry.subjectId,
    psp: entry.psp,
    summary: entry.summary,
    open_amount: entry.open === undefined ? null : formatAmount(entry.open.minor, entry.open.currency),
    currency: entry.open?.currency ?? null,
    owner: entry.owner,
    resolution: entry.resolution,
    opened_at: isoTime(entry.openedAt),
    resolved_at: entry.resolvedAt === null ? null : isoTime(entry.resolvedAt),
  };
}

export function caseEventView(event: CaseEvent): Api.CaseEvent {
  return {
    type: event.type,
    by: event.actor,
    note: event.note,
    ...(event.data === null ? {} : { data: event.data }),
    at: isoTime(event.at),
  };
}
