/**
 * Goal: money flow, latencies and running totals say what the history says, and nothing else.
 * Method: sound worlds and worlds with one thing broken; sums are made a second way.
 */
import assert from 'node:assert/strict';
import { BENIGN_DEPOSITS } from '../../history/test/benign-stories.ts';
import { SoundWorld } from '../../history/test/sound-world.ts';
import { buildRunModel, netCaptured } from '../../history/index.ts';
import type { RunModel } from '../../history/index.ts';
import { latencySeries, percentiles } from '../latency-series.ts';
import { latencyHtml } from '../latency-html.ts';
import { moneyFlowHtml } from '../money-flow-html.ts';
import { moneyFlows } from '../money-flow.ts';
import type { MoneyFlow } from '../money-flow.ts';
import { runningTotals } from '../running-totals.ts';
import { failingRun, passingRun } from './sample-runs.ts';

const sum = (ends: readonly { amountMinor: number }[]): number => ends.reduce((all, end) => all + end.amountMinor, 0);

/** One deposit through a PSP, captured once and credited as often as said. */
function deposit(credits: number): RunModel {
  const world = new SoundWorld();
  const story = Object.values(BENIGN_DEPOSITS)[0];
  story?.(world, { n: 1, t: 0, player: 'player-1', amountMinor: 5000, currency: 'EUR', psp: 'stripe', other: 'adyen' });
  const credited = world.entries.filter((entry) => entry.kind === 'deposit_credit');
  assert.equal(credited.length, 2, 'the first benign story credits once: two entries');
  if (credits === 0) world.entries.splice(0);
  for (let n = 1; n < credits; n += 1) world.credit(5_000, credited[0]?.payment_id ?? '', 'stripe', 5000, 'EUR');
  return buildRunModel(world.finish());
}

function only(run: RunModel): MoneyFlow {
  const [flow, ...others] = moneyFlows(run);
  assert.ok(flow !== undefined && others.length === 0);
  return flow;
}

describe('money flow', () => {
  it('leads what was captured into the wallets', () => {
    const flow = only(deposit(1));
    assert.deepEqual(flow.sources, [{ name: 'stripe', amountMinor: 5000, tone: 'plain' }]);
    assert.deepEqual(flow.past, []);
    assert.equal(sum(flow.sinks), 5000);
    assert.deepEqual(flow.rows[0], {
      psp: 'stripe',
      captured: 5000,
      credited: 5000,
      paidOutBooks: 0,
      paidOutLedger: 0,
      backBooks: 0,
      backLedger: 0,
    });
  });

  it('shows a second credit as money that nobody captured', () => {
    const flow = only(deposit(2));
    assert.deepEqual(flow.sources.at(-1), { name: 'credited, never captured', amountMinor: 5000, tone: 'bad' });
    assert.equal(flow.rows[0]?.credited, 10_000);
    assert.match(moneyFlowHtml(deposit(2)), /class="differs"><span class="visually-hidden">differs: <\/span>100\.00/);
  });

  it('leads captured money that was never credited past the wallets', () => {
    const flow = only(deposit(0));
    assert.deepEqual(flow.past, [{ from: 'stripe', name: 'captured, not credited', amountMinor: 5000, tone: 'bad' }]);
    assert.equal(sum(flow.sources), 0);
  });

  it('balances for every currency: what came into the wallets went out or is still there', () => {
    for (const report of [passingRun(120), failingRun(40)]) {
      for (const flow of moneyFlows(buildRunModel(report.events))) {
        assert.equal(sum(flow.sources), sum(flow.sinks), flow.currency);
        assert.ok([...flow.sources, ...flow.sinks, ...flow.past].every((end) => end.amountMinor > 0));
      }
    }
  });

  it('draws nothing into the void', () => {
    const html = moneyFlowHtml(buildRunModel(failingRun().events));
    assert.doesNotMatch(html, /NaN|undefined|Infinity/);
    assert.equal(moneyFlowHtml(buildRunModel([])), '');
  });
});

