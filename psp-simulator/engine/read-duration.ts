/**
 * Durations as people and programs write them: `5 s`, `90 minutes`, `3 days` or `250ms` as in
 * scenario files, ISO 8601 such as `P3D` or `PT90M`, or plain milliseconds.
 */
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(ms|milliseconds?)$/, 1],
  [/^(s|sec|seconds?)$/, 1_000],
  [/^(m|min|minutes?)$/, 60_000],
  [/^(h|hours?)$/, 3_600_000],
  [/^(d|days?)$/, 86_400_000],
  [/^(w|weeks?)$/, 604_800_000],
];

const WORDS = /^([0-9]{1,12}(?:\.[0-9]{1,3})?)\s*([a-z]+)$/;

/** Months and years are left out: their length depends on where they begin. */
const ISO =
  /^P(?=[0-9T])(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,3})?)S)?)?$/;

/** What to write, for messages. */
export const DURATION_HINT = 'milliseconds, a text such as "5 s" or "3 days", or ISO 8601 such as "P3D"';

/** Milliseconds, from 0 on, or undefined when it is no duration. */
export function readDuration(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  return fromWords(value.trim().toLowerCase()) ?? fromIso(value.trim());
}

function fromWords(text: string): number | undefined {
  const [, amount, unit = ''] = WORDS.exec(text) ?? [];
  const size = UNITS.find(([pattern]) => pattern.test(unit))?.[1];
  return size === undefined ? undefined : Math.round(Number(amount) * size);
}

function fromIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null) return undefined;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return Math.round(((weeks * 7 + days) * 86_400 + hours * 3_600 + minutes * 60 + seconds) * 1_000);
}
