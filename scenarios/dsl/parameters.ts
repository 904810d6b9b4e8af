/**
 * Parameters of faults and profiles: snake case with durations as text in the file,
 * `camelCaseMs` with numbers for the simulator. `ack_timeout: 5s` becomes
 * `ackTimeoutMs: 5000`; `{ kind: fixed, ms: 2s }` keeps the name `ms`.
 */
import { durationMs, isDuration } from './duration.ts';

/** A deep copy with converted names and durations. */
export function toParameters(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => {
      const name = camelCase(key);
      return holdsDurations(value) ? [withUnit(name), toMs(value)] : [name, deeper(value)];
    }),
  );
}

function deeper(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deeper);
  return typeof value === 'object' && value !== null ? toParameters(value as Record<string, unknown>) : value;
}

function holdsDurations(value: unknown): value is string | string[] {
  if (Array.isArray(value))
    return value.length > 0 && value.every((item) => typeof item === 'string' && isDuration(item));
  return typeof value === 'string' && isDuration(value);
}

function toMs(value: string | string[]): number | number[] {
  return Array.isArray(value) ? value.map(durationMs) : durationMs(value);
}

function withUnit(name: string): string {
  return name === 'ms' || name.endsWith('Ms') ? name : `${name}Ms`;
}

function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
