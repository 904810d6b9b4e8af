/**
 * Durations as people write them in scenario files: `250ms`, `30s`, `5m`, `2h`, `3d`.
 * One unit per duration, so that there is one way to write it.
 */
const UNIT_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The form, shared with the JSON Schema (a test compares the two). */
export const DURATION_PATTERN = '^(0|[1-9][0-9]{0,8})(\\.[0-9]{1,3})?(ms|s|m|h|d)$';

const DURATION = new RegExp(DURATION_PATTERN);

/** Whether `text` is a duration such as `90s`. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/** Milliseconds of a duration, rounded to whole ones. Throws a RangeError when it is none. */
export function durationMs(text: string): number {
  const match = DURATION.exec(text);
  if (match === null) throw new RangeError(`${text} is not a duration; write 250ms, 30s, 5m, 2h or 3d`);
  const unit = match[3] ?? 'ms';
  return Math.round(Number(text.slice(0, -unit.length)) * (UNIT_MS[unit] ?? 1));
}

/** The shortest exact text for a number of milliseconds: 5_400_000 becomes `90m`. */
export function durationText(ms: number): string {
  for (const unit of ['d', 'h', 'm', 's']) {
    const size = UNIT_MS[unit] ?? 1;
    if (ms !== 0 && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}
