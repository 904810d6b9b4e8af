/**
 * The README tells the truth: its snippets marked `<!-- run -->` are executed as they stand,
 * every verb and option it shows exists, every link leads somewhere, and its exit codes are
 * those of the command line.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';

const root = projectRoot();
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** Commands of the code blocks, one per line; `marked` for those right below the mark. */
function commands(): { line: string; marked: boolean }[] {
  return [...readme.matchAll(/(<!-- run -->\n)?```sh\n(.*?)```/gs)].flatMap(([, mark, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== '')
      .map((line) => ({ line, marked: mark !== undefined })),
  );
}

function run(line: string): { exitCode: number | null; text: string } {
  const [program = '', ...args] = line.split(' ');
  assert.equal(program, 'node', `only assay itself is executed here, not: ${line}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  return { exitCode: status, text: stdout + stderr };
}

describe('README', () => {
  it('has snippets to execute', () => {
    assert.ok(commands().filter(({ marked }) => marked).length >= 3);
  });

  for (const { line } of commands().filter(({ marked }) => marked)) {
    it(`\`${line}\` works`, () => {
      const { exitCode, text } = run(line);
      assert.equal(exitCode, 0, text);
    });
  }

  it('shows only verbs and options that exist', () => {
    for (const { line } of commands()) {
      const [, verb, rest = ''] = /^node bin\/assay\.js (\S+)(.*)$/.exec(line) ?? [];
      if (verb === undefined) continue;
      const { exitCode, text } = run(`node bin/assay.js ${verb} --help`);
      assert.equal(exitCode, 0, `${line}: ${text}`);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) assert.ok(text.includes(option), `${verb} has no ${option}`);
    }
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    assert.match(readme, /npm ci && npm start/);
    assert.match(readme, /npm ci && npm test/);
    assert.ok(scripts['start'] !== undefined && scripts['test'] !== undefined);
  });

  it('links to files that exist', () => {
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = '']) => target);
    assert.deepEqual(
      targets.filter((target) => !existsSync(join(root, target))),
      [],
    );
  });

  it('lists the exit codes that the help lists', () => {
    const { text } = run('node bin/assay.js --help');
    const inReadme = [...readme.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, code, meaning]) => `${code} ${meaning}`);
    const inHelp = [...text.matchAll(/^ {2}(\d+) +(.*)$/gm)].map(([, code, meaning]) => `${code} ${meaning}`);
    assert.ok(inHelp.length > 0);
    assert.deepEqual(inReadme, inHelp);
  });

  it('and the architecture page name files and folders that exist', () => {
    const architecture = readFileSync(join(root, 'docs', 'ARCHITECTURE.md'), 'utf8');
    const named = [...`${readme}${architecture}`.matchAll(/`([a-z-]+\/[A-Za-z0-9/.-]*)`/g)].map(
      ([, path = '']) => path,
    );
    assert.ok(named.length > 20);
    assert.deepEqual(
      named.filter((path) => !path.startsWith('runs/') && !existsSync(join(root, path))),
      [],
    );
  });
});
