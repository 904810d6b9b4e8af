/**
 * Scenario time in words: `0:02:05.350` since the run began, with days in front once there
 * are any. One form everywhere, so that a sentence, a timeline and an axis can be compared.
 */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Clock text of a scenario time in milliseconds; whole seconds are shown without decimals. */
export function timeText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const days = Math.floor(whole / DAY);
  const hours = Math.floor((whole % DAY) / HOUR);
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const seconds = Math.floor((whole % MINUTE) / SECOND);
  const millis = whole % SECOND;
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = days === 0 ? '' : `${days}d `;
  const fraction = millis === 0 ? '' : `.${String(millis).padStart(3, '0')}`;
  return `${day}${days === 0 ? hours : two(hours)}:${two(minutes)}:${two(seconds)}${fraction}`;
}

/** A length of time for people: `420 ms`, `2.5 s`, `3 min 20 s`, `72 h`. */
export function durationText(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${Number((ms / SECOND).toFixed(1))} s`;
  const [big, small, bigName, smallName] =
    ms < HOUR ? ([MINUTE, SECOND, 'min', 's'] as const) : ([HOUR, MINUTE, 'h', 'min'] as const);
  const rest = Math.floor((ms % big) / small);
  return `${Math.floor(ms / big)} ${bigName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}
