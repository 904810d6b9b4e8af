/**
 * The kernel's door: time, chance, identity, network, history and databases. It knows
 * nothing of payments, and everything else may import it.
 */
export { isoTime, type Clock, type SleepOptions, type TimerHandle } from './clock/clock.ts';
export { createPassiveActivity, type Activity, type ActivityToken, type TrackedActivity } from './clock/activity.ts';
export { createActivity } from './clock/tracked-activity.ts';
export { createRealClock } from './clock/real-clock.ts';
export { createScaledClock, type ScaledClock, type ScaledClockOptions } from './clock/scaled-clock.ts';
export { createManualClock, type ManualClock } from './clock/manual-clock.ts';
export {
  ClockStalledError,
  createVirtualClock,
  type VirtualClock,
  type VirtualClockOptions,
  type VirtualRunOptions,
} from './clock/virtual-clock.ts';
export { Signal, type SignalWaitOptions } from './clock/signal.ts';

export type { Random, RandomKey } from './random/random.ts';
export { createKeyedRandom } from './random/keyed-random.ts';
export { checkDistribution, drawMs, sampleMs, type Distribution } from './random/distribution.ts';
export type { Ids } from './random/ids.ts';
export { createRandomIds } from './random/random-ids.ts';
export { createKeyedIds } from './random/keyed-ids.ts';

export {
  NetworkError,
  type HttpRequest,
  type HttpResponse,
  type Listening,
  type ListenOptions,
  type MessageClasses,
  type Network,
  type NetworkErrorKind,
  type RequestListener,
  type ServerCertificate,
  type TlsOptions,
  type TunnelGuard,
} from './network/network.ts';
export { freePort } from './network/free-port.ts';
export { createTcpNetwork } from './network/tcp-network.ts';
export { createMemoryNetwork } from './network/memory-network.ts';

export {
  HISTORY_SCHEMA_VERSION,
  type HistoryEvent,
  type HistoryEventInput,
  type HistorySink,
  type HistoryType,
} from './history/event.ts';
export { createHistoryWriter, type HistoryWriter, type HistoryWriterOptions } from './history/history-writer.ts';
export { readHistory, type RecordedHistory } from './history/read-history.ts';
export { fingerprintOf } from './history/fingerprint.ts';
export { causeChain, diffHistories, type HistoryDifference } from './history/diff-histories.ts';
export { canonicalJson } from './history/canonical-json.ts';

export { bug, messageOf, UserError } from './errors.ts';
export { projectRoot } from './project-root.ts';
export { nearestWord } from './nearest-word.ts';

export { createPgliteKnex, type PgliteKnex, type PgliteOptions } from './postgres/pglite.ts';
export { trackedPostgresClient } from './postgres/tracked-client.ts';
export {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './postgres/embedded-server.ts';
export {
  checkDatabase,
  createDatabase,
  dropDatabase,
  unreachableDatabase,
  type CreateDatabaseOptions,
} from './postgres/database.ts';
