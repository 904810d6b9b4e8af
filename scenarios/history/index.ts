/** Door of the history vocabulary: the words, and the index over a history. */
export * from './vocabulary.ts';
export type { RunModel } from './run-model.ts';
