/** Pages: `limit` objects after the one that `after` names, and the id to go on from. */
import { PspProblem } from '../../core/problem.ts';
import type { Call } from '../dialect.ts';

const DEFAULT_LIMIT = 20;
const MOST = 100;

export interface Page<T> {
  readonly data: T[];
  /** Null on the last page. */
  readonly next: string | null;
}

export function pageOf<T>({ request }: Call, all: readonly T[], idOf: (item: T) => string): Page<T> {
  const limit = Number(request.query.get('limit') ?? DEFAULT_LIMIT);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST)
    throw new PspProblem('validation', `limit must be a whole number from 1 to ${MOST}`, { field: 'limit' });
  const after = request.query.get('after');
  const begin = after === null ? 0 : all.findIndex((item) => idOf(item) === after) + 1;
  if (after !== null && begin === 0)
    throw new PspProblem('validation', `after "${after}" is not in this list`, { field: 'after' });
  const data = all.slice(begin, begin + limit);
  const last = data.at(-1);
  return { data, next: last === undefined || begin + limit >= all.length ? null : idOf(last) };
}
