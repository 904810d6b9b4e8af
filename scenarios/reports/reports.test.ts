/**
 * Goal: terminal, JUnit and HTML tell the same truth, readably, and nothing in a run can break
 * them. Method: sample runs through every writer; hostile texts; limits on size and length.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildRunModel } from '../history/index.ts';
import { BENIGN_SETTLEMENTS } from '../history/test/benign-settlements.ts';
import { SoundWorld } from '../history/test/sound-world.ts';
import { describeEvent } from './describe-event.ts';
import { failureTexts } from './failure-block.ts';
import { failureBlock, junitXml, reportHtml, verdictJson, verdictTable, writeReports } from './index.ts';
import type { RunReport, VerdictJson } from './index.ts';
import { minimalTimeline } from './minimal-timeline.ts';
import { packTimeline } from './pack-timeline.ts';
import { failingRun, inconclusiveRun, passingRun } from './test/sample-runs.ts';
import { timelineData } from './timeline-data.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' };
const unescape = (text: string): string =>
  text.replaceAll(/&(lt|gt|quot|amp);/g, (entity) => ENTITIES[entity] ?? entity);

function htmlOf(report: RunReport): string {
  return reportHtml(report, buildRunModel(report.events));
}

describe('reports of a run', () => {
  it('print one and the same failure block in terminal, JUnit and HTML', () => {
    const report = failingRun();
    const blocks = failureTexts(report).map((block) => block.text);
    assert.ok(blocks.length >= 4);
    const [terminal, junit, html] = [failureBlock(report), unescape(junitXml(report)), unescape(htmlOf(report))];
    for (const block of blocks) {
      assert.ok(terminal.includes(block), 'terminal');
      assert.ok(junit.includes(block), 'junit');
      assert.ok(html.includes(block), 'html');
    }
  });

  it('tell each violation in one sentence, at most twelve lines, and end with the replay command', () => {
    const report = failingRun();
    const run = buildRunModel(report.events);
    for (const invariant of report.judged.invariants) {
      for (const violation of invariant.violations) {
        const lines = minimalTimeline(run, violation);
        assert.ok(lines.length > 0 && lines.length <= 12, `${lines.length} lines`);
        assert.ok(lines.some((line) => line.witness));
        assert.deepEqual(
          lines.map((line) => line.index),
          lines.map((line) => line.index).sort((a, b) => a - b),
        );
      }
    }
    for (const { text } of failureTexts(report))
      assert.match(text, /\n {2}Reproduce with: node bin\/assay\.js run .* --seed 7$/);
  });

  it('describe every event of a history in words', () => {
    for (const event of failingRun().events) {
      const { who, text } = describeEvent(event);
      assert.ok(who.length > 0 && text.length > 0);
      assert.doesNotMatch(`${who} ${text}`, /undefined|NaN|null|\[object|^\s|\s$/, JSON.stringify(event));
    }
  });

  it('describe settlement in words', () => {
    const world = new SoundWorld();
    const story = BENIGN_SETTLEMENTS['a file is brought again because its answer was lost'];
    story?.(world, {
      n: 1,
      t: 0,
      player: 'player-1',
      amountMinor: 5000,
      currency: 'EUR',
      psp: 'stripe',
      other: 'adyen',
    });
    const said = world.finish().map((event) => describeEvent(event));
    for (const { who, text } of said) assert.doesNotMatch(`${who} ${text}`, /undefined|NaN|null|\[object/);
    const operator = said.filter(({ who }) => who === 'operator').map(({ text }) => text);
    assert.deepEqual(operator, [
      'begins to look for settlements',
      'downloads stripe-EUR-1a: 1 lines, 49.99 EUR to the bank',
      'imports stripe-EUR-1a.csv (imp-stripe-EUR-1a-settlement-1000)',
      'gets no answer: timeout (imp-stripe-EUR-1a-settlement-1000)',
      'imports stripe-EUR-1a.csv (imp-stripe-EUR-1a-settlement-60000)',
      'is heard, a stored answer (imp-stripe-EUR-1a-settlement-60000)',
    ]);
  });

  it('colour the terminal only where asked', () => {
    const report = failingRun();
    assert.doesNotMatch(failureBlock(report), /\u001b/);
    assert.match(failureBlock(report, { color: true }), /\u001b\[31m/);
    assert.equal(failureBlock(passingRun()), '');
  });

  it('say why a run proves nothing', () => {
    const report = inconclusiveRun();
    assert.equal(report.judged.verdict, 'unknown');
    assert.match(failureBlock(report), /^INCONCLUSIVE\n[^]*Not seen: the fault outage acted[^]*Reproduce with:/);
    assert.match(junitXml(report), /<error type="unknown" message="not seen: the fault outage acted/);
    assert.match(htmlOf(report), />Inconclusive<\/h1>/);
  });

  it('line up the verdicts of several runs and count them', () => {
    const table = verdictTable([passingRun(), failingRun(), inconclusiveRun()]);
    assert.match(table, /sample-run +PASS +virtual/);
    assert.match(table, /sample-run +VIOLATED +virtual .* I1 /);
    assert.match(table, /1 passed, 1 violated, 1 inconclusive$/);
  });

  it("say in the run's line, in verdict.json and on the page what of the story was left out", () => {
    const left = 'Told without its payouts: mollie cannot pay out.';
    const report: RunReport = { ...passingRun(), without: left };
    const lines = verdictTable([report, passingRun()]).split('\n');
    assert.equal(lines.filter((line) => line.includes(left)).length, 1);
    assert.equal(lines[2], `  ${left}`);
    assert.equal(verdictJson(report).without, left);
    assert.ok(htmlOf(report).includes(left));
    assert.equal('without' in verdictJson(passingRun()), false);
  });

  it('write verdict.json, junit.xml and report.html into the run directory', () => {
    const runDir = mkdtempSync(join(tmpdir(), 'assay-reports-'));
    try {
      const report = failingRun();
      const paths = writeReports(runDir, report);
      const verdict = JSON.parse(readFileSync(paths.verdict, 'utf8')) as VerdictJson;
      assert.deepEqual([verdict.schema, verdict.verdict, verdict.exitCode], [1, 'fail', 1]);
      assert.equal(verdict.invariants.length, report.judged.invariants.length);
      assert.equal(verdict.replay, report.replay);
      assert.equal(verdict.counts.events, report.events.length);
      assert.match(readFileSync(paths.junit, 'utf8'), /^<\?xml/);
      assert.match(readFileSync(paths.html, 'utf8'), /^<!doctype html>/);
    } finally {
      rmSync(runDir, { recursive: true });
    }
  });
});

describe('junit.xml', () => {
  it('is well-formed, and counts what it lists', () => {
    for (const report of [passingRun(), failingRun(), inconclusiveRun()]) {
      const xml = junitXml({ ...report, title: 'a < b & "c" \u0000\u001b', replay: '--seed "<7>"' });
      assertWellFormed(xml);
      const counted = (tag: string): number => [...xml.matchAll(new RegExp(`<${tag}[ >]`, 'g'))].length;
      const [, tests, failures, errors, skipped] =
        /tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(xml) ?? [];
      assert.deepEqual(
        [tests, failures, errors, skipped].map(Number),
        ['testcase', 'failure', 'error', 'skipped'].map(counted),
      );
    }
  });
});

describe('report.html', () => {
  it('loads nothing from anywhere', () => {
    const html = htmlOf(failingRun());
    assert.match(html, /Content-Security-Policy" content="default-src 'none'/);
    assert.doesNotMatch(html, /<(link|img|iframe|object|embed)\b|@import|url\((?!#)/i);
    assert.doesNotMatch(html, /\b(src|href)="(?!#)/);
  });

  it('cannot be broken out of by names in a run', () => {
    const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(1)>';
    const report = failingRun();
    const events = report.events.map((event) =>
      event.f === 'deposit' ? { ...event, proc: `player:${hostile}` } : event,
    );
    const html = htmlOf({ ...report, title: hostile, scenario: hostile, seed: hostile, replay: hostile, events });
    assert.ok(!html.includes(hostile));
    assert.equal([...html.matchAll(/<script/g)].length, 2, 'the data and the page script');
  });

  it('stays below two megabytes for ten thousand events, and says what it leaves out of more', () => {
    const report = passingRun(900);
    assert.ok(report.events.length > 8_000, `${report.events.length} events`);
    assert.ok(Buffer.byteLength(htmlOf(report)) < 2_000_000 * Math.min(1, report.events.length / 10_000));
    const data = timelineData(buildRunModel(report.events), report.judged);
    const marks = Array.from({ length: 40_000 }, (_, n) => ({
      ...(data.marks[n % data.marks.length] ?? data.marks[0]!),
      text: `event ${n} ${'x'.repeat(80)}`,
    }));
    const packed = packTimeline({ ...data, marks });
    assert.ok(Buffer.byteLength(packed.json) < 1_800_000);
    assert.ok(packed.left > 20_000);
  });

  it('draws lanes for players, service, each PSP, webhooks and ledger, with faults as bands', () => {
    const report = passingRun();
    const data = timelineData(buildRunModel(report.events), report.judged);
    assert.deepEqual(
      data.lanes.map((lane) => lane.name),
      ['Players', 'Service', 'acme', 'adyen', 'stripe', 'Webhooks', 'Ledger'],
    );
    const lost = data.faults.find((fault) => fault.name === 'answer-lost');
    assert.deepEqual(lost, {
      name: 'answer-lost',
      psp: 'stripe',
      lane: 4,
      windows: [{ from: 60_000, to: 1_800_000 }],
      hits: [200_000],
    });
    const heal = 48 * 3_600_000;
    assert.deepEqual(data.faults.find((fault) => fault.name === 'webhook-duplicate')?.windows, [
      { from: 300_000, to: heal },
    ]);
    assert.deepEqual(data.down, [{ from: 400_000, to: 460_000, lane: 1 }]);
    assert.ok(data.marks.every((mark) => mark.lane >= 0 && mark.lane < data.lanes.length));
    assert.ok(data.marks.every((mark, n) => n === 0 || (data.marks[n - 1]?.t ?? 0) <= mark.t));
    assert.ok(data.marks.some((mark) => mark.text.startsWith('deposit credit +')));
  });

  it('puts payments that break something first, and rings only their witnesses', () => {
    const report = failingRun();
    const data = timelineData(buildRunModel(report.events), report.judged);
    assert.equal(data.payments[0]?.failed, true);
    const ringed = data.marks.filter((mark) => mark.witness);
    assert.ok(ringed.length > 0);
    assert.ok(ringed.every((mark) => data.payments[mark.pay]?.failed === true));
  });

  it('has enough contrast for its texts, in light and in dark', () => {
    const css = readFileSync(join(import.meta.dirname, 'page/report.css'), 'utf8');
    const blocks = [...css.matchAll(/--paper: (#\w+);[^}]*/g)]
      .map(([block]) => block)
      .filter((block) => block.includes('--ink'));
    assert.ok(blocks.length >= 2);
    for (const block of blocks) {
      const color = (name: string): string =>
        new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(block)?.[1] ?? assert.fail(`no --${name}`);
      for (const ink of ['ink', 'soft', 'good', 'bad', 'doubt', 'accent', 'faint']) {
        for (const ground of ['paper', 'sheet']) {
          const ratio = contrast(color(ink), color(ground));
          assert.ok(ratio >= 4.5, `${ink} on ${ground}: ${ratio.toFixed(2)}`);
        }
      }
    }
  });
});

/** Contrast ratio of two colours as WCAG 2 defines it. */
function contrast(one: string, other: string): number {
  const luminance = (hex: string): number => {
    const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** Tags balance and no bare `<` or `&` is left: what an XML parser would refuse first. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml
    .replace(/<\?xml[^?]*\?>/, '')
    .replaceAll(
      /<(\/?)([a-z]+)((?: [a-z]+="[^"<]*")*)(\/?)>/g,
      (_, closing: string, tag: string, _attributes, empty: string) => {
        if (closing === '/') assert.equal(open.pop(), tag);
        else if (empty === '') open.push(tag);
        return '';
      },
    );
  assert.deepEqual(open, []);
  assert.doesNotMatch(rest, /<|&(?!(?:lt|gt|quot|amp);)/);
  assert.doesNotMatch(xml, /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
}
