/**
 * Stripe's lists: newest first, cursors by object id, `created` ranges; and the search result,
 * which pages by an opaque token instead.
 */
import type { PspAnswer } from '../dialect.ts';
import { seconds } from './details.ts';
import { invalid, jsonAnswer, noSuch } from './errors.ts';
import { text, type FormFields } from './form.ts';

const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

export const LIST_PARAMS = ['limit', 'starting_after', 'ending_before', 'created', 'expand'] as const;

export interface ListItem {
  id: string;
  createdAtMs: number;
  render(): unknown;
}

/** One page of `items`, which come oldest first. `what` names the object in errors. */
export function listAnswer(
  items: readonly ListItem[],
  fields: FormFields,
  options: { url: string; what: string },
): PspAnswer {
  const limit = limitIn(fields);
  const newestFirst = items.filter((item) => inCreatedRange(item, fields)).reverse();
  const after = text(fields, 'starting_after');
  const before = text(fields, 'ending_before');
  let page: ListItem[];
  let hasMore: boolean;
  if (before !== undefined) {
    const end = indexOf(newestFirst, before, 'ending_before', options.what);
    const start = Math.max(0, end - limit);
    page = newestFirst.slice(start, end);
    hasMore = start > 0;
  } else {
    const start = after === undefined ? 0 : indexOf(newestFirst, after, 'starting_after', options.what) + 1;
    page = newestFirst.slice(start, start + limit);
    hasMore = newestFirst.length > start + limit;
  }
  return jsonAnswer(200, {
    object: 'list',
    data: page.map((item) => item.render()),
    has_more: hasMore,
    url: options.url,
  });
}

/** One page of a search; `items` come oldest first and are answered newest first. */
export function searchAnswer(items: readonly ListItem[], fields: FormFields, options: { url: string }): PspAnswer {
  const limit = limitIn(fields);
  const token = text(fields, 'page');
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(start) || start < 0)
    throw invalid('The page token is not one that a search has answered.', { param: 'page' });
  const newestFirst = [...items].reverse();
  const more = newestFirst.length > start + limit;
  return jsonAnswer(200, {
    object: 'search_result',
    data: newestFirst.slice(start, start + limit).map((item) => item.render()),
    has_more: more,
    next_page: more ? Buffer.from(String(start + limit)).toString('base64url') : null,
    url: options.url,
  });
}

function limitIn(fields: FormFields): number {
  const value = text(fields, 'limit');
  if (value === undefined) return DEFAULT_LIMIT;
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT) {
    throw invalid(`This value must be an integer between 1 and ${MAX_LIMIT}.`, {
      code: 'parameter_invalid_integer',
      param: 'limit',
    });
  }
  return limit;
}

function indexOf(items: readonly ListItem[], id: string, param: string, what: string): number {
  const index = items.findIndex((item) => item.id === id);
  if (index < 0) throw noSuch(what, id, { param });
  return index;
}

function inCreatedRange(item: ListItem, fields: FormFields): boolean {
  const created = seconds(item.createdAtMs);
  const bound = (name: string): number | undefined => {
    const value = text(fields, 'created', name);
    return value === undefined ? undefined : Number(value);
  };
  const exact = text(fields, 'created');
  if (exact !== undefined && created !== Number(exact)) return false;
  const { gt, gte, lt, lte } = { gt: bound('gt'), gte: bound('gte'), lt: bound('lt'), lte: bound('lte') };
  return !(
    (gt !== undefined && !(created > gt)) ||
    (gte !== undefined && !(created >= gte)) ||
    (lt !== undefined && !(created < lt)) ||
    (lte !== undefined && !(created <= lte))
  );
}
