/**
 * The soak: many payments through the acme dialect, each with a webhook that is really
 * delivered. At the end every event must be accounted for, and memory must have stopped
 * growing: the second half of the run may not need more than the first.
 */
import Table from 'cli-table3';
import { LOAD_CORE, startLoad, startSubject } from './processes.ts';
import { acmeRequest } from './requests.ts';

export interface SoakReport {
  payments: number;
  seconds: number;
  webhooksReceived: number;
  /** Different events among them. */
  eventsReceived: number;
  webhooksWaiting: number;
  deadLetters: number;
  /** Payments whose event was neither received nor waits nor is a dead letter; must be 0. */
  unaccounted: number;
  webhooksPerHour: number;
  /** Peaks of what is held after a collection; the second is not above the first once the bounds are reached. */
  peakHeldMb: { firstHalf: number; secondHalf: number };
  /** After each twentieth: resident memory, then the heap after a full collection. */
  memory: { payments: number; rssMb: number; heapMb: number }[];
}

const STEPS = 20;
const CONNECTIONS = 16;
const DRAIN_WITHIN_MS = 120_000;

export async function soak(payments: number): Promise<SoakReport> {
  const load = startLoad();
  const sink = await startSubject('sink', 'sink.js', [], { core: LOAD_CORE });
  const target = `http://127.0.0.1:${sink.port}/hook`;
  const acme = await startSubject('assay acme', 'simulator.js', ['acme', target], { nodeFlags: ['--expose-gc'] });
  const startedAt = performance.now();
  const memory: SoakReport['memory'] = [];
  let done = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const count = Math.floor((payments * (step + 1)) / STEPS) - done;
    const { requests, refused } = await load.run({
      port: acme.port,
      request: acmeRequest(acme.credentials),
      connections: CONNECTIONS,
      count,
      firstNumber: done + CONNECTIONS * step,
    });
    if (refused > 0) throw new Error(`${refused} of ${requests} payments were refused`);
    done += requests;
    const { rssMb, heapMb } = await acme.usage();
    memory.push({ payments: done, rssMb: Math.round(rssMb), heapMb: Math.round(heapMb) });
    process.stderr.write(`${done} payments, ${Math.round(rssMb)} MB\n`);
  }
  const deadline = performance.now() + DRAIN_WITHIN_MS;
  for (;;) {
    const { counts } = await acme.usage();
    if ((counts['waiting'] ?? 0) === 0 || performance.now() > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const { counts } = await acme.usage();
  const { received = 0, different = 0 } = (await sink.usage()).counts;
  const [waiting, dead] = [counts['waiting'] ?? 0, counts['dead'] ?? 0];
  await Promise.all([load.stop(), sink.stop(), acme.stop()]);
  const report: SoakReport = {
    payments: done,
    seconds: Math.round(seconds),
    webhooksReceived: received,
    eventsReceived: different,
    webhooksWaiting: waiting,
    deadLetters: dead,
    unaccounted: done - different - waiting - dead,
    webhooksPerHour: Math.round((received / seconds) * 3_600),
    peakHeldMb: { firstHalf: peak(memory.slice(0, STEPS / 2)), secondHalf: peak(memory.slice(STEPS / 2)) },
    memory,
  };
  const table = new Table({ head: ['payments', 'RSS MB', 'held MB'] });
  for (const row of memory) table.push([row.payments, row.rssMb, row.heapMb]);
  process.stdout.write(`${table.toString()}\n${JSON.stringify({ ...report, memory: undefined }, null, 2)}\n`);
  return report;
}

function peak(rows: SoakReport['memory']): number {
  return Math.max(...rows.map(({ heapMb }) => heapMb));
}
