/**
 * Hand-made histories for tests: events are told with their times in any order, then sorted,
 * numbered and linked. Nothing here knows what is right or wrong; see `sound-world.ts` for that.
 */
import type { HistoryEvent, HistoryEventInput } from '../../../kernel/index.ts';

export interface Told {
  t: number;
  event: Omit<HistoryEventInput, 'cause'>;
  cause?: Told | undefined;
}

export class Story {
  readonly told: Told[] = [];

  /** Tells an event at scenario time `t` (milliseconds). */
  tell(t: number, event: Omit<HistoryEventInput, 'cause'>, cause?: Told): Told {
    const told: Told = { t, event, cause };
    this.told.push(told);
    return told;
  }

  /** The history: by time, ties in the order of telling; a cause always comes before its effect. */
  events(): HistoryEvent[] {
    const order = [...this.told].sort((a, b) => a.t - b.t);
    const indexes = new Map(order.map((told, index) => [told, index]));
    return order.map((told, i) => {
      const cause = told.cause === undefined ? undefined : indexes.get(told.cause);
      return { i, t: told.t, ...told.event, ...(cause === undefined ? {} : { cause }) };
    });
  }
}
