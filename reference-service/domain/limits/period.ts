/**
 * Periods of a limit: calendar days, ISO weeks (from Monday) and calendar months, all in UTC.
 *
 * Calendar and not rolling, because a player can then be told one moment at which room comes
 * back, and a sum has one beginning that all processes agree on.
 */
export const LIMIT_PERIODS = ['day', 'week', 'month'] as const;
export type LimitPeriod = (typeof LIMIT_PERIODS)[number];

export interface PeriodWindow {
  /** First millisecond that counts. */
  startsAt: number;
  /** First millisecond of the next period: the room comes back. */
  endsAt: number;
}

const DAY_MS = 86_400_000;

/** 1970-01-01 was a Thursday: three days after the Monday of its ISO week. */
const MONDAY_OFFSET_DAYS = 3;

/** The period that contains `nowMs` (epoch ms). */
export function periodWindow(period: LimitPeriod, nowMs: number): PeriodWindow {
  const day = Math.floor(nowMs / DAY_MS);
  switch (period) {
    case 'day':
      return { startsAt: day * DAY_MS, endsAt: (day + 1) * DAY_MS };
    case 'week': {
      const monday = day - ((((day + MONDAY_OFFSET_DAYS) % 7) + 7) % 7);
      return { startsAt: monday * DAY_MS, endsAt: (monday + 7) * DAY_MS };
    }
    case 'month': {
      const date = new Date(nowMs);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      return { startsAt: Date.UTC(year, month, 1), endsAt: Date.UTC(year, month + 1, 1) };
    }
  }
}
