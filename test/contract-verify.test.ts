/**
 * `assay contract verify` as a process: exit codes, what stands where, a Ctrl-C, and a sandbox that
 * tells all it was sent, whose secrets must be found nowhere.
 */
import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRealClock, createTcpNetwork, freePort } from '../kernel/index.ts';
import { assayIn, BIN, scratchFolder, type Finished } from './assay-psp-support.ts';

const CREDENTIALS = `credentials: { apiKey: { env: PARTNER_API_KEY }, webhookSecret: { env: PARTNER_WEBHOOK_SECRET } }`;

describe('assay contract verify', () => {
  const scratch = scratchFolder();
  const network = createTcpNetwork({ clock: createRealClock() });
  after(async () => {
    await network.close();
    scratch.remove();
  });

  const start = (args: string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams =>
    spawn(process.execPath, [BIN, 'contract', 'verify', ...args], {
      cwd: scratch.path,
      env: { ...process.env, ...env },
    });

  async function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
    const [exitCode] = (await once(child, 'close')) as [number | null];
    return { exitCode, out, err };
  }

  it('lists its checks without a call, for a person and as JSON', () => {
    const person = assayIn(scratch.path, ['contract', 'verify', '--target', 'simulator:stripe', '--list']);
    assert.equal(person.exitCode, 0, person.err);
    const program = assayIn(scratch.path, [
      ...['contract', 'verify', '--target', 'simulator:stripe', '--list', '--only', 'semantics.*', '--json'],
    ]);
    const { checks } = JSON.parse(program.out) as { checks: { id: string; why: string }[] };
    assert.ok(checks.length > 5);
    for (const { id, why } of checks) {
      assert.match(id, /^semantics\./);
      assert.ok(person.out.includes(`${id} `), id);
      assert.match(why, /\.$/);
    }
    assert.ok(!existsSync(join(scratch.path, 'runs')));
  });

  for (const [what, args, said] of [
    ['nothing to verify', [], /nothing to verify was named/],
    ['both a file and a target', ['--config', 'a.yaml', '--target', 'simulator:stripe'], /do not go together/],
    ['a file that is not there', ['--config', 'gone.yaml'], /there is no file gone\.yaml\n +Copy the example/],
    [
      'a target that there is none of',
      ['--target', 'simulator:strype'],
      /no target "simulator:strype"\n.*simulator:acme/,
    ],
    ['a check that there is none of', ['--target', 'simulator:acme', '--only', 'calls.pay'], /no check of this run/],
    ['an option that there is none of', ['--confg', 'a.yaml'], /unknown option.*\n.*--config/],
  ] as const) {
    it(`refuses ${what} with one sentence and 254`, () => {
      const { exitCode, out, err } = assayIn(scratch.path, ['contract', 'verify', ...args]);
      assert.match(err, said);
      assert.doesNotMatch(err, /^\s+at /m);
      assert.deepEqual([exitCode, out], [254, '']);
    });
  }

  it('ends on Ctrl-C with a report of what it has looked at, and 2', async () => {
    const child = start(['--target', 'simulator:acme', '--out', 'stopped']);
    const run = finished(child);
    let shown = '';
    child.stderr.on('data', (text: string) => {
      const before = shown.includes('calls.');
      shown += text;
      if (!before && shown.includes('calls.')) child.kill('SIGINT');
    });
    const { exitCode, out, err } = await run;
    assert.match(err, /stopped: what was not looked at/);
    assert.match(out, /\(a part of the checks\)/);
    assert.equal(exitCode, 2, err);
    const { partial, verdict } = JSON.parse(
      readFileSync(join(scratch.path, 'stopped', 'conformance.json'), 'utf8'),
    ) as {
      partial: boolean;
      verdict: string;
    };
    assert.deepEqual([partial, verdict], [true, 'unknown']);
  });

  it('shows no secret anywhere, though the sandbox repeats all that it is sent', async () => {
    const port = await freePort();
    const echo = await network.listen({
      name: 'echo',
      listener: (request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => {
          const all = { url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() };
          const id = `pi_${Buffer.from(request.headers.authorization ?? '').toString('base64')}`;
          const body = JSON.stringify({ id, type: 'echo', all, 'x-pad': 'x'.repeat(chunks.length * 37) });
          const headers = { 'content-type': 'application/json', cookie: request.headers.authorization ?? '' };
          void network
            .request({ method: 'POST', url: `http://127.0.0.1:${port}/`, headers, body, timeoutMs: 5_000 })
            .catch(() => undefined)
            .then(() => response.writeHead(request.url === '/' ? 404 : 402, headers).end(body));
        });
      },
    });
    for (const [index, secret] of [
      'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
      `q"uo'te\\+/&=% <é>${'z'.repeat(20)}`,
    ].entries()) {
      // A header holds no é.
      const apiKey = secret.replaceAll(/[^\x20-\x7e]/g, 'e');
      const webhookSecret = `whsec_${secret}`;
      const file = join(scratch.path, 'partner.yaml');
      writeFileSync(
        file,
        `partner: Echo\ndialect: stripe\nbase_url: ${echo.url}\n${CREDENTIALS}\npatience_seconds: 0\n` +
          `webhooks: { source: receive, listen: '127.0.0.1:${port}', wait_seconds: 0, retry_wait_seconds: 0 }\n`,
      );
      const out = `echo-${index}`;
      const env = { PARTNER_API_KEY: apiKey, PARTNER_WEBHOOK_SECRET: webhookSecret };
      const run = await finished(start(['--config', file, '--out', out, '--json'], env));
      assert.equal(run.exitCode, 1, run.err);
      assert.equal(run.out.trim().split('\n').length, 1);
      assert.match(run.err, /HIDDEN/);
      const folder = join(scratch.path, out);
      const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
        statSync(join(folder, name)).isFile(),
      );
      assert.ok(files.includes('report.html') && files.some((name) => name.startsWith('webhooks')), files.join());
      const texts = [run.out, run.err, ...files.map((name) => readFileSync(join(folder, name), 'utf8'))];
      for (const each of [apiKey, webhookSecret]) {
        const escaped = each
          .replaceAll('&', '&amp;')
          .replaceAll('<', '&lt;')
          .replaceAll('>', '&gt;')
          .replaceAll('"', '&quot;');
        const spellings = [each, escaped, JSON.stringify(each).slice(1, -1), encodeURIComponent(each)];
        const encoded = Buffer.from(each).toString('base64').replace(/=+$/, '');
        for (const text of texts)
          for (const spelling of [...spellings, encoded]) assert.ok(!text.includes(spelling), text.slice(0, 400));
      }
    }
    await echo.close(0);
  });
});
