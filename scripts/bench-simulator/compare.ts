/** The comparison: maximum rate of each subject in alternating rounds, then latency at half of the simulator's maximum. */
import { cpus } from 'node:os';
import Table from 'cli-table3';
import type { LoadOrder, LoadResult } from './load.ts';
import { startPeers } from './peers.ts';
import type { MissingPeer } from './peers.ts';
import { canPin, startLoad, startSubject } from './processes.ts';
import type { LoadGenerator, Server } from './processes.ts';
import { acmeRequest, stripeRequest } from './requests.ts';

export interface CompareOptions {
  rounds: number;
  seconds: number;
  peers: boolean;
}

interface Subject {
  name: string;
  port: number;
  request: LoadOrder['request'];
  usage: Server['usage'] | null;
  reset: Server['reset'] | null;
  stop(): Promise<void>;
}

export interface SubjectReport {
  name: string;
  /** Medians over the rounds. */
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  refused: number;
  /** CPU of the server per request, microseconds; null where it cannot be asked. Steadier than a rate on a busy machine. */
  cpuMicros: number | null;
  /** The echo's CPU per request by that of the subject, with the same request; null where it cannot be asked. */
  cpuRatioToEcho: number | null;
  /** Median over the rounds of the ratio to the echo with the same request, within the round. */
  ratioToEcho: number;
}

export interface CompareReport {
  node: string;
  cpu: string;
  pinned: boolean;
  rounds: number;
  secondsPerRound: number;
  connections: number;
  subjects: SubjectReport[];
  /** Open load at half of the simulator's maximum; latency from the time a request was due. */
  halfRate: {
    name: string;
    ratePerSecond: number;
    p50Ms: number;
    p99Ms: number;
    echoP99Ms: number;
    addedP99Ms: number;
  }[];
  missingPeers: MissingPeer[];
}

const CONNECTIONS = 16;

export async function compare({ rounds, seconds, peers }: CompareOptions): Promise<CompareReport> {
  const load = startLoad();
  const echo = await startSubject('echo', 'echo.js');
  const acme = await startSubject('assay acme', 'simulator.js', ['acme']);
  const stripe = await startSubject('assay stripe', 'simulator.js', ['stripe']);
  const { running, missing } = peers ? await startPeers() : { running: [], missing: [] };
  const subjects: Subject[] = [
    { ...echo, name: 'node:http echo, JSON', request: acmeRequest(acme.credentials) },
    { ...echo, name: 'node:http echo, form', request: stripeRequest(stripe.credentials) },
    { ...acme, request: acmeRequest(acme.credentials) },
    { ...stripe, request: stripeRequest(stripe.credentials) },
    ...running.map((peer) => ({ ...peer, request: acmeRequest(acme.credentials), usage: null, reset: null })),
  ];
  const meter = new Meter(load);
  for (const subject of subjects) await meter.closed(subject, 1_000);
  const results = subjects.map(() => [] as Measured[]);
  for (let round = 1; round <= rounds; round += 1) {
    process.stderr.write(`round ${round} of ${rounds}\n`);
    for (const [index, subject] of subjects.entries())
      results[index]?.push(await meter.closed(subject, seconds * 1_000));
  }
  const reports = subjects.map((subject, index) => {
    const own = results[index] ?? [];
    const yardstick = results[subject.name.includes('stripe') || subject.name.includes('form') ? 1 : 0] ?? [];
    return reportOf(subject.name, own, yardstick);
  });
  const halfRate = [];
  for (const [index, yardstick] of [
    [2, 0],
    [3, 1],
  ] as const) {
    const [subject, plain, report] = [subjects[index], subjects[yardstick], reports[index]];
    if (subject === undefined || plain === undefined || report === undefined) continue;
    const ratePerSecond = Math.floor(report.requestsPerSecond / 2);
    const own: LoadResult[] = [];
    const bare: LoadResult[] = [];
    for (let round = 0; round < rounds; round += 1) {
      bare.push(await meter.open(plain, ratePerSecond, seconds * 1_000));
      own.push(await meter.open(subject, ratePerSecond, seconds * 1_000));
    }
    const [p50Ms, p99Ms, echoP99Ms] = [median(own, 'p50'), median(own, 'p99'), median(bare, 'p99')];
    halfRate.push({
      name: subject.name,
      ratePerSecond,
      p50Ms,
      p99Ms,
      echoP99Ms,
      addedP99Ms: round3(p99Ms - echoP99Ms),
    });
  }
  await Promise.all([load.stop(), ...[echo, acme, stripe, ...running].map((server) => server.stop())]);
  const report: CompareReport = {
    node: process.version,
    cpu: cpus()[0]?.model ?? 'unknown',
    pinned: canPin,
    rounds,
    secondsPerRound: seconds,
    connections: CONNECTIONS,
    subjects: reports,
    halfRate,
    missingPeers: missing,
  };
  print(report);
  return report;
}

