/**
 * The package as its users get it: `npm pack`, installed into an empty folder, must run there
 * without the checkout. Packages come from npm's own cache where it has them.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, projectRoot } from '../kernel/index.ts';
import { assayIn, scratchFolder, startPsps, type Finished } from './assay-psp-support.ts';

/** An installation writes some hundred megabytes. */
const INSTALL_MS = 300_000;

function npm(cwd: string, ...args: string[]): Finished {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8' });
  return { exitCode: status, out: stdout, err: stderr };
}

describe('the packed tarball', () => {
  const scratch = scratchFolder();
  const app = join(scratch.path, 'app');
  const assay = join(app, 'node_modules', '.bin', 'assay');
  const packed = join(app, 'node_modules', 'assay');

  before(function () {
    this.timeout(INSTALL_MS);
    mkdirSync(app);
    // Builds what is not built; the pack itself runs no script.
    assert.equal(assayIn(app, ['--version']).exitCode, 0);
    const pack = npm(projectRoot(), 'pack', '--ignore-scripts', '--pack-destination', scratch.path);
    assert.equal(pack.exitCode, 0, pack.err);
    const tarball = readdirSync(scratch.path).find((file) => file.endsWith('.tgz')) ?? '';
    const quiet = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund'];
    const install = npm(app, 'install', ...quiet, join(scratch.path, tarball));
    assert.equal(install.exitCode, 0, install.err);
  });
  after(() => scratch.remove());

  it('holds what runs and what explains it, and neither tests nor sources of the checkout', () => {
    for (const file of [
      'bin/assay.js',
      'dist/.build.json',
      'docs/FAULTS.md',
      'examples/node-express/target.yaml',
      'scenarios/library/happy-day.yaml',
    ])
      assert.ok(existsSync(join(packed, file)), file);
    const files = readdirSync(packed, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      files.filter((file) =>
        /\.test\.|(^|\/)\.tsbuildinfo$|(^|\/)node_modules\/|(^|\/)(runs|\.assay)(\/|$)/.test(file),
      ),
      [],
    );
  });

  it('runs a scenario of its library, into the folder where it stands', () => {
    const { status, stdout, stderr } = spawnSync('npx', ['assay', 'run', 'happy-day', '--seed', '7', '--json'], {
      cwd: app,
      encoding: 'utf8',
    });
    assert.equal(status, 0, stderr);
    const { runs } = JSON.parse(stdout) as { runs: { verdict: string; runDir: string }[] };
    assert.equal(runs[0]?.verdict, 'pass');
    const { runDir = '' } = runs[0] ?? {};
    assert.ok(resolve(app, runDir).startsWith(join(app, 'runs')), runDir);
    assert.match(readFileSync(resolve(app, runDir, 'report.html'), 'utf8'), /<html/);
  });

  it("verifies a simulated PSP as contracts/PARTNERS.md says, and then somebody's sandbox", async () => {
    const verify = (...args: string[]): Finished => {
      const { status, stdout, stderr } = spawnSync('npx', ['assay', 'contract', 'verify', ...args, '--json'], {
        cwd: app,
        encoding: 'utf8',
        env: { ...process.env, ...secrets },
      });
      return { exitCode: status, out: stdout, err: stderr };
    };
    let secrets: Record<string, string> = {};
    const green = verify('--target', 'simulator:stripe');
    assert.equal(green.exitCode, 0, green.err);
    assert.ok(existsSync(join(app, 'runs', 'contract', 'conformance.json')));

    // Their sandbox, which delivers to the address that partner.yaml listens on.
    const listen = `127.0.0.1:${await freePort()}`;
    const hooks = ['--webhook-url', `http://${listen}/{psp}`];
    const running = await startPsps(app, ['--any-port', '--psp', 'stripe', ...hooks], [assay]);
    const [psp] = running.started.psps;
    const { apiKey = '', webhookSecret = '' } = psp?.credentials ?? {};
    secrets = { PARTNER_API_KEY: apiKey, PARTNER_WEBHOOK_SECRET: webhookSecret };
    const page = readFileSync(join(packed, 'contracts', 'PARTNERS.md'), 'utf8');
    const example = /```yaml\n([^]*?)```/.exec(page)?.[1] ?? '';
    writeFileSync(
      join(app, 'partner.yaml'),
      example.replace('https://sandbox.psp.example', psp?.url ?? '').replace('127.0.0.1:8787', listen),
    );
    const theirs = verify('--config', 'partner.yaml', '--only', 'preflight.*', '--only', 'webhooks.signature');
    assert.equal(theirs.exitCode, 0, theirs.err);
    const { counts } = JSON.parse(theirs.out) as { counts: Record<string, number> };
    assert.equal(counts['pass'], 5);
    assert.equal(await running.stop(), 0);
  });

  it('runs the PSPs, and connects an SDK by the preload that it ships', async () => {
    const running = await startPsps(app, ['--any-port'], [assay]);
    const mollie = running.started.psps.find(({ name }) => name === 'mollie');
    const { ca } = running.started;
    assert.equal(ca, join(app, '.assay', 'ca', 'ca.pem'));
    const script = `const { createMollieClient } = require('@mollie/api-client');
      createMollieClient({ apiKey: '${mollie?.credentials['apiKey']}',
        apiEndpoint: '${mollie?.https?.replace('127.0.0.1', 'localhost')}/v2/' })
      .payments.create({ amount: { currency: 'EUR', value: '10.00' }, description: 'order-1',
        redirectUrl: 'http://localhost/return' }).then((payment) => console.log(payment.status));`;
    const preload = join(packed, 'psp-simulator', 'reach', 'trust-ca.cjs');
    // The SDK is the merchant's, not the package's: it is found from the checkout here.
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: projectRoot(),
      encoding: 'utf8',
      env: { ...process.env, NODE_EXTRA_CA_CERTS: ca ?? '', NODE_OPTIONS: `--require ${preload}` },
    });
    assert.equal(stdout, 'open\n', stderr);
    assert.equal(await running.stop(), 0);
  });
});
