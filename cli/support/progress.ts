/**
 * Progress of a long verb: a bar on a terminal, one line per finished step elsewhere (a log
 * of a pipeline wants lines, not carriage returns).
 */
import cliProgress from 'cli-progress';
import type { Output } from './output.ts';

export interface Progress {
  /** Names what runs now. */
  begin(label: string): void;
  /** One step is done; `line` is what a log shows for it, empty for nothing. */
  advance(line: string): void;
  stop(): void;
}

export function createProgress(output: Output, total: number): Progress {
  if (!output.live || total === 0) {
    return { begin: () => {}, advance: (line) => (line === '' ? undefined : output.note(line)), stop: () => {} };
  }
  const bar = new cliProgress.SingleBar({
    format: '{bar} {value}/{total} {label}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    stream: process.stderr,
  });
  bar.start(total, 0, { label: '' });
  return {
    begin: (label) => bar.update({ label }),
    advance: () => bar.increment(),
    stop: () => bar.stop(),
  };
}
