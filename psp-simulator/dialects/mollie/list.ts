/**
 * Mollie's lists: HAL with `count`, `_embedded` and `_links`, newest first, paged by the id from
 * which on (inclusive) and a limit of 1 to 250.
 */
import type { Call, PspAnswer } from '../dialect.ts';
import { badRequest, halAnswer } from './errors.ts';
import { documentation, placeOf } from './place.ts';
import type { Link, Place } from './place.ts';

const DEFAULT_LIMIT = 50;
const MOST_LIMIT = 250;

export interface ListItem {
  id: string;
  render(place: Place): Record<string, unknown>;
}

/** One page of `items`, which come oldest first. `name` is the key in `_embedded`. */
export function listAnswer(
  call: Call,
  items: readonly ListItem[],
  { name, page }: { name: string; page: string },
): PspAnswer {
  const { query } = call.request;
  const place = placeOf(call);
  const limit = limitIn(query.get('limit'));
  const ordered = sortIn(query.get('sort')) === 'asc' ? [...items] : [...items].reverse();
  const from = query.get('from');
  const start = from === null ? 0 : ordered.findIndex((item) => item.id === from);
  if (start < 0) throw badRequest(`The from parameter "${from}" is not in this list`, 'from');
  const shown = ordered.slice(start, start + limit);
  const following = ordered[start + limit];
  const preceding = start === 0 ? undefined : ordered[Math.max(0, start - limit)];
  return halAnswer(200, {
    count: shown.length,
    _embedded: { [name]: shown.map((item) => item.render(place)) },
    _links: {
      self: pageLink(call, place, from, limit),
      previous: preceding === undefined ? null : pageLink(call, place, preceding.id, limit),
      next: following === undefined ? null : pageLink(call, place, following.id, limit),
      documentation: documentation(page),
    },
  });
}

function pageLink({ request }: Call, place: Place, from: string | null, limit: number): Link {
  const query = new URLSearchParams(request.query);
  query.delete('from');
  if (from !== null) query.set('from', from);
  query.set('limit', String(limit));
  return { href: `${place.origin}${request.path}?${query.toString()}`, type: 'application/hal+json' };
}

function limitIn(text: string | null): number {
  if (text === null || text === '') return DEFAULT_LIMIT;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_LIMIT)
    throw badRequest(`The limit should be between 1 and ${MOST_LIMIT}`, 'limit');
  return limit;
}

function sortIn(text: string | null): 'asc' | 'desc' {
  if (text === null || text === '' || text === 'desc') return 'desc';
  if (text === 'asc') return 'asc';
  throw badRequest('The sort parameter should be asc or desc', 'sort');
}
