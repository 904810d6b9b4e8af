/**
 * How long a worker with nothing to do sleeps before it looks whether another process left
 * something behind: a process that was killed tells nobody. Each pause is a different part of
 * the whole, so that processes which were started together do not look together.
 */
import type { Ids } from '../../kernel/index.ts';
import { keyedDraw, type Draw } from '../domain/routing/draw.ts';

/** The shortest pause, as a share of the longest. */
const SHORTEST_SHARE = 0.75;

export class IdlePause {
  readonly #draw: Draw;
  #pauses = 0;

  /** @param ids gives each worker a sequence of its own, the same one in a run that is repeated */
  constructor(ids: Ids, worker: string) {
    this.#draw = keyedDraw(ids.next(worker));
  }

  /** @param longestMs never exceeded */
  nextMs(longestMs: number): number {
    this.#pauses += 1;
    const share = SHORTEST_SHARE + (1 - SHORTEST_SHARE) * this.#draw('idle', String(this.#pauses));
    return Math.floor(longestMs * share);
  }
}
