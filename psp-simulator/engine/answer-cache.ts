/**
 * Stale answers: what a cache in front of a PSP's queries would say. It fills and answers only
 * while a fault wants it; what it holds is forgotten with the books.
 */
import type { PspAnswer, PspRequest } from '../dialects/dialect.ts';
import type { Psp } from './psp.ts';

interface Cached {
  readonly answer: PspAnswer;
  readonly atMs: number;
}

/** Queries remembered per PSP; a run asks for fewer. */
const MOST_QUERIES = 10_000;

const CACHES = new WeakMap<object, Map<string, Cached>>();

/** The last answer to the same query if it is younger than `forMs`; else the fresh one, which is kept. */
export function answerOrCached(psp: Psp, request: PspRequest, fresh: PspAnswer, forMs: number): PspAnswer {
  const cache = CACHES.get(psp.bank) ?? new Map<string, Cached>();
  CACHES.set(psp.bank, cache);
  const key = `${request.method} ${request.path}?${request.query.toString()} ${request.rawBody.toString('utf8')}`;
  const nowMs = psp.ports.clock.now();
  const cached = cache.get(key);
  if (cached !== undefined && nowMs - cached.atMs < forMs) return cached.answer;
  if (cache.size >= MOST_QUERIES) cache.clear();
  cache.set(key, { answer: fresh, atMs: nowMs });
  return fresh;
}
