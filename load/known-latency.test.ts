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

describe('the measured p95', function () {
  this.timeout(60_000);
  const clock = createRealClock();
  let k6: K6;
  let server: Server;

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
      clock.schedule(waitMs, 'answer', () => {
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
    const lines = await drive();
    assert.ok(lines.length >= 155, `only ${lines.length} samples`);
    const p95 = percentile(histogramOf(lines.map(({ observedMs }) => observedMs)), 0.95) ?? 0;
    assert.ok(Math.abs(p95 / SLOW_MS - 1) <= 0.03, `measured ${p95} ms`);
  });

  it('of two segments together is within 3 % of that of one run', async () => {
    const whole = measure(await drive(), 1, () => undefined);
    const halves = await Promise.all([drive({ part: 1, parts: 2 }), drive({ part: 2, parts: 2 })]);
    const together = mergeMeasurements(halves.map((lines) => measure(lines, 1, () => undefined)));
    const [one, two] = [whole, together].map(({ groups }) => groups[0]);
    assert.ok(Math.abs((two?.started ?? 0) - (one?.started ?? 0)) <= 2, `${two?.started} and ${one?.started}`);
    const p95 = (group: typeof one): number => percentile(group?.observed ?? histogramOf([]), 0.95) ?? 0;
    assert.ok(Math.abs(p95(two) / p95(one) - 1) <= 0.03, `${p95(two)} and ${p95(one)}`);
  });
});
