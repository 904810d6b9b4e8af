/**
 * One simulated PSP at run time: its bank, its courier, its memory of keys and exchanges, and
 * the timers that let things end by themselves (a challenge runs out, a payout is paid). The
 * path of a request is in `handle-exchange.ts`.
 */
import type { Clock, HistorySink, Ids, Network, Random } from '../../kernel/index.ts';
import type { Activity } from '../../kernel/index.ts';
import type { Bank } from '../core/bank.ts';
import type { BookChange } from '../core/book-change.ts';
import { BoundedMap } from '../core/bounded-map.ts';
import { createBank } from '../core/create-bank.ts';
import type { Dialect, PspContext } from '../dialects/dialect.ts';
import type { PspProfile } from '../dialects/profile.ts';
import type { FaultPlan } from '../faults/plan.ts';
import { Courier } from '../webhooks/courier.ts';
import type { CourierEvent } from '../webhooks/message.ts';
import { bookEntry } from './book-entry.ts';
import { createExchangeLog } from './exchange-log.ts';
import { IdempotencyStore } from './idempotency-store.ts';
import { createRouteMatcher } from './match-route.ts';
import type { RouteMatcher } from './match-route.ts';
import { OwnTimers } from './own-timers.ts';
import type { PspConfig } from './psp-config.ts';
import { PspSettlement } from './settle.ts';

export interface SimulatorPorts {
  /** Schedules, key life, timestamps in books: the run's time. */
  clock: Clock;
  /** Latency, time-outs, signature times: the time of the outside world. The same clock in virtual mode. */
  wireClock: Clock;
  random: Random;
  ids: Ids;
  network: Network;
  history: HistorySink;
  activity: Activity;
}

export interface PspOptions {
  config: PspConfig;
  dialect: Dialect;
  ports: SimulatorPorts;
  courierNetwork: Network;
  plan: FaultPlan;
}

/**
 * Payments and payouts in the books of one PSP, each; beyond it the oldest that are over leave
 * them. A payment takes about two kilobytes, and a test bench should need less than one gigabyte.
 */
const MOST_RECORDS = 100_000;

/**
 * Entities whose attempts are counted, of each operation: the newest so many, and up to twice as
 * many, so about as many as the books have payments. One that was forgotten begins at its first
 * attempt again.
 */
const MOST_COUNTED = 50_000;

export class Psp {
  readonly name: string;
  /** Its name as an actor in the history. */
  readonly proc: string;
  readonly dialect: Dialect;
  readonly ports: SimulatorPorts;
  readonly plan: FaultPlan;
  readonly credentials: Readonly<Record<string, string>>;
  readonly context: PspContext;
  readonly courier: Courier;
  readonly idempotency: IdempotencyStore;
  readonly exchanges = createExchangeLog();
  readonly matchRoute: RouteMatcher;
  readonly settlement: PspSettlement;
  /** Set once the PSP listens. */
  url = '';
  webhookUrl: string | null;
  profile: PspProfile;
  readonly #timers: OwnTimers;
  readonly #attempts = new Map<string, BoundedMap<number>>();
  #bank: Bank;
  /** Made once: it is part of every id. */
  readonly #exchangePrefix: string;
  #exchanges = 0;
  #cause: number | undefined;
  #events: CourierEvent[] = [];

  constructor(options: PspOptions) {
    const { config, dialect, ports, plan } = options;
    this.name = config.name;
    this.proc = `psp:${config.name}`;
    this.#exchangePrefix = `ex-${config.name}-`;
    this.dialect = dialect;
    this.ports = ports;
    this.plan = plan;
    this.credentials = dialect.credentials(config.name);
    this.profile = { ...dialect.profile, ...config.profile };
    this.webhookUrl = config.webhookUrl ?? null;
    this.matchRoute = createRouteMatcher(dialect.routes);
    this.idempotency = new IdempotencyStore(ports.clock, dialect.idempotency);
    this.#bank = this.#newBank();
    this.context = this.#newContext();
    this.#timers = new OwnTimers({
      psp: this.context,
      samples: dialect.samples,
      clock: ports.clock,
      random: ports.random,
      run: (task) => this.during(undefined, task),
    });
    this.settlement = new PspSettlement({
      psp: this.context,
      dialect,
      clock: ports.clock,
      history: ports.history,
      plan,
      announce: (draft) => this.context.announce(draft),
    });
    this.courier = new Courier({
      psp: this.context,
      dialect,
      clock: ports.clock,
      wireClock: ports.wireClock,
      network: options.courierNetwork,
      random: ports.random,
      history: ports.history,
      activity: ports.activity,
      plan,
      webhookUrl: () => this.webhookUrl,
    });
  }

  get bank(): Bank {
    return this.#bank;
  }

  /** Runs bank commands; their changes carry `cause` in the history. Answers the webhook events they made. */
  during(cause: number | undefined, commands: () => void): CourierEvent[] {
    this.#cause = cause;
    this.#events = [];
    try {
      commands();
      return this.#events;
    } finally {
      this.#cause = undefined;
      this.#events = [];
    }
  }

  nextExchangeId(): string {
    this.#exchanges += 1;
    return this.#exchangePrefix + this.#exchanges;
  }

  /** How often this operation was called for this entity, from 1; keys the draws of latency and faults. */
  countAttempt(entity: string, operation: string): number {
    let counted = this.#attempts.get(operation);
    if (counted === undefined) this.#attempts.set(operation, (counted = new BoundedMap(MOST_COUNTED)));
    const attempt = (counted.get(entity) ?? 0) + 1;
    counted.set(entity, attempt);
    return attempt;
  }

  /** Forgets books, keys, events and logs, and cancels all that is planned. Keeps URL, profile and counters of ids. */
  reset(): void {
    this.#timers.clear();
    this.settlement.clear();
    this.courier.reset();
    this.idempotency.clear();
    this.exchanges.clear();
    this.#attempts.clear();
    this.#bank = this.#newBank();
  }

  /** Cancels what is planned and breaks off what is under way. */
  close(): void {
    this.#timers.clear();
    this.settlement.clear();
    this.courier.close();
  }

  #newBank(): Bank {
    return createBank({
      clock: this.ports.clock,
      ids: this.ports.ids,
      rules: this.dialect.bankRules,
      challengeLifeMs: () => this.profile.challengeLifeMs,
      captureId: (payment) => this.dialect.samples.captureId(this.context, payment),
      mostRecords: MOST_RECORDS,
      onChange: (change) => this.#onChange(change),
    });
  }

  #onChange(change: BookChange): void {
    const index = this.ports.history.append(bookEntry(this, change, this.#cause));
    this.#timers.follow(change);
    this.settlement.follow(change);
    this.#events.push(...this.courier.enqueue(change, index));
  }

  /** Reads through to this object, so that a changed profile or a new bank is seen at once. */
  #newContext(): PspContext {
    const psp = this;
    return {
      name: this.name,
      credentials: this.credentials,
      ids: this.ports.ids,
      random: this.ports.random,
      get url() {
        return psp.url;
      },
      get profile() {
        return psp.profile;
      },
      get bank() {
        return psp.bank;
      },
      nowMs: () => this.ports.clock.now(),
      challengeUrl: (challengeId) => `${this.url}/assay/3ds/${challengeId}`,
      events: () => this.courier.storedEvents(),
      settlementBatches: () => this.settlement.batches(),
      unsettledLines: () => this.settlement.unsettledLines(),
      announce: (draft) => this.#events.push(this.courier.announce(draft, this.#cause)),
    };
  }
}
