/**
 * `npm run new-dialect` in a copy of the project: what it makes passes the conformance suite and
 * its own tests before a line of it is changed, and what it refuses leaves no trace.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, resolveConfig } from 'prettier';
import { projectRoot, UserError } from '../kernel/index.ts';
import { dialectFromTemplate } from './dialect-from-template.ts';

/** What the script and the simulator's tests need of the project. */
const PARTS = [
  'package.json',
  'tsconfig.json',
  '.prettierrc.json',
  'kernel',
  'openapi',
  'psp-simulator',
  'scripts/new-dialect.ts',
  'scripts/dialect-from-template.ts',
];

interface MochaReport {
  stats: { passes: number; failures: number };
  failures: { fullTitle: string; err: { message: string } }[];
}

describe('npm run new-dialect', () => {
  let root = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'assay-new-dialect-'));
    for (const part of PARTS) cpSync(join(projectRoot(), part), join(root, part), { recursive: true });
    symlinkSync(join(projectRoot(), 'node_modules'), join(root, 'node_modules'));
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const node = (...args: string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', ...args], { cwd: root, encoding: 'utf8' });
  const newDialect = (...names: string[]) => node('scripts/new-dialect.ts', ...names);
  const dialects = (): string[] => readdirSync(join(root, 'psp-simulator', 'dialects'));
  const register = (): string => readFileSync(join(root, 'psp-simulator', 'dialects', 'index.ts'), 'utf8');

  function mocha(...args: string[]): MochaReport {
    const { stdout, stderr } = node(join('node_modules', 'mocha', 'bin', 'mocha.js'), '--reporter', 'json', ...args);
    const begin = stdout.indexOf('{\n  "stats"');
    assert.ok(begin >= 0, stdout + stderr);
    return JSON.parse(stdout.slice(begin)) as MochaReport;
  }

  it('makes a dialect that passes the conformance suite and its own tests', () => {
    const made = newDialect('north-bank');
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /psp-simulator\/dialects\/north-bank\/index\.ts\n/);
    assert.match(made.stdout, /-g 'conformance of north-bank'/);
    assert.match(register(), /import \{ northBank \} from '.\/north-bank\/index.ts';\nimport \{ openBanking \}/);
    assert.match(register(), / {2}\[northBank\.name\]: northBank,\n\};/);

    const conformance = mocha('psp-simulator/test/conformance.test.ts', '-g', 'conformance of north-bank');
    assert.deepEqual(
      conformance.failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`),
      [],
    );
    assert.ok(conformance.stats.passes >= 35, `only ${conformance.stats.passes} checks ran`);
    const own = mocha('psp-simulator/dialects/north-bank/*.test.ts');
    assert.deepEqual([own.stats.failures, own.stats.passes > 0], [0, true]);
  });

  it('leaves nothing of the template in what it made, and formats it', async () => {
    const folder = join(root, 'psp-simulator', 'dialects', 'north-bank');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('.'));
    assert.deepEqual(
      files.sort(),
      readdirSync(join(root, 'psp-simulator', 'dialects', '_template'), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.includes('.'))
        .sort(),
    );
    for (const path of files) {
      const filepath = join(folder, path);
      const text = readFileSync(filepath, 'utf8');
      assert.doesNotMatch(text, /example.?bank/i, path);
      assert.ok(await check(text, { ...(await resolveConfig(filepath)), filepath }), `${path} is not formatted`);
    }
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['capital letters', 'NorthBank', /cannot be the name of a dialect/],
    ['a path', '../bank', /cannot be the name of a dialect/],
    ['a digit at the beginning', '3pay', /cannot be the name of a dialect/],
    ['a hyphen at the end', 'bank-', /cannot be the name of a dialect/],
    ['a name that is too long', 'b'.repeat(33), /cannot be the name of a dialect/],
    ['a word of the language', 'switch', /is a word of JavaScript/],
    ['the name of another dialect', 'stripe', /there is a "stripe"/],
    ['the name of a file beside the dialects', 'profile', /there is a "profile"/],
    ["the template's own name", 'example-bank', /there is a "example-bank"/],
  ];
  for (const [what, name, message] of refused) {
    it(`refuses ${what} and writes nothing`, async () => {
      const before = [dialects(), register()];
      await assert.rejects(
        dialectFromTemplate(root, name),
        (error) => error instanceof UserError && message.test(error.message),
      );
      assert.deepEqual([dialects(), register()], before);
    });
  }

  it('says no in one line, with the exit code of wrong usage', () => {
    for (const names of [[], ['one', 'two'], ['stripe']]) {
      const { status, stdout, stderr } = newDialect(...names);
      assert.deepEqual([status, stdout], [254, '']);
      assert.equal(stderr.trimEnd().split('\n').length, 1, stderr);
    }
  });

  it('does not touch the project itself', () => {
    assert.ok(!existsSync(join(projectRoot(), 'psp-simulator', 'dialects', 'north-bank')));
  });
});
