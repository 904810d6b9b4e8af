/**
 * The command line as a person meets it: the real process, its streams and exit codes. Wrong
 * input gets one clear sentence with the next step, never a stack.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';

const BIN = join(projectRoot(), 'bin', 'assay.js');
const VERBS = ['run', 'up', 'psp', 'replay', 'check', 'mutants', 'load'];

interface Finished {
  exitCode: number | null;
  out: string;
  err: string;
}

function assay(args: string[], env: Record<string, string> = {}): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: projectRoot(),
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { exitCode: status, out: stdout, err: stderr };
}

/** A refusal: exit code, the sentence, the next step, and nothing that looks like a stack. */
function assertRefused(run: Finished, exitCode: number, sentence: RegExp, advice: RegExp): void {
  assert.match(run.err, sentence);
  assert.match(run.err, advice);
  assert.doesNotMatch(run.err, /^\s+at /m, 'a stack trace');
  assert.equal(run.out, '');
  assert.equal(run.exitCode, exitCode);
}

describe('assay', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'assay-cli-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('lists every verb and exit code in its help', () => {
    const { out, exitCode } = assay(['--help']);
    for (const verb of VERBS) assert.match(out, new RegExp(`^ {2}${verb} `, 'm'));
    for (const code of [0, 1, 2, 3, 99, 254, 255]) assert.match(out, new RegExp(`^ {2}${code} `, 'm'));
    assert.equal(exitCode, 0);
  });

  for (const verb of VERBS) {
    it(`shows how to use ${verb}, with an example`, () => {
      const { out, exitCode } = assay([verb, '--help']);
      assert.match(out, new RegExp(`Usage: assay ${verb}`));
      assert.match(out, /Examples?:/);
      assert.match(out, /--json/);
      assert.equal(exitCode, 0);
      assert.equal(assay(['help', verb]).out, out);
    });
  }

  it('refuses an unknown verb', () => {
    assertRefused(assay(['rnu']), 254, /unknown verb "rnu"/, /Did you mean run\?/);
  });

  it('refuses an unknown option', () => {
    assertRefused(assay(['run', '--sead', '7']), 254, /unknown option '--sead'/, /--seed.*assay run --help/);
  });

  it('refuses an option without its value', () => {
    assertRefused(assay(['run', '--seed']), 254, /--seed <seed>.*argument missing/, /assay run --help/);
  });

  it('refuses an unknown driver', () => {
    assertRefused(assay(['run', '--driver', 'virtal']), 254, /unknown driver "virtal"/, /Did you mean virtual\?/);
  });

  it('refuses an unknown dialect', () => {
    assertRefused(
      assay(['psp', '--psp', 'strype']),
      254,
      /unknown dialect "strype"/,
      /Did you mean stripe\?.*acme, stripe, adyen/,
    );
  });

  it('refuses a scenario that does not exist, and names the nearest', () => {
    assertRefused(
      assay(['run', 'happy-days']),
      254,
      /no scenario file or name "happy-days"/,
      /Did you mean happy-day\?/,
    );
  });

  it('refuses a broken scenario file with its line', () => {
    const file = join(folder, 'broken.yaml');
    const library = readFileSync(join(projectRoot(), 'scenarios', 'library', 'happy-day.yaml'), 'utf8');
    writeFileSync(
      file,
      library.replace('name: happy-day', 'name: broken').replace('dialect: stripe', 'dialect: strpie'),
    );
    assertRefused(assay(['run', file]), 254, /broken\.yaml:\d+:\d+: .*strpie/, /stripe/);
  });

  it('refuses a taken port', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    try {
      const run = assay(['psp', '--psp', `stripe:${port}`, '--control-port', '0', '--proxy-port', 'off']);
      assertRefused(run, 254, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`), /--psp <dialect>:<port>/);
      const stack = assay(['up', '--port', String(port)]);
      assertRefused(stack, 254, new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`), /--port <port>/);
    } finally {
      holder.close();
    }
  });

  it('refuses an unreachable database without showing its password', () => {
    const run = assay(['run', 'happy-day', '--driver', 'http'], { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/x' });
    assertRefused(run, 254, /127\.0\.0\.1:1/, /DATABASE_URL/);
    assert.doesNotMatch(run.err, /secret/);
  });

  it('refuses a run directory that is none', () => {
    assertRefused(assay(['check', folder]), 254, /is no run directory/, /assay run/);
  });

  it('puts an error into the one JSON object with --json', () => {
    const { out, exitCode } = assay(['rnu', '--json']);
    const { error, advice, exitCode: inObject } = JSON.parse(out) as Record<string, unknown>;
    assert.match(String(error), /unknown verb/);
    assert.match(String(advice), /Did you mean run/);
    assert.equal(inObject, 254);
    assert.equal(exitCode, 254);
  });

  it('runs one scenario and answers with one JSON object', () => {
    const { out, err, exitCode } = assay(['run', 'happy-day', '--seed', '7', '--json', '--out', folder]);
    const { runs, exitCode: inObject } = JSON.parse(out) as { runs: Record<string, unknown>[]; exitCode: number };
    assert.equal(exitCode, 0, err);
    assert.equal(inObject, 0);
    assert.equal(runs.length, 1);
    assert.deepEqual(
      { scenario: runs[0]?.['scenario'], verdict: runs[0]?.['verdict'], seed: runs[0]?.['seed'] },
      { scenario: 'happy-day', verdict: 'pass', seed: '7' },
    );
    assert.match(String(runs[0]?.['fingerprint']), /^[0-9a-f]{64}$/);
    const checked = assay(['check', String(runs[0]?.['runDir'])]);
    assert.equal(checked.exitCode, 0, checked.err);
    const replayed = assay(['replay', String(runs[0]?.['runDir']), '--json']);
    assert.equal(replayed.exitCode, 0, replayed.err);
  });

  describe('psp', () => {
    let child: ChildProcessWithoutNullStreams | undefined;
    afterEach(() => {
      child?.kill('SIGKILL');
      child = undefined;
    });

    it('starts one PSP per choice, says where, and stops cleanly on Ctrl-C', async () => {
      child = spawn(
        process.execPath,
        [BIN, 'psp', '--psp', 'stripe:0', '--psp', 'eu=adyen:0', '--control-port', '0', '--proxy-port', '0', '--json'],
        { cwd: projectRoot() },
      );
      let out = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
      while (!out.endsWith('}\n')) await once(child.stdout, 'data');
      const { control, psps } = JSON.parse(out) as {
        control: string;
        psps: { name: string; dialect: string; url: string }[];
      };
      assert.deepEqual(
        psps.map(({ name, dialect }) => [name, dialect]),
        [
          ['stripe', 'stripe'],
          ['eu', 'adyen'],
        ],
      );
      const listed = (await (await fetch(`${control}/v1/psps`)).json()) as { name: string }[];
      assert.deepEqual(
        listed.map(({ name }) => name),
        ['stripe', 'eu'],
      );
      child.kill('SIGINT');
      const [exitCode] = (await once(child, 'exit')) as [number | null];
      assert.equal(exitCode, 0);
    });
  });
});
