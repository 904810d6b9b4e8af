/**
 * All stores of the service under one name: what it remembers, one port for each kind of thing.
 * Each port says what must hold for it; nothing is decided here.
 */
import type { CaseStore } from '../ports/cases.ts';
import type { GameRoundStore } from '../ports/game-rounds.ts';
import type { MetricsStore } from '../ports/metrics.ts';
import type { DisputeStore, RefundStore } from '../ports/money-back.ts';
import type { EventStore } from '../ports/outbox.ts';
import type { LimitStore, PayoutCheckStore, PlayerStore, RiskStore, WageringStore } from '../ports/players.ts';
import type { ReconciliationStore } from '../ports/reconciliation.ts';
import type { RecoveryStore } from '../ports/recovery.ts';
import type { RouteStore } from '../ports/routes.ts';
import type { StoredMethodStore } from '../ports/stored-methods.ts';
import type { AgendaStore, AttemptStore, DepositStore, KeyStore, PayoutStore } from '../ports/stores.ts';
import type { WebhookLogStore } from '../ports/webhook-log.ts';

export interface Stores {
  keys: KeyStore;
  deposits: DepositStore;
  attempts: AttemptStore;
  payouts: PayoutStore;
  refunds: RefundStore;
  disputes: DisputeStore;
  methods: StoredMethodStore;
  rounds: GameRoundStore;
  recovery: RecoveryStore;
  cases: CaseStore;
  reconciliation: ReconciliationStore;
  players: PlayerStore;
  limits: LimitStore;
  wagering: WageringStore;
  risk: RiskStore;
  payoutChecks: PayoutCheckStore;
  agenda: AgendaStore;
  routes: RouteStore;
  metrics: MetricsStore;
  events: EventStore;
  webhooks: WebhookLogStore;
}
