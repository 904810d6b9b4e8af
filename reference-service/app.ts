/**
 * Composition: the only place that knows every part. Builds the context from configuration,
 * ports and default parts, and ties HTTP, worker and background together.
 */
import { isoTime, type Listening } from '../kernel/index.ts';
import { agendaStore } from './adapters/postgres/agenda-store.ts';
import { caseStore } from './adapters/postgres/case-store.ts';
import { attemptStore, depositStore } from './adapters/postgres/deposit-store.ts';
import { eventStore } from './adapters/postgres/event-store.ts';
import { inbox } from './adapters/postgres/inbox.ts';
import { keyStore } from './adapters/postgres/key-store.ts';
import { limitStore } from './adapters/postgres/limit-store.ts';
import { createLedger } from './adapters/postgres/ledger.ts';
import { outbox } from './adapters/postgres/outbox.ts';
import { payoutCheckStore } from './adapters/postgres/payout-check-store.ts';
import { payoutStore } from './adapters/postgres/payout-store.ts';
import { metricsStore } from './adapters/postgres/metrics-store.ts';
import { poolOf } from './adapters/postgres/pool.ts';
import { playerStore } from './adapters/postgres/player-store.ts';
import { disputeStore } from './adapters/postgres/dispute-store.ts';
import { reconciliationStore } from './adapters/postgres/reconciliation-store.ts';
import { refundStore } from './adapters/postgres/refund-store.ts';
import { routeStore } from './adapters/postgres/route-store.ts';
import { riskStore } from './adapters/postgres/risk-store.ts';
import { recoveryStore } from './adapters/postgres/recovery-store.ts';
import { gameRoundStore } from './adapters/postgres/game-round-store.ts';
import { storedMethodStore } from './adapters/postgres/stored-method-store.ts';
import { createDatabase } from './adapters/postgres/unit.ts';
import { webhookLogStore } from './adapters/postgres/webhook-log-store.ts';
import { wageringStore } from './adapters/postgres/wagering-store.ts';
import { createPspAdapter, settlementParsers, webhookVerifiers } from './adapters/psp/index.ts';
import type { Stores } from './application/all-stores.ts';
import type { ConfiguredPsp, ServiceContext } from './application/context.ts';
import { readEventEndpoint } from './application/event-endpoint.ts';
import { onReturn, pspIdempotencyKey, type ServiceParts } from './application/parts.ts';
import { checkRouting } from './application/route-config.ts';
import { KnownDeposits } from './application/known-deposits.ts';
import { PspReach } from './application/psp-reach.ts';
import { noteReach } from './application/recover-psp.ts';
import { SLOW_SHARE_OF_TIMEOUT, watched } from './application/route-observe.ts';
import { Router } from './application/route-state.ts';
import { WebhookLog } from './application/webhook-log.ts';
import { CircuitBreaker } from './domain/circuit-breaker.ts';
import { depositMachine } from './domain/deposit-machine.ts';
import { eventMatcher } from './domain/event-matcher.ts';
import { failoverPolicy } from './domain/failover.ts';
import { payoutPolicy } from './domain/payout-policy.ts';
import { riskBySmallRuleSet } from './domain/risk/risk-rules.ts';
import { DEFAULT_TIMINGS } from './domain/timings.ts';
import { NO_LIMITS, platformKey } from './http/admission.ts';
import { messagesOf } from './http/express-messages.ts';
import { createHttpApp } from './http/http-app.ts';
import { countedLedger } from './observability/counted-ledger.ts';
import { countedOutbox } from './observability/counted-outbox.ts';
import { maskedLine, maskOf } from './observability/masked.ts';
import { ServiceMetrics } from './observability/metrics.ts';
import { NO_SPANS } from './observability/spans.ts';
import { currentTrace, newTrace, runInTrace } from './observability/trace.ts';
import { tracedNetwork } from './observability/traced-network.ts';
import { readPolicy, readReconciliation, secretsOf } from './config/index.ts';
import { watchSettlements } from './application/reconciliation/fetch-settlements.ts';
import type { Service, ServiceConfig, ServicePorts } from './service-config.ts';
import { Background } from './workers/background.ts';
import { EventWorker } from './workers/event-worker.ts';
import { ChangeBoard } from './workers/change-board.ts';
import { StaleWorkWorker } from './workers/stale-work-worker.ts';

/** With the pauses of `domain/timings.ts` ten tries span eight and a half minutes: what fails that long needs a person. */
const DEFAULT_WEBHOOK_TRIES = 10;

/** Where PostgreSQL keeps each kind of thing. */
const STORES: Stores = {
  keys: keyStore,
  deposits: depositStore,
  attempts: attemptStore,
  payouts: payoutStore,
  refunds: refundStore,
  disputes: disputeStore,
  methods: storedMethodStore,
  rounds: gameRoundStore,
  recovery: recoveryStore,
  cases: caseStore,
  reconciliation: reconciliationStore,
  players: playerStore,
  limits: limitStore,
  wagering: wageringStore,
  risk: riskStore,
  payoutChecks: payoutCheckStore,
  agenda: agendaStore,
  routes: routeStore,
  metrics: metricsStore,
  events: eventStore,
  webhooks: webhookLogStore,
};

/** Every part as the service ships it. */
export function defaultParts(ports: ServicePorts): ServiceParts {
  return {
    webhookVerifiers,
    createPspAdapter,
    eventMatcher,
    inbox,
    ledger: createLedger(ports),
    pspIdempotencyKey,
    failoverPolicy,
    depositMachine,
    payoutPolicy,
    onReturn,
    risk: riskBySmallRuleSet,
    stores: STORES,
    outbox,
    settlementParsers,
  };
}

