/**
 * Prometheus metrics of one process: what it saw itself (requests, calls to PSPs, changes that
 * it committed), in a registry of its own and without timers. Add them up over processes.
 * `database-metrics.ts` adds what is read from the database at a scrape.
 */
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { OpenWork } from '../ports/metrics.ts';
import { formatAmount } from '../domain/money.ts';
import type { OutgoingEvent } from '../ports/outbox.ts';
import type { Observed } from '../domain/routing/tally.ts';
import type { Fee } from './counted-ledger.ts';
import { LabelValues } from './label-values.ts';

/** From an answer on loopback to the longest time-out. */
const CALL_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** From a deposit that is confirmed at once to a payout that waits for a bank's day. */
const PAYMENT_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3_600, 14_400, 86_400];

/** PSPs are configured, so few; this bounds what a mistake could do. */
const MOST_PSPS = 50;

/**
 * Countries and banks are words of requests: the first so many have a series of their own, the
 * rest is `other`. There are some 250 countries.
 */
const MOST_COUNTRIES = 260;
const MOST_BANKS = 100;

/** From a click to a file of documents. */
const PERSON_SECONDS = [60, 300, 900, 3_600, 14_400, 43_200, 86_400, 172_800, 604_800];

/** A payment or payout as the platform is told of it. */
interface Told {
  method?: string;
  status?: string;
  created_at?: string;
  updated_at?: string;
  credited_at?: string | null;
  psp?: string;
  kind?: string;
  review?: { status: string; opened_at: string; decided_at: string | null };
  attempts?: { psp: string }[];
}

