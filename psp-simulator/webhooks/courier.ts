/**
 * The courier of one PSP: stores every event first, then delivers it on the PSP's schedule.
 *
 *   change ─► events (stored) ─► faults ─► messages ─► first delay ─► delivery ─► acknowledged
 *                                                          ▲             │ failed
 *                                                          └── schedule ◄┘ … dead letter
 *
 * `independent` messages do not wait for each other. With `head-of-line` (Adyen) they pass one
 * line per PSP, and a failing one holds back all behind it.
 */
import { setMaxListeners } from 'node:events';
import { drawMs } from '../../kernel/index.ts';
import type { Activity, HistorySink, Random } from '../../kernel/index.ts';
import { BoundedLog } from '../core/bounded-log.ts';
import type { BookChange } from '../core/book-change.ts';
import type { StoredEvent, WebhookDraft } from '../dialects/webhook.ts';
import { DeliveryLine } from './delivery-line.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import type { DeliverySetting } from './deliver-webhook.ts';
import { messagesFor } from './messages-for-event.ts';
import type { PlannedMessage } from './messages-for-event.ts';
import { contentOf } from './message.ts';
import type { CourierEvent, LoggedDelivery, Message } from './message.ts';
import { renderEvents } from './render-events.ts';
import { waitingOf, WaitingMessages } from './waiting-messages.ts';

/** Events and deliveries kept per PSP; older ones are in the run's history. */
const EVENTS_KEPT = 5_000;
const DELIVERIES_KEPT = 5_000;

export type CourierOptions = Omit<DeliverySetting, 'log' | 'signal'> & {
  random: Random;
  history: HistorySink;
  activity: Activity;
};

export class Courier {
  readonly setting: DeliverySetting;
  readonly #random: Random;
  readonly #activity: Activity;
  readonly #events = new BoundedLog<CourierEvent>(EVENTS_KEPT);
  readonly #log = new BoundedLog<LoggedDelivery>(DELIVERIES_KEPT);
  readonly #dead: Message[] = [];
  readonly #waiting = new WaitingMessages();
  readonly #line: DeliveryLine | null;
  readonly #ending = new AbortController();
  #messages = 0;
  #tries = 0;

  constructor(options: CourierOptions) {
    this.setting = { ...options, log: this.#log, signal: this.#ending.signal };
    this.#random = options.random;
    this.#activity = options.activity;
    // Every delivery under way listens to it, and there may be thousands.
    setMaxListeners(0, this.#ending.signal);
    const send = (message: Message): Promise<number | null> => this.#try(message);
    const queues = options.dialect.queue === 'head-of-line';
    this.#line = queues ? new DeliveryLine(options.clock, `courier:${options.psp.name}`, send) : null;
  }

  /** Stores the events of a change and plans their deliveries. `cause` is the change's index in the history. */
  enqueue(change: BookChange, cause: number | undefined): CourierEvent[] {
    const { dialect, psp } = this.setting;
    const { drafts, ids } = renderEvents(dialect, psp, change);
    return drafts.map((draft, position) => this.#store({ draft, change, ids, position, cause }));
  }

  /** Stores an event that is no change of the books, and plans its delivery. */
  announce(draft: WebhookDraft, cause: number | undefined): CourierEvent {
    return this.#store({ draft, change: null, ids: [], position: 0, cause });
  }

  /** Puts a message on its way after a delay. */
  post(planned: PlannedMessage, delayMs: number): Message {
    this.#messages += 1;
    const { event, draft, tampered, signature, ageMs, alteredBody, retries } = planned;
    // Written out: an object that is spread and then added to takes several times the memory.
    const message: Message = {
      event,
      draft,
      tampered,
      signature,
      ageMs,
      alteredBody,
      retries,
      id: `msg-${this.#messages}`,
      attempt: 0,
      state: 'waiting',
      dueMs: 0,
      timer: undefined,
      waits: false,
      before: undefined,
      after: undefined,
      next: undefined,
    };
    this.#waiting.add(message);
    this.#schedule(message, delayMs);
    return message;
  }

  /** Delivers the events' own messages at once and resolves when each was tried. */
  async deliverNow(events: readonly CourierEvent[]): Promise<void> {
    // In the order in which they were posted, which is that of the events.
    for (const message of events.flatMap(waitingOf)) {
      if (message.state !== 'waiting' || message.attempt > 0 || !message.retries) continue;
      message.timer?.cancel();
      const retryMs = await this.#try(message);
      if (retryMs !== null && message.waits) this.#schedule(message, retryMs);
    }
  }

  /** Newest event of a reference (or of all), for replays. */
  latestEvent(reference?: string): CourierEvent | undefined {
    return this.#events
      .list()
      .findLast((event) => reference === undefined || event.draft.claim.reference === reference);
  }

  delivery(deliveryId: string): LoggedDelivery | undefined {
    return this.#log.list().find((entry) => entry.deliveryId === deliveryId);
  }

  deliveries(page: { after?: number; limit?: number }): LoggedDelivery[] {
    return this.#log.list(page);
  }

  /** Deliveries tried since the start or the last reset. */
  tries(): number {
    return this.#tries;
  }

  /** Messages on their way, or waiting for their first or next delivery. */
  waitingMessages(): number {
    return this.#waiting.size;
  }

  deadLetters(): readonly Message[] {
    return this.#dead;
  }

  /** Sends a dead letter on its way again, with a whole retry plan; false when it is none (any more). */
  revive(letter: Message): boolean {
    const place = this.#dead.indexOf(letter);
    if (place < 0) return false;
    this.#dead.splice(place, 1);
    this.post({ ...contentOf(letter), afterMs: 0 }, 0);
    return true;
  }

  storedEvents(): StoredEvent[] {
    return this.#events.list().map((event) => ({
      eventId: event.draft.eventId,
      type: event.draft.type,
      createdAtMs: event.createdAtMs,
      // Written when it is read: of thousands that are listed, a page is shown.
      get body() {
        return event.draft.body;
      },
      claim: event.draft.claim,
      delivered: event.acknowledged,
    }));
  }

