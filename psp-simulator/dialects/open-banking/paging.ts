/** Pages: `limit` items after the `cursor`, which names the last item of the page before. */
import type { Call } from '../dialect.ts';
import { refuse } from './fields.ts';

const DEFAULT_LIMIT = 50;
const MOST = 500;

export interface Page<T> {
  readonly items: T[];
  /** Absent on the last page. */
  readonly pagination?: { readonly next_cursor: string };
}

export function pageOf<T>(call: Call, all: readonly T[], idOf: (item: T) => string): Page<T> {
  const { query } = call.request;
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) refuse('limit', `Value must be from 1 to ${MOST}.`);
  const cursor = query.get('cursor');
  const after = cursor === null ? null : Buffer.from(cursor, 'base64url').toString('utf8');
  const begin = after === null ? 0 : all.findIndex((item) => idOf(item) === after) + 1;
  if (after !== null && begin === 0) refuse('cursor', 'Value is not a cursor of this list.');
  const items = all.slice(begin, begin + limit);
  const last = items.at(-1);
  if (last === undefined || begin + limit >= all.length) return { items };
  return { items, pagination: { next_cursor: Buffer.from(idOf(last)).toString('base64url') } };
}
