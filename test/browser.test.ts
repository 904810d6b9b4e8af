/**
 * What a person sees, in a real browser: the cardholder's 3DS page pays a deposit of the whole
 * stack, and the report of a run opens as one file, without the network and without errors.
 * Skipped, with its reason, where no Chromium is installed.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { projectRoot } from '../kernel/index.ts';

const BIN = join(projectRoot(), 'bin', 'assay.js');

const PLACES = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));

/** Quiet on a closed network; root has no sandbox. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

interface Up {
  service: { url: string; apiKey: string };
}

describe('in a browser', function () {
  // A browser, a database and the whole stack have to start first.

  let browser: Browser;
  let folder = '';
  let up: ChildProcessWithoutNullStreams | undefined;

  before(async function () {
    if (executablePath === undefined) {
      for (const test of this.test?.parent?.tests ?? [])
        Object.assign(test, { skipReason: 'no Chromium found; install it or set CHROMIUM to its path' });
      this.skip();
    }
    folder = mkdtempSync(join(tmpdir(), 'assay-browser-'));
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  });
  after(async () => {
    await browser?.close();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
    if (up !== undefined && up.exitCode === null) {
      const gone = once(up, 'exit');
      up.kill('SIGTERM');
      await gone;
    }
  });

  async function startUp(): Promise<Up> {
    up = spawn(process.execPath, [BIN, 'up', '--json', '--any-port'], { cwd: projectRoot() });
    let out = '';
    up.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    while (!out.includes('\n')) await once(up.stdout, 'data');
    return JSON.parse(out) as Up;
  }

  it('the cardholder approves on the 3DS page, comes back to the shop, and the wallet is credited', async () => {
    const { service } = await startUp();
    const authorization = `Bearer ${service.apiKey}`;
    const read = async (path: string): Promise<Record<string, string>> =>
      (await (await fetch(`${service.url}${path}`, { headers: { authorization } })).json()) as Record<string, string>;

    for (const psp of ['acme', 'stripe', 'adyen']) {
      const answer = await fetch(`${service.url}/v1/payments/init`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', 'idempotency-key': `browser-${psp}` },
        body: JSON.stringify({
          amount: '50.00',
          currency: 'EUR',
          method: 'card',
          payment_token: 'card_3ds',
          return_url: 'http://shop.test/done',
          player_id: `player-${psp}`,
          meta: { psp },
        }),
      });
      const { payment_id, redirect_url } = (await answer.json()) as { payment_id: string; redirect_url: string };
      assert.equal(answer.status, 201);

      const page = await browser.newPage();
      await page.route('http://shop.test/**', (route) =>
        route.fulfill({ contentType: 'text/html', body: '<title>Shop</title>' }),
      );
      await page.goto(redirect_url);
      await page.getByRole('button', { name: 'Approve' }).click();
      await page.waitForURL('http://shop.test/done**');
      await page.close();

      const { status } = await read(`/v1/payments/${payment_id}?wait=20`);
      assert.equal(status, 'succeeded', psp);
      const wallet = await read(`/v1/wallets/player-${psp}`);
      assert.match(JSON.stringify(wallet), /"50\.00"/);
    }
  });

  it('the report of a run is one file that says the verdict first and needs no network', async () => {
    const run = spawnSync(
      process.execPath,
      [BIN, 'run', 'commit-then-timeout', '--seed', '7', '--out', folder, '--json'],
      {
        cwd: projectRoot(),
        encoding: 'utf8',
      },
    );
    const { runs } = JSON.parse(run.stdout) as { runs: { runDir: string; verdict: string; replay: string }[] };
    const [only] = runs;
    assert.ok(only !== undefined, run.stderr);

    const page = await browser.newPage();
    const errors: string[] = [];
    const requests: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    const url = pathToFileURL(join(only.runDir, 'report.html')).href;
    await page.goto(url);
    const headline = await page.getByRole('heading', { level: 1 }).innerText();
    const text = await page.locator('body').innerText();
    await page.close();

    assert.deepEqual(errors, []);
    assert.deepEqual(
      requests.filter((request) => request !== url && !request.startsWith('data:')),
      [],
    );
    assert.match(`${headline}\n${text.slice(0, 400)}`, /pass|violated|inconclusive/i);
    assert.ok(text.includes('--seed 7'), 'the report shows how to repeat the run');
  });
});
