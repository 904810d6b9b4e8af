/** Door of the history vocabulary: the words, and the index over a history. */
export * from './vocabulary.ts';
export * from './movement-vocabulary.ts';
export * from './note-vocabulary.ts';
export * from './records.ts';
export * from './settlement-records.ts';
export * from './settlement-vocabulary.ts';
export { exponentOf, minorUnits, money } from './money.ts';
export { durationText, timeText } from './time-text.ts';
export { valueOf } from './read-messages.ts';
export { firstCapture, netCaptured } from './read-books.ts';
export { buildRunModel } from './run-model.ts';
export type { RunModel } from './run-model.ts';
