/**
 * The payer's pages in a real browser: reachable by keyboard, named for a screen reader, whole on a
 * narrow telephone, and nothing loaded. Skipped, with its reason, where no Chromium is installed.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { openTcpBench } from './tcp-bench.ts';
import type { TcpBench } from './tcp-bench.ts';

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));

/** Quiet on a closed network; root has no sandbox. */
const ARGUMENTS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** Narrowest telephone that is still sold, in CSS pixels. */
const NARROW = { width: 320, height: 640 };

/** Smallest target that a finger meets (WCAG 2.5.5), in CSS pixels. */
const FINGER = 44;

const METHODS: readonly (readonly [name: string, body: object, buttons: readonly string[]])[] = [
  ['3DS', { method: 'card', token: 'tok_3ds' }, ['Approve', 'Fail', 'Walk away', 'Attempted', 'Issuer unavailable']],
  ['wallet', { method: 'ewallet' }, ['Approve', 'Fail', 'Cancel', 'Walk away']],
  ['voucher', { method: 'voucher' }, ['Pay at the counter', 'Fail', 'Cancel', 'Walk away']],
];

describe('the payer’s pages, in a browser', function () {
  let browser: Browser;
  let bench: TcpBench;
  let shop = '';
  before(async function () {
    if (executablePath === undefined) {
      for (const test of this.test?.parent?.tests ?? [])
        Object.assign(test, { skipReason: 'no Chromium found; install it or set CHROMIUM to its path' });
      this.skip();
    }
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    bench = await openTcpBench();
    const door = await bench.network.listen({
      name: 'shop',
      listener: (_request, response) => {
        response.setHeader('content-type', 'text/html');
        response.end('<!doctype html><link rel="icon" href="data:,"><title>Shop</title>');
      },
    });
    shop = door.url;
  });
  after(async () => {
    await browser?.close();
    await bench?.close();
  });

  let orders = 0;
  async function pageUrl(body: object): Promise<string> {
    orders += 1;
    const reference = `order-${orders}-${'long'.repeat(25)}`;
    const answer = await bench.send(`${bench.simulator.psps[0]?.url}/payments`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk_acme_acme',
        'content-type': 'application/json',
        'idempotency-key': `key-${orders}`,
      },
      body: JSON.stringify({
        amount: '50.00',
        currency: 'EUR',
        reference,
        return_url: `${shop}/done`,
        ...body,
      }),
    });
    assert.equal(answer.status, 201, answer.text);
    return (JSON.parse(answer.text) as { redirect_url: string }).redirect_url;
  }

  async function open(url: string): Promise<{ page: Page; problems: string[] }> {
    const page = await browser.newPage({ viewport: NARROW });
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => problems.push(message.text()));
    page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (origin !== new URL(url).origin && origin !== shop) problems.push(request.url());
    });
    await page.goto(url);
    return { page, problems };
  }

  for (const [name, body, labels] of METHODS) {
    it(`${name}: named buttons, large enough for a finger, nothing beyond the edge, nothing loaded`, async () => {
      const { page, problems } = await open(await pageUrl(body));
      const buttons = page.getByRole('button');
      assert.deepEqual(await buttons.allInnerTexts(), labels);
      for (const button of await buttons.all()) {
        const box = await button.boundingBox();
        assert.ok(box !== null && box.height >= FINGER && box.x >= 0 && box.x + box.width <= NARROW.width);
      }
      assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth > document.documentElement.clientWidth',
      );
      assert.equal(overflow, false);
      assert.equal(await page.locator('html').getAttribute('lang'), 'en');
      assert.deepEqual(problems, []);
      await page.close();
    });

    it(`${name}: the payer pays with the keyboard alone and is back in the shop`, async () => {
      const { page } = await open(await pageUrl(body));
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate('document.activeElement.innerText'), labels[0]);
      await page.keyboard.press('Enter');
      await page.waitForURL(`${shop}/done**`);
      await page.close();
    });
  }

  it('says goodbye to who walks away, and shows a closed page with the way back', async () => {
    const url = await pageUrl({ method: 'card', token: 'tok_3ds' });
    const { page } = await open(url);
    await page.getByRole('button', { name: 'Walk away' }).click();
    await page.getByRole('heading', { name: 'You left' }).waitFor();
    await page.goto(url);
    await page.getByRole('link', { name: 'Go back to the shop' }).click();
    await page.waitForURL(`${shop}/done**`);
    await page.close();
  });
});