describe('latency over time', () => {
  it('takes percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
    assert.deepEqual(percentiles(hundred), { p50: 50, p95: 95, p99: 99 });
    assert.deepEqual(percentiles([7]), { p50: 7, p95: 7, p99: 7 });
  });

  it('puts every sample into exactly one bucket, in order of time', () => {
    const run = buildRunModel(passingRun(200).events);
    const series = latencySeries(run);
    assert.ok(series !== undefined && series.panels.length === 3);
    for (const panel of series.panels) {
      assert.equal(
        panel.buckets.reduce((all, bucket) => all + bucket.samples, 0),
        panel.samples,
      );
      for (const [n, bucket] of panel.buckets.entries()) {
        assert.ok(
          bucket.p50 <= bucket.p95 &&
            bucket.p95 <= bucket.p99 &&
            bucket.p99 <= panel.buckets.reduce((most, one) => Math.max(most, one.p99), 0),
        );
        assert.ok(
          bucket.from >= series.from &&
            bucket.to <= series.to + 1e-6 &&
            bucket.from >= (panel.buckets[n - 1]?.to ?? 0) - 1e-6,
        );
      }
    }
    const answered = run.operations.filter(
      ({ f, outcome }) => ['deposit', 'payout'].includes(f) && ['ok', 'fail'].includes(outcome),
    );
    assert.equal(series.panels[0]?.samples, answered.length);
  });

  it('turns compressed time over HTTP back into milliseconds of the wall', () => {
    const events = passingRun().events;
    const compressed = events.map((event) =>
      event.f === 'run' && event.type === 'note'
        ? {
            ...event,
            value: {
              ...(event.value as object),
              driver: 'http',
              service_clock: { started_at: '2026-01-01T00:00:00.000Z', factor: 100 },
            },
          }
        : event,
    );
    const hasNote = compressed.some((event) => event.f === 'run' && event.type === 'note');
    const [virtual, http] = [events, compressed].map((list) => latencySeries(buildRunModel(list)));
    const answers = (series: typeof http): number => series?.panels[0]?.p50 ?? 0;
    assert.ok(hasNote && answers(virtual) > 0);
    assert.equal(answers(http), answers(virtual) / 100);
    assert.match(http?.note ?? '', /100 times faster/);
  });

  it('draws without a hole', () => {
    const html = latencyHtml(buildRunModel(passingRun().events), [{ from: 0, to: 1e6, name: '<outage>' }]);
    assert.doesNotMatch(html, /NaN|undefined|Infinity|<outage>/);
    assert.equal(latencyHtml(buildRunModel([]), []), '');
  });
});

describe('running totals', () => {
  it('end with what the books hold and what the wallets have', () => {
    const run = buildRunModel(passingRun(120).events);
    const psps = [...new Set(run.books.map((entry) => entry.psp))];
    const laneOf = (kind: string, name = ''): number =>
      kind === 'psp' ? 10 + psps.indexOf(name) : ['player', 'service', 'deliveries', 'ledger'].indexOf(kind);
    const { metrics, changes } = runningTotals(run, { laneOf, positions: new Map() });
    const total = (lane: number, name: string, currency: string | null): number =>
      changes.reduce((all, change) => {
        const metric = metrics[change.metric];
        const fits = metric?.lane === lane && metric.name === name && metric.currency === currency;
        return fits ? all + change.by : all;
      }, 0);
    for (const psp of psps) {
      const captured = run.books.filter(
        (entry) => entry.psp === psp && entry.kind === 'payment' && entry.currency === 'EUR',
      );
      const paid = run.books.filter(
        (entry) => entry.psp === psp && entry.kind === 'payout' && entry.last.state === 'paid',
      );
      const disputed = run.books.filter(
        (entry) =>
          entry.psp === psp && entry.kind === 'dispute' && ['open', 'under_review', 'lost'].includes(entry.last.state),
      );
      const held = captured.reduce((all, entry) => all + netCaptured(entry.last), 0);
      const gone = [...paid, ...disputed].reduce((all, entry) => all + entry.last.amountMinor, 0);
      assert.equal(total(laneOf('psp', psp), 'holds', 'EUR'), held - gone, psp);
    }
    const wallets = [...run.players.values()]
      .flatMap((player) => player.entries)
      .reduce((all, entry) => all + entry.amountMinor, 0);
    assert.equal(total(3, 'wallets', 'EUR'), wallets);
    assert.equal(total(2, 'sent', null), run.deliveries.length);
    assert.ok(changes.every((change, n) => n === 0 || (changes[n - 1]?.t ?? 0) <= change.t));
  });
});
