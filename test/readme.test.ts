/**
 * The README tells the truth: its snippets marked `<!-- run -->` are executed as they stand,
 * every verb and option it shows exists, every link leads somewhere, and its exit codes are
 * those of the command line.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { runSnippet, snippetsAreTrue, snippetsOf } from './snippets.ts';

const root = projectRoot();
const readme = readFileSync(join(root, 'README.md'), 'utf8');

describe('README', () => {
  it('has snippets to execute', () => {
    assert.ok(snippetsOf('README.md').filter(({ ends }) => ends !== undefined).length >= 3);
  });

  snippetsAreTrue('README.md');

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    assert.match(readme, /npm ci && npm start/);
    assert.match(readme, /npm ci && npm test/);
    assert.ok(scripts['start'] !== undefined && scripts['test'] !== undefined);
  });

  it('lists the exit codes that the help lists', () => {
    const { text } = runSnippet('node bin/assay.js --help');
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