/** A worker that has not come round for so long hangs: its looks are seconds apart. */
const STUCK_MS = 5 * 60_000;

const PHASES = { starting: 'the service is starting', stopping: 'the service is stopping' } as const;

/** Builds a service on a migrated database; nothing runs before `start`. */
export function createService(options: {
  config: ServiceConfig;
  ports: ServicePorts;
  parts?: Partial<ServiceParts>;
}): Promise<Service> {
  const { config, ports } = options;
  const { clock, ids, activity, spans = NO_SPANS } = ports;
  const network = tracedNetwork(ports.network, { ids, spans });
  const metrics = new ServiceMetrics();
  const mask = maskOf(secretsOf(config));
  const given: ServiceParts = { ...defaultParts(ports), ...options.parts };
  const parts: ServiceParts = { ...given, ledger: countedLedger(given.ledger, (fee) => metrics.fee(fee)) };
  const policy = readPolicy(config.policy);
  const timings = { ...DEFAULT_TIMINGS, ...config.timings };
  const log = (line: Record<string, unknown>): void => {
    const traceId = currentTrace()?.traceId;
    const trace = traceId === undefined ? {} : { trace_id: traceId };
    ports.log?.({ time: isoTime(clock.now()), ...maskedLine(line, mask), ...trace });
  };
  const board = new ChangeBoard({ clock, activity });
  const background = new Background({ clock, log });
  const worker = new StaleWorkWorker({ context: () => context, background });
  const endpoint = config.events === undefined ? null : readEventEndpoint('events', config.events);
  const eventWorker = endpoint === null ? null : new EventWorker({ context: () => context, background, endpoint });
  let listening: Listening | undefined;
  let phase: 'starting' | 'running' | 'stopping' = 'starting';

  const url = (): string => {
    if (listening === undefined) throw new Error('the service has no address before it is started');
    return listening.url;
  };
  const database = createDatabase(ports.knex, { activity, batching: config.databaseBatching === true });
  const webhookLog = new WebhookLog({ clock, background, database, store: parts.stores.webhooks, log });
  const names = config.psps.map(({ name }) => name);
  const routing = checkRouting('routing', config.routing ?? {}, names);
  const { slowCallMs = SLOW_SHARE_OF_TIMEOUT * timings.pspTimeoutMs, ...probing } = routing.breaker ?? {};
  const breaker = new CircuitBreaker({ pauseMs: timings.breakerPauseMs, ...probing });
  const router = new Router({
    config: routing,
    psps: names,
    clock,
    breaker,
    database,
    store: parts.stores.routes,
    background,
    log,
    watch: (seen) => metrics.observed(seen),
  });
  const reach = new PspReach({
    clock,
    later: (label, task) => void background.later(0, label, task),
    tell: (psp, seen) => noteReach(context, psp, seen),
  });
  const psps = new Map<string, ConfiguredPsp>();
  for (const psp of config.psps) {
    psps.set(psp.name, {
      config: psp,
      adapter: watched(parts.createPspAdapter(psp, { clock, ids, network, timeoutMs: timings.pspTimeoutMs }), {
        clock,
        breaker,
        router,
        reach,
        slowCallMs,
      }),
    });
  }

  const context: ServiceContext = {
    clock,
    ids,
    activity,
    network,
    timings,
    policy,
    reconciliation: readReconciliation('reconciliation', config.reconciliation, names),
    settlementParsers: parts.settlementParsers,
    parts,
    outbox: countedOutbox(parts.outbox, (event) => metrics.told(event)),
    endpoint,
    webhookTries: config.webhookTries ?? DEFAULT_WEBHOOK_TRIES,
    webhookLog,
    known: new KnownDeposits(),
    psps,
    background,
    log,
    database,
    stores: parts.stores,
    breaker,
    router,
    reach,
    changed: (subjectId) => board.changed(subjectId),
    wakeAt: (epochMs) => {
      if (epochMs !== null) worker.wakeAt(epochMs);
    },
    wakeEvents: () => eventWorker?.wake(),
    meter: metrics,
    pool: () => poolOf(ports.knex),
    inTrace: (traceId, work) =>
      traceId === null || traceId === currentTrace()?.traceId ? work() : runInTrace(newTrace(ids, traceId), work),
    publicUrl: () => (config.publicUrl ?? url()).replace(/\/$/, ''),
  };
  const app = createHttpApp({
    context,
    board,
    keys: [...(config.apiKey === undefined ? [] : [platformKey(config.apiKey)]), ...(config.apiKeys ?? [])],
    limits: { ...NO_LIMITS, ...config.limits },
    metrics,
    spans,
    health: {
      notReady: () => (phase === 'running' ? null : PHASES[phase]),
      stuck() {
        const lateMs = phase === 'running' ? worker.overdueMs(clock.now()) : 0;
        return lateMs < STUCK_MS ? null : `the worker has not come round for ${Math.round(lateMs / 1_000)} s`;
      },
    },
  });

  return Promise.resolve({
    metrics,
    get url() {
      return url();
    },
    async start() {
      await Promise.all([...psps.values()].map(async ({ adapter }) => adapter.ready?.()));
      listening = await network.listen({
        name: config.name ?? 'payments',
        listener: app,
        messages: messagesOf(app),
        ...(config.port === undefined ? {} : { port: config.port }),
        ...(config.host === undefined ? {} : { host: config.host }),
      });
      await watchSettlements(context);
      worker.start();
      phase = 'running';
      eventWorker?.wake();
    },
    leave() {
      phase = 'stopping';
    },
    async stop({ graceMs } = {}) {
      phase = 'stopping';
      board.close();
      const stopped = background.stop();
      await listening?.close(graceMs);
      await stopped;
      await router.flush();
      await webhookLog.write();
    },
  });
}