interface Measured extends LoadResult {
  cpuMicros: number | null;
}

class Meter {
  readonly #load: LoadGenerator;
  #number = 0;

  constructor(load: LoadGenerator) {
    this.#load = load;
  }

  async closed(subject: Subject, durationMs: number): Promise<Measured> {
    // Each round begins empty: webhooks that wait for hours would pile up over the rounds.
    const before = await subject.reset?.();
    const result = await this.#run(subject, { durationMs });
    const after = await subject.usage?.();
    const cpuMs = before === undefined || after === undefined ? null : after.cpuMs - before.cpuMs;
    return { ...result, cpuMicros: cpuMs === null ? null : (cpuMs * 1_000) / result.requests };
  }

  async open(subject: Subject, ratePerSecond: number, durationMs: number): Promise<LoadResult> {
    await subject.reset?.();
    return this.#run(subject, { durationMs, ratePerSecond });
  }

  async #run(subject: Subject, how: Pick<LoadOrder, 'durationMs' | 'ratePerSecond'>): Promise<LoadResult> {
    const { port, request } = subject;
    const firstNumber = this.#number;
    const result = await this.#load.run({ port, request, connections: CONNECTIONS, firstNumber, awake: true, ...how });
    this.#number += result.requests + CONNECTIONS;
    return result;
  }
}

function reportOf(name: string, own: readonly Measured[], yardstick: readonly Measured[]): SubjectReport {
  const rate = (result: LoadResult): number => result.requests / result.seconds;
  const cpu = cpuOf(own);
  return {
    name,
    requestsPerSecond: Math.round(middle(own.map(rate))),
    p50Ms: median(own, 'p50'),
    p99Ms: median(own, 'p99'),
    refused: own.reduce((sum, { refused }) => sum + refused, 0),
    cpuMicros: cpu.length === 0 ? null : Math.round(middle(cpu)),
    cpuRatioToEcho: cpu.length === 0 ? null : round3(middle(cpuOf(yardstick)) / middle(cpu)),
    ratioToEcho: round3(
      middle(
        own.map((result, round) => {
          const echo = yardstick[round];
          return echo === undefined ? 0 : rate(result) / rate(echo);
        }),
      ),
    ),
  };
}

function cpuOf(results: readonly Measured[]): number[] {
  return results.map(({ cpuMicros }) => cpuMicros).filter((value) => value !== null);
}

function print(report: CompareReport): void {
  const table = new Table({
    head: ['', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs/request', 'rate to echo', 'CPU to echo', 'not 2xx'],
  });
  for (const subject of report.subjects) {
    const { name, requestsPerSecond, p50Ms, p99Ms, cpuMicros, ratioToEcho, cpuRatioToEcho, refused } = subject;
    const cpu = [cpuMicros ?? '', ratioToEcho, cpuRatioToEcho ?? ''];
    table.push([name, requestsPerSecond, p50Ms, p99Ms, ...cpu, refused]);
  }
  process.stdout.write(`\n${report.node} on ${report.cpu}, ${report.connections} connections, `);
  process.stdout.write(`${report.rounds} alternating rounds of ${report.secondsPerRound} s, `);
  process.stdout.write(
    `${report.pinned ? 'server and load on a core each' : 'cores not pinned'}\n${table.toString()}\n`,
  );
  const half = new Table({
    head: ['at half of the maximum', 'requests/s', 'p50 ms', 'p99 ms', 'echo p99 ms', 'added p99 ms'],
  });
  for (const { name, ratePerSecond, p50Ms, p99Ms, echoP99Ms, addedP99Ms } of report.halfRate)
    half.push([name, ratePerSecond, p50Ms, p99Ms, echoP99Ms, addedP99Ms]);
  process.stdout.write(`${half.toString()}\n`);
  for (const { name, reason } of report.missingPeers) process.stdout.write(`not measured: ${name} (${reason})\n`);
}

function median(results: readonly LoadResult[], field: 'p50' | 'p99'): number {
  return round3(middle(results.map((result) => result[field])));
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function round3(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
