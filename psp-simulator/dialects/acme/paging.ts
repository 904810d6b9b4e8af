/** acme's pages: `limit` objects after the one named by `starting_after`, and whether there are more. */
import { PspProblem } from '../../core/problem.ts';
import type { Call } from '../dialect.ts';

const DEFAULT_LIMIT = 50;
const MOST = 100;

/** Throws `PspProblem('validation')` for a limit that is none, or an id that is not in the list. */
export function pageOf<T>(
  call: Call,
  items: readonly T[],
  idOf: (item: T) => string,
): { data: T[]; has_more: boolean } {
  const { query } = call.request;
  const limit = Number(query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new PspProblem('validation', `limit must be a whole number from 1 to ${MOST}`, { field: 'limit' });
  }
  const after = query.get('starting_after');
  const begin = after === null ? 0 : items.findIndex((item) => idOf(item) === after) + 1;
  if (after !== null && begin === 0) {
    throw new PspProblem('validation', `starting_after "${after}" is not in this list`, { field: 'starting_after' });
  }
  return { data: items.slice(begin, begin + limit), has_more: begin + limit < items.length };
}
