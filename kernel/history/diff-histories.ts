/**
 * First difference of two histories of the same seed, with the chain of causes that leads to
 * it: where determinism broke, and what led there.
 */
import type { HistoryEvent } from './event.ts';
import { canonicalLine } from './fingerprint.ts';

export interface HistoryDifference {
  /** Index of the first event that differs. */
  index: number;
  /** Undefined where that history has already ended. */
  left: HistoryEvent | undefined;
  right: HistoryEvent | undefined;
  /** Causes of the differing event, oldest first, the event itself last. */
  leftChain: HistoryEvent[];
  rightChain: HistoryEvent[];
}

/** Undefined when the histories are equal. */
export function diffHistories(
  left: readonly HistoryEvent[],
  right: readonly HistoryEvent[],
): HistoryDifference | undefined {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const a = left[index];
    const b = right[index];
    if (a !== undefined && b !== undefined && canonicalLine(a) === canonicalLine(b)) continue;
    return { index, left: a, right: b, leftChain: causeChain(left, a), rightChain: causeChain(right, b) };
  }
  return undefined;
}

/** The event and what caused it, oldest first. A cause that does not lie before its effect ends the chain. */
export function causeChain(events: readonly HistoryEvent[], event: HistoryEvent | undefined): HistoryEvent[] {
  const chain: HistoryEvent[] = [];
  let current = event;
  while (current !== undefined) {
    chain.unshift(current);
    const { cause, i } = current;
    current = cause !== undefined && cause < i ? events[cause] : undefined;
  }
  return chain;
}
