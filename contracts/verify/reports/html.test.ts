/** The page for a manager, in a real browser: what is broken comes first, nothing runs off a telephone, nothing is loaded. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { fail, pass, unknown, type Finding, type Result } from '../check.ts';
import { htmlReport } from './html.ts';
import type { Summary } from './summary.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const LONG = 'a-card-payment-whose-first-sending-is-still-being-worked-on'.repeat(3);

const result = (id: string, finding: Finding): Result => ({
  id,
  stage: 'calls',
  title: `title of ${id}`,
  why: 'Money <b>depends</b> on it.',
  finding,
  ms: 1,
});

const SUMMARY: Summary = {
  partner: 'Example & Sons <Payments>',
  dialect: 'stripe',
  dialectTitle: 'Stripe',
  baseUrl: 'https://sandbox.psp.example',
  at: '2026-11-24T00:00:00.000Z',
  verdict: 'fail',
  exitCode: 1,
  partial: false,
  counts: { pass: 1, fail: 1, unknown: 1, tolerated: 1 },
  stages: [
    {
      stage: 'calls',
      results: [
        result('calls.kept', pass()),
        { ...result('calls.later', fail('a', 'b')), tolerated: { reason: 'soon', until: '2099-05-31' } },
        result('calls.unseen', unknown('nobody could make it')),
        result(
          `calls.${LONG}`,
          fail('status 200', `402 {"error":"${'x'.repeat(900)}"}`, `curl -i '${'y'.repeat(300)}'`),
        ),
      ],
    },
  ],
  hashes: { pact: `sha256:${'0'.repeat(64)}` },
  tool: { name: 'assay', version: '0.0.0' },
};

describe('the report of a contract in a browser', () => {
  let browser: Browser;
  before(async function () {
    if (executablePath === undefined) {
      for (const test of this.test?.parent?.tests ?? []) Object.assign(test, { skipReason: 'no Chromium found' });
      this.skip();
    }
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-background-networking'] });
  });
  after(() => browser?.close());

  it('says the verdict first, then what is broken, unknown and tolerated, each in its colour', async () => {
    const page = await browser.newPage();
    const troubles: string[] = [];
    page.on('request', ({ url }) => void troubles.push(url()));
    page.on('pageerror', ({ message }) => void troubles.push(message));
    await page.setContent(htmlReport(SUMMARY));
    assert.equal(await page.locator('h1').textContent(), 'Contract of Example & Sons <Payments>');
    assert.match((await page.locator('.verdict').textContent()) ?? '', /1 passed, 1 failed, 1 unknown, 1 tolerated/);
    const classes = await page.locator('.one').evaluateAll((all) => all.map(({ className }) => className));
    assert.deepEqual(classes, ['one fail', 'one unknown', 'one tolerated']);
    const edge = await page.evaluate("getComputedStyle(document.querySelector('.one.fail')).borderLeftColor");
    assert.equal(edge, 'rgb(180, 35, 24)');
    assert.equal(await page.locator('table').first().locator('tr').count(), 4);
    assert.deepEqual(troubles, []);
    await page.close();
  });

  it('fits a telephone, with the call opened', async () => {
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } });
    await page.setContent(htmlReport(SUMMARY));
    await page.locator('summary').first().click();
    assert.ok(await page.locator('pre').first().isVisible());
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 390);
    await page.close();
  });
});
