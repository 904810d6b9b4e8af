/** RunModel: the index over a history that invariants and reports read. */
import type { HistoryEvent } from './vocabulary.ts';

export interface RunModel {
  readonly events: readonly HistoryEvent[];
}
