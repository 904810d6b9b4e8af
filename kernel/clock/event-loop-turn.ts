/**
 * One real turn of the event loop. Captured when the module loads, so that a test that
 * replaces the global timers cannot stop a clock from draining what is in flight.
 */
const realSetImmediate = setImmediate;

/** Resolves after pending microtasks, ticks and one round of I/O callbacks have run. */
export function eventLoopTurn(): Promise<void> {
  return new Promise((resolve) => realSetImmediate(resolve));
}
