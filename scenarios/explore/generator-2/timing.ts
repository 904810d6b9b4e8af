/**
 * When the operations of one entry begin: all at once, in pairs at the same instant, around a
 * deadline of the run, or one after the other.
 */
import type { Random } from '../../../kernel/index.ts';
import { durationOf, nearAnEdge, type Setting } from './setting.ts';

export interface DrawnTiming {
  from: string;
  burst?: boolean;
  at?: string[];
  every?: string;
}

/** @param fromMs where it may begin, in milliseconds since the run's start. */
export function drawTiming(draw: Random, count: number, setting: Setting, fromMs: readonly number[]): DrawnTiming {
  const from = durationOf(draw.pick(fromMs, 'from'));
  switch (draw.pick(['burst', 'pairs', 'edge', 'row', 'row'], 'timing')) {
    case 'burst':
      return { from, burst: true };
    case 'pairs': {
      const gapMs = draw.pick([50, 2_000, 60_000], 'pair gap');
      return { from, at: Array.from({ length: count }, (_, index) => durationOf(Math.floor(index / 2) * gapMs)) };
    }
    case 'edge': {
      // The first one begins something, the others come when its time is just up.
      const near = Array.from({ length: count }, (_, index) =>
        index === 0 ? 0 : nearAnEdge(draw, `at ${index}`, setting),
      );
      return { from, at: near.sort((a, b) => a - b).map(durationOf) };
    }
    default:
      return { from, every: durationOf(draw.pick([400, 7_000, 45_000, Math.floor(setting.spanMs / 12)], 'every')) };
  }
}