  /** Forgets everything and cancels what is planned. A delivery under way still ends. */
  reset(): void {
    this.#waiting.clear((message) => message.timer?.cancel());
    this.#line?.clear();
    this.#events.clear();
    this.#log.clear();
    this.#dead.length = 0;
    this.#tries = 0;
  }

  #store(content: Pick<CourierEvent, 'draft' | 'change' | 'ids' | 'position' | 'cause'>): CourierEvent {
    const { draft, change, ids, position, cause } = content;
    const event = this.#events.add((seq) => ({
      seq,
      draft,
      change,
      ids,
      position,
      cause,
      createdAtMs: this.setting.clock.now(),
      acknowledged: false,
      waiting: undefined,
    }));
    const firstDelayMs = this.#firstDelayMs(event);
    for (const planned of messagesFor(this.setting, event)) this.post(planned, firstDelayMs + planned.afterMs);
    return event;
  }

  /** Cancels what is planned and breaks off deliveries under way. */
  close(): void {
    this.reset();
    this.#ending.abort();
  }

  #schedule(message: Message, delayMs: number): void {
    const { clock } = this.setting;
    message.dueMs = clock.elapsed() + delayMs;
    message.timer = clock.schedule(delayMs, this.#labelOf(message), () => this.#leave(message));
  }

  async #leave(message: Message): Promise<void> {
    const label = this.#labelOf(message);
    await Promise.all(leavingWith(message).map((one) => this.#activity.run(label, () => this.#send(one))));
  }

  #labelOf({ id, attempt }: Message): string {
    return `courier:${this.setting.psp.name}:${id}:attempt-${attempt + 1}`;
  }

  async #send(message: Message): Promise<void> {
    if (this.#line !== null && message.retries) await this.#line.enter(message);
    else await this.#sendAlone(message);
  }

  async #sendAlone(message: Message): Promise<void> {
    const retryMs = await this.#try(message);
    if (retryMs !== null && message.waits) this.#schedule(message, retryMs);
  }

  /** Tries once. Answers the pause before the next try, or null when the message is done with. */
  async #try(message: Message): Promise<number | null> {
    this.#tries += 1;
    const result = await deliverWebhook(this.setting, message);
    if (result === 'acknowledged') {
      if (message.tampered === null && message.signature === 'valid') message.event.acknowledged = true;
      return this.#finish(message, 'acknowledged');
    }
    if (result === 'unsendable' || !message.retries) return this.#finish(message, 'given-up');
    const pauseMs = this.setting.psp.profile.retryScheduleMs[message.attempt - 1];
    if (pauseMs !== undefined) {
      message.state = 'waiting';
      return pauseMs;
    }
    this.#bury(message);
    return this.#finish(message, 'dead');
  }

  #finish(message: Message, state: 'acknowledged' | 'given-up' | 'dead'): null {
    message.state = state;
    this.#waiting.remove(message);
    return null;
  }

  #bury(message: Message): void {
    const { claim, eventId, type } = message.draft;
    this.#dead.push(message);
    if (this.#dead.length > EVENTS_KEPT) this.#dead.shift();
    const value = { event_id: eventId, event: type, attempts: message.attempt, psp: this.setting.psp.name };
    const proc = `courier:${this.setting.psp.name}`;
    this.setting.history.append({
      proc,
      type: 'note',
      f: 'dead-letter',
      key: claim.reference ?? claim.pspReference,
      value,
    });
  }

  /** Keyed by what the event is about, so that a payment's timing does not depend on other payments. */
  #firstDelayMs({ draft, change }: CourierEvent): number {
    const { psp } = this.setting;
    const entity = draft.claim.reference ?? draft.claim.pspReference;
    const steps = change?.record.steps.length ?? 0;
    return drawMs(psp.profile.firstDelivery, () =>
      this.#random.unit('webhook-first-delivery', psp.name, entity, draft.type, steps),
    );
  }
}

/**
 * Messages of one event that are due at the same instant leave side by side, as from a PSP
 * with many senders: on a clock that finishes one timer before the next they would never race.
 */
function leavingWith(first: Message): Message[] {
  const others = waitingOf(first.event).filter(
    (other) => other !== first && other.state === 'waiting' && other.dueMs === first.dueMs,
  );
  for (const other of others) other.timer?.cancel();
  return [first, ...others];
}
