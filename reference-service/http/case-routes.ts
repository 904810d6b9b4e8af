/**
 * Routes of cases: the list, one with its history, and what people do about it.
 */
import { stringify } from 'csv-stringify/sync';
import type * as Api from '../../openapi/generated/payments.ts';
import { caseEventView, caseView } from '../application/case-view.ts';
import { changeCase } from '../application/change-case.ts';
import type { ServiceContext } from '../application/context.ts';
import { resolveCase } from '../application/resolve-case.ts';
import type { Case } from '../domain/case.ts';
import { ServiceError } from '../domain/errors.ts';
import { json } from './answer.ts';
import { amountOf } from './exchange.ts';
import type { Routes } from './routes.ts';

const COLUMNS = [
  'case_id',
  'kind',
  'status',
  'subject_id',
  'psp',
  'open_amount',
  'currency',
  'owner',
  'resolution',
  'opened_at',
  'resolved_at',
  'summary',
] as const;

export function caseRoutes(context: ServiceContext): Routes {
  const { database, stores } = context;

  async function withHistory(found: Case): Promise<Api.CaseWithHistory> {
    const events = await stores.cases.events(database.autocommit, found.id);
    return { ...caseView(found), history: events.map(caseEventView) };
  }

  return {
    async listCases({ parameters, request }) {
      const text = (name: string): string | null => (parameters[name] === undefined ? null : String(parameters[name]));
      const limit = Number(parameters['limit']);
      const found = await stores.cases.list(database.autocommit, {
        status: text('status') as Case['status'] | null,
        kind: text('kind'),
        psp: text('psp'),
        owner: text('owner'),
        subjectId: text('subject_id'),
        after: text('after'),
        limit: limit + 1,
      });
      const page = found.slice(0, limit).map(caseView);
      const last = page.at(-1);
      if (request.accepts(['application/json', 'text/csv']) === 'text/csv') {
        const csv = stringify(page, { header: true, columns: [...COLUMNS], escape_formulas: true });
        return { kind: 'text', status: 200, contentType: 'text/csv; charset=utf-8', text: csv };
      }
      const next = found.length > limit && last !== undefined ? { next: last.case_id } : {};
      return json(200, { cases: page, ...next });
    },

    async getCase({ parameters }) {
      const id = String(parameters['case_id']);
      const found = await stores.cases.find(database.autocommit, id);
      if (found === null) throw new ServiceError('not_found', `There is no case ${id}.`);
      return json(200, await withHistory(found));
    },

    async changeCase({ parameters, body }) {
      const { by, owner, note } = body as { by: string; owner?: string | null; note?: string };
      const changed = await changeCase(context, String(parameters['case_id']), {
        by,
        ...(owner === undefined ? {} : { owner }),
        ...(note === undefined ? {} : { note }),
      });
      return json(200, await withHistory(changed));
    },

    async resolveCase({ parameters, body }) {
      const { action, by, note, amount, currency, from, to } = body as {
        action: 'accept' | 'write_off' | 'recredit' | 'correct';
        by: string;
        note: string;
        amount?: string;
        currency?: string;
        from?: string;
        to?: string;
      };
      const { case: resolved, replayed } = await resolveCase(context, String(parameters['case_id']), {
        action,
        by,
        note,
        money:
          amount === undefined || currency === undefined
            ? null
            : { amountMinor: amountOf({ amount, currency }), currency },
        accounts: from === undefined || to === undefined ? null : { from, to },
      });
      return json(200, caseView(resolved), replayed);
    },
  };
}
