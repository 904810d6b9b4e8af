/**
 * What happens at a running simulator, from its history events: one object per finished
 * exchange, delivery, change of the books, strike of a fault, and note. A person sees them as
 * lines (`live-lines.ts`), a machine as JSON. Keeps nothing but what is still under way.
 */
import { isoTime, type Clock, type HistoryEventInput, type HistorySink } from '../../kernel/index.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface LiveEvent {
  /** `exchange`: an API call; `delivery`: one try at a webhook; `books`: money moved; `fault`: it struck; `note`: anything else. */
  kind: 'exchange' | 'delivery' | 'books' | 'fault' | 'note';
  /** When it ended, ISO 8601. */
  at: string;
  /** Name of the PSP, or `proxy`; null when it concerns all. */
  psp: string | null;
  /** The merchant's reference, where it is known. */
  reference: string | null;
  /** From its begin to its end, for exchanges and deliveries. */
  ms?: number;
  /** All that the history says about it. */
  [field: string]: unknown;
}

interface Begun {
  atMs: number;
  fields: Fields;
}

/** Exchanges whose end never came are forgotten beyond this number, oldest first. */
const MOST_OPEN = 10_000;

/** A history that keeps nothing: it numbers the events and tells what they amount to. */
export function createLiveEvents(options: { clock: Clock; tell(event: LiveEvent): void }): HistorySink {
  const { clock, tell } = options;
  const begun = new Map<string, Begun>();
  let next = 0;

  const say = (kind: LiveEvent['kind'], event: HistoryEventInput, fields: Fields): void => {
    // A history has words of its own for `kind` and `reference`; they must not hide the event's.
    const { psp: named, kind: record, reference, ...rest } = fields;
    const psp = named ?? event.proc.split(':')[1] ?? (event.proc === 'proxy' ? 'proxy' : null);
    tell({
      kind,
      at: isoTime(clock.now()),
      psp: psp as string | null,
      reference: event.key ?? (typeof reference === 'string' ? reference : null),
      ...(record === undefined ? {} : { record }),
      ...rest,
    });
  };
  const begin = (id: unknown, fields: Fields): void => {
    begun.set(String(id), { atMs: clock.elapsed(), fields });
    const oldest = begun.keys().next().value;
    if (begun.size > MOST_OPEN && oldest !== undefined) begun.delete(oldest);
  };
  const finish = (kind: LiveEvent['kind'], id: unknown, event: HistoryEventInput, fields: Fields): void => {
    const start = begun.get(String(id));
    if (start === undefined) return;
    begun.delete(String(id));
    const ms = Math.round(clock.elapsed() - start.atMs);
    say(kind, event, { ...start.fields, status: null, ...fields, ms });
  };

  function take(event: HistoryEventInput): void {
    const value = (event.value ?? {}) as Fields;
    const { delivery_id: delivery, exchange_id: exchange } = value;
    switch (`${event.type} ${event.f}`) {
      case 'recv exchange':
        return begin(exchange, value);
      case 'send exchange':
      case 'drop exchange':
        return finish('exchange', exchange, event, value);
      case 'send webhook':
        return begin(delivery, value);
      case 'recv webhook-ack':
        return finish('delivery', delivery, event, { ...value, outcome: 'answered' });
      case 'drop webhook':
      case 'drop webhook-ack':
        if (delivery === undefined) return say('note', event, { note: 'event-not-sent', ...value });
        return finish('delivery', delivery, event, { outcome: value['reason'], psp: value['psp'] });
      case 'recv cardholder':
        return say('note', event, { note: 'cardholder', ...value });
      case 'obs books':
        return say('books', event, { ...value, caused: event.cause !== undefined });
      default:
        if (event.type === 'fault') say('fault', event, { fault: event.f, ...value });
        else if (event.type === 'note') say('note', event, { note: event.f, ...value });
    }
  }

  return {
    append: (event) => {
      take(event);
      return next++;
    },
  };
}
