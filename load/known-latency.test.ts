/**
 * Is the p95 true? A stand-in for the payments API whose latency is known is measured by the
 * deposit journey: whole, and in two segments at once.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRealClock, UserError } from '../kernel/index.ts';
import { findK6, type K6 } from './find-k6.ts';
import { histogramOf, percentile } from './histogram.ts';
import type { OperationLine } from './lib/k6/operation-line.ts';
import { measure, mergeMeasurements } from './measure.ts';
import { readProfile } from './choices.ts';
import { runK6 } from './run-k6.ts';

/** One deposit in eight takes so long, the others next to nothing: the 95th percentile is known. */
const SLOW_MS = 800;
const SLOW_EVERY = 8;
const QUICK_MS = 40;
/** Of the 160 that are due. */
const LEAST_SAMPLES = 120;
const TRIES = 4;

describe('the measured p95', function () {
  const clock = createRealClock();
  let k6: K6;
  let server: Server;
  /** Milliseconds that the stand-in really took for each deposit of the last drive: its timers are late, too. */
  let taken: number[] = [];

  before(function () {
    try {
      k6 = findK6({ explicit: process.env['K6_BIN'], searchPath: process.env['PATH'] ?? '' });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      for (const test of this.test?.parent?.tests ?? [])
        Object.assign(test, { skipReason: 'k6 was not found; scripts/install-k6.sh builds it' });
      this.skip();
    }
  });

  beforeEach((done) => {
    let asked = 0;
    const now = (): string => new Date(clock.now()).toISOString();
    server = createServer((request, response) => {
      request.resume();
      const begins = request.method === 'POST';
      asked += begins ? 1 : 0;
      const waitMs = !begins ? 0 : asked % SLOW_EVERY === 0 ? SLOW_MS : QUICK_MS;
      const body = {
        payment_id: `p-${asked}`,
        txn_id: 't',
        status: 'succeeded',
        created_at: now(),
        credited_at: now(),
      };
      const beganMs = clock.elapsed();
      clock.schedule(waitMs, 'answer', () => {
        if (begins) taken.push(clock.elapsed() - beganMs);
        response.writeHead(begins ? 201 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    server.listen(0, '127.0.0.1', done);
  });

  afterEach((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });

  async function drive(segment?: { part: number; parts: number }): Promise<OperationLine[]> {
    const lines: OperationLine[] = [];
    taken = [];
    const profile = readProfile('smoke');
    await runK6({
      ...{ k6, journey: 'deposit', apiKey: 'any', clock, environment: { ...process.env } },
      folder: mkdtempSync(join(tmpdir(), 'assay-known-')),
      plan: {
        ...{ ...profile, startRate: 40, stages: [{ seconds: 4, rate: 40 }], threeDsShare: 0, expectedP99Ms: 1500 },
        ...{ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, runId: 'known', payoutEvery: 0 },
        deposits: [{ psp: 'acme', method: 'card' }],
      },
      ...(segment === undefined ? {} : { segment }),
      onLine: (line) => lines.push(line),
      onText: () => undefined,
    });
    return lines;
  }

  it('is within 3 % of a known 800 ms', async () => {
    await agree(async () => {
      const lines = await drive();
      assert.ok(lines.length >= LEAST_SAMPLES, `only ${lines.length} samples`);
      const knownMs = p95(taken);
      assert.ok(knownMs >= SLOW_MS, `the stand-in took only ${knownMs} ms`);
      return [p95(lines.map(({ observedMs }) => observedMs)), knownMs];
    });
  });

  it('of two segments together is within 3 % of that of one run', async () => {
    await agree(async () => {
      const whole = measure(await drive(), 1, () => undefined);
      const halves = await Promise.all([drive({ part: 1, parts: 2 }), drive({ part: 2, parts: 2 })]);
      const together = mergeMeasurements(halves.map((lines) => measure(lines, 1, () => undefined)));
      const [one, two] = [whole, together].map(({ groups }) => groups[0]?.observed ?? histogramOf([]));
      assert.ok((one?.count ?? 0) >= LEAST_SAMPLES && (two?.count ?? 0) >= LEAST_SAMPLES);
      return [one, two].map((histogram) => percentile(histogram ?? histogramOf([]), 0.95) ?? 0) as [number, number];
    });
  });
});

function p95(values: readonly number[]): number {
  return percentile(histogramOf(values), 0.95) ?? 0;
}

/** A busy machine only ever adds time, and not each time as much: what measures wrongly never agrees. */
async function agree(both: () => Promise<[number, number]>): Promise<void> {
  const seen: string[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) {
    const [a, b] = await both();
    if (Math.abs(a / b - 1) <= 0.03) return;
    seen.push(`${a.toFixed(0)} and ${b.toFixed(0)} ms`);
  }
  assert.fail(`never within 3 % of each other: ${seen.join('; ')}`);
}
