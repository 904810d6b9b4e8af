/**
 * Logs of a process: one JSON line each on standard error, by pino. What a line holds is decided
 * by whoever writes it; time, trace and masking are added before it comes here.
 *
 * Lines of everyday are written together, a moment later: a busy process would spend a twentieth
 * of its time on writing each. What needs a person is written at once, with all that came before.
 * Only a process that is killed the hard way loses its last moment of them.
 */
import { pino } from 'pino';
import type { Clock } from '../../kernel/index.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const STANDARD_ERROR = 2;

/** So much waits at most, in characters and in milliseconds. */
const MOST_WAITING = 8_192;
const WRITE_AFTER_MS = 100;

/** A function that writes lines of this level and above; a line says its own `level`. */
export function createLog(
  level: LogLevel,
  clock: Clock,
  descriptor = STANDARD_ERROR,
): (line: Record<string, unknown>) => void {
  const destination = pino.destination({ dest: descriptor, minLength: MOST_WAITING, sync: true });
  process.once('exit', () => destination.flushSync());
  let isPlanned = false;
  const writeSoon = (): void => {
    if (isPlanned) return;
    isPlanned = true;
    clock.schedule(WRITE_AFTER_MS, 'log', () => {
      isPlanned = false;
      destination.flushSync();
    });
  };
  const logger = pino(
    // The line has its own time. The level is pino's to write, as text: left out, its comma would stay.
    { level, base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } },
    destination,
  );
  return (line) => {
    const { level: given, ...rest } = line;
    const at = given === 'debug' || given === 'warn' || given === 'error' ? given : 'info';
    logger[at](rest);
    if (at === 'warn' || at === 'error') destination.flushSync();
    else writeSoon();
  };
}
