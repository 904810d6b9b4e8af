/**
 * Log of what PSPs deliver. It is written in batches, a moment later and beside the money: what
 * an acknowledgement stands for is in the inbox, and a log must not cost each event a commit. A
 * process that dies loses the last moment of it. What is refused is only counted.
 */
import { messageOf, type Clock } from '../../kernel/index.ts';
import type { Database } from '../ports/unit.ts';
import type { Delivery, RefusalCount, WebhookLogStore } from '../ports/webhook-log.ts';
import type { Background } from './context.ts';

const WRITE_AFTER_MS = 1_000;
const HOUR_MS = 3_600_000;

/** Deliveries that wait to be written; when the database is away for longer, the oldest are lost. */
const MOST_WAITING = 10_000;

interface LogPorts {
  clock: Clock;
  background: Background;
  database: Database;
  store: WebhookLogStore;
  log(line: Record<string, unknown>): void;
}

export class WebhookLog {
  readonly #ports: LogPorts;
  #deliveries: Delivery[] = [];
  #refusals = new Map<string, RefusalCount>();
  #isPlanned = false;

  constructor(ports: LogPorts) {
    this.#ports = ports;
  }

  delivered(delivery: Delivery): void {
    if (this.#deliveries.length >= MOST_WAITING) this.#deliveries.shift();
    this.#deliveries.push(delivery);
    this.#plan();
  }

  refused(psp: string, reason: string): void {
    const hour = Math.floor(this.#ports.clock.now() / HOUR_MS) * HOUR_MS;
    const key = JSON.stringify([psp, reason, hour]);
    const known = this.#refusals.get(key) ?? { psp, reason, hour, count: 0 };
    this.#refusals.set(key, { ...known, count: known.count + 1 });
    this.#plan();
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#ports.background.later(WRITE_AFTER_MS, 'webhook-log', () => this.write());
  }

  /** Writes what waits; what cannot be written now is kept for the next time. */
  async write(): Promise<void> {
    this.#isPlanned = false;
    const deliveries = this.#deliveries;
    const refusals = [...this.#refusals.values()];
    if (deliveries.length === 0 && refusals.length === 0) return;
    this.#deliveries = [];
    this.#refusals = new Map();
    const { database, store, log } = this.#ports;
    try {
      // Mostly there is nothing to count: then it is one statement, which needs no transaction.
      if (refusals.length === 0) await store.append(database.autocommit, deliveries, refusals);
      else await database.transaction((unit) => store.append(unit, deliveries, refusals));
    } catch (error) {
      log({ level: 'warn', msg: 'log of webhooks not written', error: messageOf(error) });
      this.#keep(deliveries, refusals);
    }
  }

  #keep(deliveries: Delivery[], refusals: readonly RefusalCount[]): void {
    this.#deliveries = [...deliveries, ...this.#deliveries].slice(-MOST_WAITING);
    for (const refusal of refusals) {
      const key = JSON.stringify([refusal.psp, refusal.reason, refusal.hour]);
      const count = (this.#refusals.get(key)?.count ?? 0) + refusal.count;
      this.#refusals.set(key, { ...refusal, count });
    }
    this.#plan();
  }
}
