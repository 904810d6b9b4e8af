/**
 * A world: everything that one run happens in. The drivers build it (virtual: one process on
 * one clock; http: real sockets and processes), the runner only uses it, so both run the same
 * scenario with the same code.
 */
import type { Activity, Clock, HistoryWriter, Network, Random } from '../../kernel/index.ts';
import type { DriverKind } from '../dsl/scenario.ts';
import type { ForeignTargetNote } from '../history/note-vocabulary.ts';
import type { ForeignClient } from '../targets/foreign/index.ts';
import type { TargetAddress } from '../targets/service-client.ts';

export interface World {
  readonly kind: DriverKind;
  /** The scenario's time, zero at the first event: traffic, faults, webhook schedules. */
  readonly clock: Clock;
  /** The outside world's time: latencies and time-outs. The same as `clock` in the virtual driver. */
  readonly wireClock: Clock;
  readonly network: Network;
  readonly activity: Activity;
  readonly random: Random;
  readonly history: HistoryWriter;
  /** Base URL of the simulator's control API. */
  readonly controlUrl: string;
  readonly target: TargetAddress;
  /** Of a service that does not speak the payments API: its client, and what verdicts must know of it. */
  readonly foreign?: { readonly client: ForeignClient; readonly note: ForeignTargetNote };
  /** The target tells its events to a platform that this world plays. */
  readonly platformListens: boolean;
  /** How the target's time stamps become scenario time: t = (stamp - startedAt) × factor. */
  readonly serviceClock: { started_at: string; factor: number };
  /** For how long at least, in scenario milliseconds, settling may take beyond the scenario's own word. */
  readonly leastSettleMs: number;
  /** For how long at most it may, where waiting longer proves nothing; absent: as long as the scenario says. */
  readonly mostSettleMs?: number;
  /** For how long, in scenario milliseconds, a settled run waits for PSPs that still have something to say. */
  readonly longestQuietMs: number;
  /** How patient the target is told to be with settlements, in scenario milliseconds. */
  readonly settlementPatience: { lateAfterMs: number; missingAfterMs: number };
  /** Runs the scenario to its end, moving time as this world does. */
  run<T>(main: () => Promise<T>): Promise<T>;
  /** http only: SIGKILL. */
  killTarget(): Promise<void>;
  restartTarget(): Promise<void>;
  /** Ends everything that was started; may be called twice. */
  close(): Promise<void>;
}
