/*
 * Time scale of the timeline. A run has minutes of traffic and days of waiting; the default
 * scale gives idle gaps the logarithm of their length, so that both can be seen. `true` scale
 * is linear. Positions `u` run from 0 (start) to 1 (end).
 */
function makeScale(times, end, compressed) {
  const points = [...new Set([0, ...times, end])].sort((a, b) => a - b);
  const gaps = points.slice(1).map((t, n) => t - points[n]);
  const ordered = [...gaps].sort((a, b) => a - b);
  // A typical gap keeps its length; only longer ones are squeezed.
  const usual = Math.max(1, ordered[Math.floor(ordered.length * 0.5)] || 1);
  const width = (gap) => (!compressed || gap <= usual ? gap : usual * (1 + 2 * Math.log(gap / usual)));
  const at = [0];
  for (const gap of gaps) at.push(at[at.length - 1] + width(gap));
  const total = at[at.length - 1] || 1;
  const positions = at.map((x) => x / total);

  const locate = (list, value) => {
    let low = 0;
    let high = list.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (list[middle] <= value) low = middle;
      else high = middle;
    }
    return low;
  };
  const between = (from, to, value) => {
    const n = locate(from, value);
    const span = from[n + 1] - from[n] || 1;
    return to[n] + ((value - from[n]) / span) * (to[n + 1] - to[n]);
  };
  return {
    position: (t) => between(points, positions, Math.min(Math.max(t, 0), end)),
    time: (u) => between(positions, points, Math.min(Math.max(u, 0), 1)),
    /** Idle stretches that were squeezed to less than a twentieth of their share. */
    idle: compressed
      ? gaps.flatMap((gap, n) => {
          const share = (positions[n + 1] - positions[n]) / (gap / end);
          return share < 0.3 && gap > usual * 20 ? [{ from: points[n], to: points[n + 1] }] : [];
        })
      : [],
  };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
];

/** Clock text as the rest of the report writes it: `0:02:05.350`, with days once there are any. */
function timeText(ms, coarse) {
  const whole = Math.round(ms);
  const days = Math.floor(whole / DAY);
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor((whole % DAY) / HOUR);
  const rest = whole % SECOND;
  const fraction = rest === 0 ? '' : '.' + String(rest).padStart(3, '0');
  const seconds =
    coarse && days > 0 && whole % MINUTE === 0 ? '' : ':' + two(Math.floor((whole % MINUTE) / SECOND)) + fraction;
  return (days === 0 ? hours : days + 'd ' + two(hours)) + ':' + two(Math.floor((whole % HOUR) / MINUTE)) + seconds;
}

function durationText(ms) {
  if (ms < SECOND) return Math.round(ms) + ' ms';
  if (ms < MINUTE) return Math.round(ms / SECOND) + ' s';
  if (ms < HOUR) return Math.round(ms / MINUTE) + ' min';
  return Math.round(ms / HOUR) + ' h';
}

/** Ticks at round times, at least `gap` pixels apart, for the pixels from `left` to `right`. */
function ticks(view, left, right, gap) {
  const found = [];
  for (let x = left; x <= right; x += gap / 2) {
    const local = view.timeAt(Math.min(right, x + gap)) - view.timeAt(x);
    const step = STEPS.find((candidate) => candidate >= local / 2) || 7 * DAY;
    const t = Math.ceil(view.timeAt(x) / step) * step;
    const px = view.pixel(t);
    const last = found[found.length - 1];
    if (px < left || px > right || (last && px - last.px < gap)) continue;
    found.push({ px, t });
  }
  return found;
}
