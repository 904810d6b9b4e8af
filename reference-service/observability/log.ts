/**
 * Logs of a process: one JSON line each on standard error, by pino. What a line holds is decided
 * by whoever writes it; time, trace and masking are added before it comes here.
 */
import { pino } from 'pino';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const STANDARD_ERROR = 2;

/** A function that writes lines of this level and above; a line says its own `level`. */
export function createLog(level: LogLevel): (line: Record<string, unknown>) => void {
  const logger = pino(
    // The line has its own time and level, as text; pino adds neither.
    { level, base: null, timestamp: false, formatters: { level: () => ({}) } },
    pino.destination(STANDARD_ERROR),
  );
  return (line) => {
    const at = line['level'];
    if (at === 'debug' || at === 'warn' || at === 'error') logger[at](line);
    else logger.info(line);
  };
}
