/**
 * A history that can be shut: once a simulator is closed, what is still under way (a delivery
 * that times out, a connection that breaks) ends silently instead of writing into a run that
 * is over.
 */
import type { HistorySink } from '../../kernel/index.ts';

export interface GatedHistory {
  readonly history: HistorySink;
  shut(): void;
}

/** Index that a shut history answers: no event has it, and nobody reads it any more. */
const NOWHERE = -1;

export function gateHistory(history: HistorySink): GatedHistory {
  let open = true;
  return {
    history: { append: (event) => (open ? history.append(event) : NOWHERE) },
    shut: () => {
      open = false;
    },
  };
}
