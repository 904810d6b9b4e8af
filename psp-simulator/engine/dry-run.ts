/**
 * Dry run of a fault plan: what it would hit over a sample of traffic. The plan, the banks, the
 * courier and their clocks are the real ones; only the wire is missing: calls are put straight
 * to the plan and the bank, and every webhook is acknowledged. So the draws are those of a run
 * with the same seed, PSPs, references, operations and attempts.
 */
import {
  bug,
  createActivity,
  createHistoryWriter,
  createKeyedIds,
  createKeyedRandom,
  createVirtualClock,
} from '../../kernel/index.ts';
import type { HistoryEvent, Network } from '../../kernel/index.ts';
import { DIALECTS } from '../dialects/index.ts';
import { FaultPlan } from '../faults/plan.ts';
import { playSample } from './dry-run-sample.ts';
import { readSampleTraffic } from './dry-run-traffic.ts';
import type { SampleTraffic } from './dry-run-traffic.ts';
import type { PspConfig } from './psp-config.ts';
import { Psp } from './psp.ts';

export interface DryRunOptions {
  /** Of the run that is to come. */
  seed: string;
  psps: readonly Pick<PspConfig, 'name' | 'dialect' | 'profile'>[];
  /** As in a plan; times count from the beginning of the traffic. */
  faults: readonly unknown[];
  /** Default: a hundred payments at each PSP, one a second, each created and asked for once. */
  traffic?: SampleTraffic;
}

export interface DryRunReport {
  readonly seed: string;
  /** Payments at each PSP. */
  readonly payments: number;
  readonly psps: readonly string[];
  readonly faults: readonly DryRunFault[];
}

export interface DryRunFault {
  readonly id: string;
  readonly fault: string;
  readonly hits: number;
  /** How many different references were hit. */
  readonly references: number;
  /** The first of them, in order of time. */
  readonly first: readonly string[];
  /** Hits by operation, event or type of line. */
  readonly where: Readonly<Record<string, number>>;
}

/** References that the report names. */
const FIRST_SHOWN = 10;

/** Any Monday will do: nothing is drawn from it. */
const START_MS = Date.UTC(2026, 0, 5, 9);

/** Long enough for retries, refunds that fail late, and the next settlement. */
const AFTERMATH_MS = 35 * 24 * 3_600_000;

/** Throws a FaultInputError on a plan or traffic with a mistake. */
export async function dryRunFaults(options: DryRunOptions): Promise<DryRunReport> {
  const traffic = readSampleTraffic(options.traffic ?? {});
  const activity = createActivity();
  const clock = createVirtualClock({ startMs: START_MS, activity });
  const history = createHistoryWriter({ clock });
  const names = options.psps.map(({ name }) => name);
  const random = createKeyedRandom(options.seed);
  const plan = new FaultPlan({ clock, random, history, psps: names, setDoor: () => Promise.resolve() });
  const ports = {
    clock,
    wireClock: clock,
    random,
    ids: createKeyedIds(options.seed),
    network: NOBODY,
    history,
    activity,
  };
  const psps = options.psps.map(({ name, dialect, profile }) => {
    const config = {
      name,
      dialect,
      webhookUrl: 'http://merchant/webhooks',
      ...(profile === undefined ? {} : { profile }),
    };
    const known = DIALECTS[dialect] ?? bug(`dialect ${dialect} is unknown`);
    return new Psp({ config, dialect: known, ports, courierNetwork: NOBODY, plan });
  });
  plan.replace(options.faults);
  for (const psp of psps) playSample(psp, traffic);
  await clock.run({ untilMs: START_MS + traffic.payments * traffic.everyMs + AFTERMATH_MS });
  for (const psp of psps) psp.during(undefined, () => void psp.settlement.closeNow());
  const report = {
    seed: options.seed,
    payments: traffic.payments,
    psps: names,
    faults: reportOf(plan, history.events()),
  };
  for (const psp of psps) psp.close();
  plan.removeAll();
  return report;
}

function reportOf(plan: FaultPlan, events: readonly HistoryEvent[]): DryRunFault[] {
  const struck = new Map<string, HistoryEvent[]>();
  for (const event of events) {
    const value = event.value as { fault_id?: string; phase?: string } | undefined;
    if (event.type !== 'fault' || value?.fault_id === undefined || value.phase !== undefined) continue;
    struck.set(value.fault_id, [...(struck.get(value.fault_id) ?? []), event]);
  }
  return plan.list().map(({ id, fault, hits }) => {
    const own = struck.get(id) ?? [];
    const references = [...new Set(own.flatMap(({ key }) => (key === undefined ? [] : [key])))];
    return {
      id,
      fault,
      hits,
      references: references.length,
      first: references.slice(0, FIRST_SHOWN),
      where: whereOf(own),
    };
  });
}

function whereOf(events: readonly HistoryEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { value } of events) {
    const { operation, event, line_type: line, challenge_id: page } = (value ?? {}) as Record<string, unknown>;
    const place = String(operation ?? event ?? line ?? (page === undefined ? 'psp' : 'page'));
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}

/** Acknowledges every webhook, and takes no connections. */
const NOBODY: Network = {
  kind: 'memory',
  listen: () => Promise.reject(new Error('a dry run takes no connections')),
  request: () => Promise.resolve({ status: 200, headers: {}, body: Buffer.from('[accepted]') }),
  close: () => Promise.resolve(),
};

/** For a person: one line per fault. */
export function dryRunText({ seed, payments, psps, faults }: DryRunReport): string {
  const lines = faults.map(({ id, fault, hits, references, first, where }) => {
    const places = Object.entries(where).map(([place, count]) => `${place} ${count}`);
    const named = first.join(', ') + (references > first.length ? `, and ${references - first.length} more` : '');
    const what = hits === 0 ? 'hits nothing' : `${hits} hits (${places.join(', ')})`;
    return `  ${id.padEnd(10)} ${fault.padEnd(26)} ${what}${named === '' ? '' : `: ${named}`}`;
  });
  const head = `Dry run, seed ${seed}: ${payments} payments at each of ${psps.join(', ')}`;
  return [head, ...(lines.length === 0 ? ['  no fault is planned'] : lines)].join('\n');
}
