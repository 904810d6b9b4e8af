/**
 * Goal: the page works for people: in light, dark, narrow and printed form, by keyboard, and
 * without the network. Method: sample runs in a real Chromium; skipped where there is none.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { buildRunModel } from '../../history/index.ts';
import { writeReports, writeRunsIndex } from '../index.ts';
import { reportHtml } from '../report-html.ts';
import type { RunReport } from '../report.ts';
import { failingRun, inconclusiveRun, passingRun } from './sample-runs.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

const ARGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const LOOKS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
};

describe('the report page in a browser', function () {
  this.timeout(60_000);
  let browser: Browser | undefined;
  let directory = '';

  before(async function () {
    if (CHROMIUM === undefined) return this.skip();
    directory = mkdtempSync(join(tmpdir(), 'assay-page-'));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  });

  after(async () => {
    await browser?.close();
    if (directory !== '') rmSync(directory, { recursive: true });
  });

  /** Opens a report; whatever goes wrong in the page, or leaves it, is collected. */
  async function open(report: RunReport, look: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }> {
    assert.ok(browser);
    const file = join(directory, 'report.html');
    writeFileSync(file, reportHtml(report, buildRunModel(report.events)));
    const page = await browser.newPage(look);
    const troubles: string[] = [];
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => troubles.push(message.text()));
    page.on('request', (request) => {
      if (request.url() !== pathToFileURL(file).href) troubles.push(`request ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    await page.locator('#timeline .mark').first().waitFor();
    return { page, troubles };
  }

  for (const [name, look] of Object.entries(LOOKS)) {
    it(`shows every verdict without trouble or sideways scrolling: ${name}`, async () => {
      for (const [words, report] of [
        ['Passed', passingRun()],
        ['Violated', failingRun()],
        ['Inconclusive', inconclusiveRun()],
      ] as const) {
        const { page, troubles } = await open(report, look);
        assert.equal((await page.locator('h1').textContent())?.trim(), words);
        const sideways = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        assert.equal(sideways, 0, `${words} scrolls sideways`);
        assert.ok((await page.screenshot()).length > 10_000);
        assert.deepEqual(troubles, []);
        await page.close();
      }
    });
  }

  it('prints on white, without its controls, whatever the screen shows', async () => {
    const { page } = await open(failingRun(), LOOKS['dark'] ?? {});
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    assert.equal(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)');
    assert.equal(await page.locator('.controls').isVisible(), false);
    assert.equal(await page.locator('#timeline').isVisible(), true);
    await page.close();
  });

  it('leads from a violation to its place in the timeline', async () => {
    const { page } = await open(failingRun(), LOOKS['light'] ?? {});
    await page.locator('[data-show]').first().click();
    assert.notEqual(await page.locator('#payment').inputValue(), '-1');
    assert.match((await page.locator('#selected').textContent()) ?? '', /witness of a violation/);
    assert.ok((await page.locator('#timeline .ring').count()) > 0);
    assert.ok((await page.locator('#timeline .link').count()) > 0, 'causes are linked to effects');
    await page.close();
  });

  it('can be read with the keyboard alone: from event to event, from lane to lane, closer and back', async () => {
    const { page } = await open(passingRun(), LOOKS['light'] ?? {});
    const selected = async (): Promise<string> => (await page.locator('#selected').textContent()) ?? '';
    await page.locator('#chart').focus();
    const seen = new Set<string>();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
      await page.keyboard.press(key);
      seen.add(await selected());
    }
    assert.ok(seen.size >= 4, [...seen].join('\n'));
    const all = (await page.locator('#event-count').textContent()) ?? '';
    await page.keyboard.press('+');
    await page.locator('#event-count', { hasNotText: all }).waitFor();
    await page.keyboard.press('0');
    await page.locator('#event-count', { hasText: all }).waitFor();
    await page.close();
  });

  it('filters by payment, zooms by dragging, and copies the replay command', async () => {
    const { page, troubles } = await open(passingRun(), LOOKS['light'] ?? {});
    await page.locator('#payment').selectOption('3');
    await page.locator('#event-count', { hasText: /^[1-3]?\d events? in view/ }).waitFor();
    await page.locator('#payment').selectOption('-1');
    await page.locator('#timeline').scrollIntoViewIfNeeded();
    const box = await page.locator('#timeline').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 300, box.y + box.height - 30);
    await page.mouse.down();
    await page.mouse.move(box.x + 360, box.y + box.height - 30);
    await page.mouse.up();
    await page.locator('#event-count', { hasText: /^1?\d?\d events? in view/ }).waitFor();
    await page.locator('[data-copy]').click();
    await page.locator('[data-copy]', { hasText: /Copied|Selected/ }).waitFor();
    await page.locator('#theme').click();
    assert.equal(await page.evaluate('document.documentElement.dataset.theme'), 'dark');
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('adds up every lane to the pointer, to the chosen event, and for one payment', async () => {
    const { page, troubles } = await open(failingRun(), LOOKS['light'] ?? {});
    const total = async (lane: number): Promise<string> =>
      (await page.locator(`#timeline .total[data-lane="${lane}"][data-line="0"]`).textContent()) ?? '';
    const ledger = (await page.locator('#timeline .name').count()) - 1;
    const atEnd = await total(ledger);
    assert.match(atEnd, /^wallets [\d,.]+ EUR/);
    await page.locator('#timeline').scrollIntoViewIfNeeded();
    const box = await page.locator('#timeline').boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 300, box.y + box.height - 30);
    assert.notEqual(await total(ledger), atEnd);
    await page.mouse.move(5, 5);
    await page.locator('[data-show]').first().click();
    await page.locator('#cursor-time', { hasText: /^totals at 1:28:21/ }).waitFor();
    await page.locator('#chart').focus();
    await page.keyboard.press('Escape');
    await page.locator('#timeline .total', { hasText: 'wallets 390.00 EUR' }).waitFor();
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('shows the page over many runs, and finds runs by words', async () => {
    assert.ok(browser);
    const runs = join(directory, 'runs');
    for (const [name, report] of [
      ['one', passingRun(4)],
      ['two', failingRun(4)],
    ] as const) {
      mkdirSync(join(runs, name, 'x'), { recursive: true });
      writeFileSync(join(runs, name, 'x', 'history.ndjson'), '');
      writeReports(join(runs, name, 'x'), { ...report, scenario: name });
    }
    const index = writeRunsIndex(runs);
    const page = await browser.newPage(LOOKS['narrow']);
    await page.goto(pathToFileURL(index?.html ?? '').href);
    await page.locator('#find').fill('two violated');
    await page.locator('#shown', { hasText: '1 of 2' }).waitFor();
    const sideways = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(sideways, 0);
    await page.locator('#rows tr:not([hidden]) a').click();
    await page.locator('h1', { hasText: 'Violated' }).waitFor();
    await page.close();
  });

  it('tells the verdict, the contradiction and the invariants without a script', async () => {
    assert.ok(browser);
    const report = failingRun();
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.setContent(reportHtml(report, buildRunModel(report.events)));
    const body = await page.locator('body').innerText();
    assert.match(body, /Violated/);
    assert.ok(body.includes(report.judged.invariants[0]?.violations[0]?.contradiction ?? '?'));
    assert.match(body, /needs JavaScript/);
    await page.close();
  });
});