export class ServiceMetrics {
  readonly registry = new Registry();
  readonly #psps = new LabelValues(MOST_PSPS);
  readonly #countries = new LabelValues(MOST_COUNTRIES);
  readonly #banks = new LabelValues(MOST_BANKS);
  readonly #requests = this.#histogram('assay_http_request_duration_seconds', 'Requests, by operation and status', [
    'operation',
    'status',
  ]);
  readonly #calls = this.#histogram('assay_psp_call_duration_seconds', 'Calls to PSPs, by operation', [
    'psp',
    'operation',
  ]);
  readonly #failures = this.#counter('assay_psp_call_failures_total', 'Calls to PSPs without a meaningful answer', [
    'psp',
    'operation',
  ]);
  readonly #up = this.#gauge('assay_psp_up', 'Whether the last call to the PSP was answered', ['psp']);
  readonly #challenges = this.#counter('assay_challenges_total', '3DS challenges, begun and failed', [
    'psp',
    'outcome',
  ]);
  readonly #deposits = this.#counter('assay_deposits_total', 'Deposits that reached a status', [
    'method',
    'psp',
    'status',
  ]);
  readonly #byCountry = this.#counter('assay_deposits_by_country_total', 'Deposits that reached a status, by country', [
    'country',
    'status',
  ]);
  readonly #byDevice = this.#counter('assay_deposits_by_device_total', 'Deposits that reached a status, by device', [
    'device',
    'status',
  ]);
  readonly #byBank = this.#counter('assay_deposits_by_bank_total', 'Deposits that reached a status, by bank', [
    'bank',
    'status',
  ]);
  readonly #payouts = this.#counter('assay_payouts_total', 'Payouts that reached a status', [
    'method',
    'psp',
    'status',
  ]);
  readonly #refunds = this.#counter('assay_refunds_total', 'Refunds that came to an end', ['psp', 'outcome']);
  readonly #chargebacks = this.#counter('assay_chargebacks_total', 'Chargebacks', ['psp', 'outcome']);
  readonly #cases = this.#counter('assay_cases_total', 'Cases', ['kind', 'outcome']);
  readonly #reviews = this.#counter('assay_reviews_total', 'Reviews of payouts by a person, opened and decided', [
    'outcome',
  ]);
  readonly #fees = this.#counter('assay_psp_fees_total', 'Fees of PSPs as booked, in the major unit of the currency', [
    'psp',
    'currency',
    'direction',
  ]);
  readonly #reviewSeconds = this.#histogram(
    'assay_review_duration_seconds',
    'From the beginning of a review to the decision',
    [],
    PERSON_SECONDS,
  );
  readonly #kycSeconds = this.#histogram(
    'assay_kyc_duration_seconds',
    'From the request for an identity to its verification',
    [],
    PERSON_SECONDS,
  );
  readonly #depositSeconds = this.#histogram(
    'assay_deposit_duration_seconds',
    'From the request to the credit',
    ['method', 'psp'],
    PAYMENT_SECONDS,
  );
  readonly #payoutSeconds = this.#histogram(
    'assay_payout_duration_seconds',
    'From the request to the success',
    ['method', 'psp'],
    PAYMENT_SECONDS,
  );

  readonly #breaker = this.#gauge('assay_psp_breaker_state', 'Circuit breaker: 0 closed, 1 half open, 2 open', [
    'psp',
    'operation',
  ]);
  readonly #waiting = this.#gauge('assay_open_work', 'Things that wait, in the whole database', ['what']);
  readonly #oldest = this.#gauge('assay_open_work_age_seconds', 'Age of the oldest thing that waits', ['what']);
  readonly #openCases = this.#gauge('assay_open_cases', 'Open cases, in the whole database', ['kind']);
  readonly #databaseUp = this.#gauge('assay_database_up', 'Whether the database answered this scrape', []);
  readonly #pool = this.#gauge('assay_database_connections', 'Connections of this process', ['state']);

  /** 0 closed, 1 half open, 2 open. */
  breaker(psp: string, operation: string, value: number): void {
    this.#breaker.set({ psp: this.#psps.of(psp), operation }, value);
  }

  openWork(work: OpenWork, nowMs: number): void {
    const counts = {
      inbox: work.inbox.count,
      inbox_dead: work.inboxDead,
      outbox: work.outbox.count,
      outbox_dead: work.outboxDead,
      outbox_untold: work.outboxUntold,
      deferred_payouts: work.deferredPayouts,
      reviews: work.reviews,
    };
    for (const [what, count] of Object.entries(counts)) this.#waiting.set({ what }, count);
    for (const what of ['inbox', 'outbox'] as const) {
      const { oldestAt } = work[what];
      this.#oldest.set({ what }, oldestAt === null ? 0 : Math.max(0, (nowMs - oldestAt) / 1_000));
    }
    this.#openCases.reset();
    for (const { kind, count } of work.openCases) this.#openCases.set({ kind }, count);
  }

  databaseUp(up: boolean): void {
    this.#databaseUp.set(up ? 1 : 0);
  }

  /** Connections in use, idle, and requests that wait for one. */
  pool(states: Readonly<Record<string, number>>): void {
    for (const [state, count] of Object.entries(states)) this.#pool.set({ state }, count);
  }

  /** One request of the API, or a webhook. */
  request(operation: string, status: number, ms: number): void {
    this.#requests.observe({ operation, status: String(status) }, ms / 1_000);
  }

  /** What the router is told: calls to PSPs, and what became of attempts. */
  observed(seen: Observed): void {
    const psp = this.#psps.of(seen.psp);
    if (seen.kind === 'call') {
      const labels = { psp, operation: seen.operation };
      this.#calls.observe(labels, seen.latencyMs / 1_000);
      this.#up.set({ psp }, seen.failed ? 0 : 1);
      if (seen.failed) this.#failures.inc(labels);
    }
    if (seen.kind === 'challenged') this.#challenges.inc({ psp, outcome: 'begun' });
    if (seen.kind === 'challengeFailed') this.#challenges.inc({ psp, outcome: 'failed' });
  }

  /** A change that the platform is told of, after its commit. */
  told(event: Pick<OutgoingEvent, 'type' | 'data' | 'labels'>): void {
    const [subject, outcome = ''] = event.type.split('.');
    const told = event.data as Told;
    const psp = this.#psps.of(told.psp ?? told.attempts?.at(-1)?.psp);
    const method = told.method ?? 'none';
    switch (subject) {
      case 'deposit':
        this.#deposits.inc({ method, psp, status: outcome });
        this.#toldApart(event.labels, outcome);
        if (outcome === 'succeeded')
          this.#depositSeconds.observe({ method, psp }, seconds(told.created_at, told.credited_at));
        return;
      case 'payout':
        if (outcome === 'review') return this.#reviewed(told.review);
        this.#payouts.inc({ method, psp, status: outcome });
        if (outcome === 'succeeded')
          this.#payoutSeconds.observe({ method, psp }, seconds(told.created_at, told.updated_at));
        return;
      case 'refund':
        return this.#refunds.inc({ psp, outcome });
      case 'chargeback':
        return this.#chargebacks.inc({ psp, outcome });
      case 'case':
        return this.#cases.inc({ kind: told.kind ?? 'none', outcome });
      case undefined:
        return;
    }
  }

  #toldApart(labels: OutgoingEvent['labels'], status: string): void {
    this.#byCountry.inc({ country: this.#countries.of(labels?.country), status });
    this.#byDevice.inc({ device: labels?.device ?? 'none', status });
    this.#byBank.inc({ bank: this.#banks.of(labels?.bank), status });
  }

  #reviewed(review: Told['review']): void {
    const isOpen = review === undefined || review.status === 'waiting';
    this.#reviews.inc({ outcome: isOpen ? 'opened' : review.status });
    if (!isOpen) this.#reviewSeconds.observe(seconds(review.opened_at, review.decided_at));
  }

  /** A fee that was booked or taken back. */
  fee({ psp, currency, direction, amountMinor }: Fee): void {
    const amount = Number(formatAmount(amountMinor, currency));
    this.#fees.inc({ psp: this.#psps.of(psp), currency, direction }, amount);
  }

  identityVerified(afterMs: number): void {
    this.#kycSeconds.observe(afterMs / 1_000);
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  #gauge(name: string, help: string, labelNames: string[]): Gauge {
    return new Gauge({ name, help, labelNames, registers: [this.registry] });
  }

  #histogram(name: string, help: string, labelNames: string[], buckets = CALL_SECONDS): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}

function seconds(from: string | undefined, to: string | null | undefined): number {
  return Math.max(0, (Date.parse(to ?? from ?? '') - Date.parse(from ?? '')) / 1_000) || 0;
}
