/**
 * Latency percentiles over time: how long players waited for an answer, how long until the
 * wallet was credited, how long PSPs took. Durations are those of the run's own clock; over HTTP
 * they are turned back into milliseconds of the wall, because only scenario time is compressed.
 */
import type { RunModel } from '../history/index.ts';

export interface LatencyBucket {
  /** Scenario time, milliseconds. */
  from: number;
  to: number;
  samples: number;
  p50: number;
  p95: number;
  p99: number;
}

export interface LatencyPanel {
  title: string;
  samples: number;
  p50: number;
  p95: number;
  p99: number;
  buckets: LatencyBucket[];
}

export interface LatencySeries {
  /** The time in which operations began, scenario milliseconds. */
  from: number;
  to: number;
  panels: LatencyPanel[];
  /** What the numbers mean in this run. */
  note: string;
}

interface Sample {
  t: number;
  ms: number;
}

/** Fewer samples than this in a bucket make its p95 a mere maximum. */
const SAMPLES_PER_BUCKET = 8;
const MOST_BUCKETS = 32;

/** Undefined when nothing took any time that could be measured. */
export function latencySeries(run: RunModel): LatencySeries | undefined {
  const factor = run.note?.driver === 'http' ? (run.note.service_clock?.factor ?? 1) : 1;
  const scaled = (samples: readonly Sample[]): Sample[] => samples.map(({ t, ms }) => ({ t, ms: ms / factor }));
  const named = [
    ['Answer to the player', scaled(answers(run))],
    ['From the request to the credited wallet', scaled(credits(run))],
    ['Answer of the PSPs', scaled(exchanges(run))],
  ] as const;
  const all = named.flatMap(([, samples]) => samples.map(({ t }) => t));
  if (all.length === 0) return undefined;
  const from = all.reduce((a, b) => Math.min(a, b));
  const to = Math.max(from + 1, all.reduce((a, b) => Math.max(a, b)) + 1);
  return {
    from,
    to,
    panels: named.flatMap(([title, samples]) => (samples.length === 0 ? [] : [panelOf(title, samples, from, to)])),
    note: noteOf(run.note?.driver, factor),
  };
}

function noteOf(driver: string | undefined, factor: number): string {
  if (driver !== 'http')
    return 'Virtual time: waiting for PSPs and faults is counted, the work of processors is not. Speed is measured under load, not here.';
  return factor === 1
    ? 'Real time, on a machine that runs the whole world beside the service.'
    : `Real milliseconds; the scenario's clock ran ${Math.round(factor)} times faster than the wall. The machine ran the whole world beside the service.`;
}

function answers(run: RunModel): Sample[] {
  return run.operations
    .filter(({ f, outcome }) => (f === 'deposit' || f === 'payout') && (outcome === 'ok' || outcome === 'fail'))
    .flatMap(({ invoked, ended }) => (ended === undefined ? [] : [{ t: invoked.t, ms: ended.t - invoked.t }]));
}

/** Until the credit's own time stamp where the target's clock is known, else until a probe saw it. */
function credits(run: RunModel): Sample[] {
  return [...run.payments.values()].flatMap((payment) => {
    const asked = payment.operations[0]?.invoked;
    const credit = payment.entries.find((entry) => entry.kind === 'deposit_credit');
    if (asked === undefined || credit === undefined || credit.writtenBy < asked.t) return [];
    return [{ t: asked.t, ms: credit.writtenBy - asked.t }];
  });
}

function exchanges(run: RunModel): Sample[] {
  return run.exchanges.flatMap(({ received, ended, status }) =>
    ended === undefined || status === null ? [] : [{ t: received.t, ms: ended.t - received.t }],
  );
}

function panelOf(title: string, samples: readonly Sample[], from: number, to: number): LatencyPanel {
  const count = Math.min(MOST_BUCKETS, Math.max(1, Math.floor(samples.length / SAMPLES_PER_BUCKET)));
  const width = (to - from) / count;
  const groups = Array.from({ length: count }, (): number[] => []);
  for (const { t, ms } of samples) groups[Math.min(count - 1, Math.floor((t - from) / width))]?.push(ms);
  return {
    title,
    samples: samples.length,
    ...percentiles(samples.map(({ ms }) => ms)),
    buckets: groups.flatMap((group, n) =>
      group.length === 0
        ? []
        : [{ from: from + n * width, to: from + (n + 1) * width, samples: group.length, ...percentiles(group) }],
    ),
  };
}

/** Nearest rank: the smallest value that at least this share of the values does not exceed. */
export function percentiles(values: readonly number[]): { p50: number; p95: number; p99: number } {
  const ordered = [...values].sort((a, b) => a - b);
  const at = (share: number): number => ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
