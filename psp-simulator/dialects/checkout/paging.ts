/** Checkout.com's lists: `limit` and `skip`, newest first, with a total count. */
import { refusal } from './errors.ts';

/** One page of `items`, which come newest first. `most` is also the default where none is given. */
export function pageOf<Item>(
  items: readonly Item[],
  query: URLSearchParams,
  limits: { usual: number; most: number },
): { limit: number; skip: number; total_count: number; page: Item[] } {
  const limit = whole(query, 'limit', limits.usual);
  const skip = whole(query, 'skip', 0);
  if (limit < 1 || limit > limits.most) throw refusal('paging_limit_invalid', 'limit');
  return { limit, skip, total_count: items.length, page: items.slice(skip, skip + limit) };
}

function whole(query: URLSearchParams, name: 'limit' | 'skip', usual: number): number {
  const text = query.get(name);
  if (text === null || text === '') return usual;
  if (!/^-?\d{1,9}$/.test(text) || Number(text) < 0) throw refusal(`paging_${name}_invalid`, name);
  return Number(text);
}
