/**
 * What pages show to be typed: the commands of their `sh` blocks, and which of them are executed as
 * they stand. A block right below `<!-- run -->` is executed and ends with 0, below
 * `<!-- run: 1 -->` with 1; of the others the verbs and options must exist.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';

export interface Snippet {
  line: string;
  /** The exit code with which it must end; undefined where it is not executed. */
  ends?: number;
}

/** @param page a path from the project's root */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(projectRoot(), page), 'utf8');
  const blocks = text.matchAll(/(?:<!-- run(?:: (\d+))? -->\n\n?)?```sh\n(.*?)```/gs);
  return [...blocks].flatMap(([whole, code = '0', block = '']) =>
    block
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, '').trim())
      .filter((line) => line !== '')
      .map((line) => ({ line, ...(whole.startsWith('<!-- run') ? { ends: Number(code) } : {}) })),
  );
}

export function runSnippet(line: string, more: readonly string[] = []): { exitCode: number | null; text: string } {
  const [program = '', ...args] = line.split(' ');
  assert.equal(program, 'node', `only assay itself is executed here, not: ${line}`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, ...more], {
    cwd: projectRoot(),
    encoding: 'utf8',
  });
  return { exitCode: status, text: stdout + stderr };
}

/** Executes what is marked, and asks the help about the verbs and options of the rest. */
export function snippetsAreTrue(page: string, more: (line: string) => readonly string[] = () => []): void {
  const snippets = snippetsOf(page);
  for (const { line, ends } of snippets) {
    if (ends === undefined) continue;
    it(`\`${line}\` ends with ${ends}`, () => {
      const { exitCode, text } = runSnippet(line, more(line));
      assert.equal(exitCode, ends, text);
    });
  }

  it('shows only verbs and options that exist', () => {
    const helps = new Map<string, string>();
    for (const { line } of snippets) {
      const [, verb, rest = ''] = /\b(?:node bin\/assay\.js|assay) ([a-z]+)\b(.*)$/.exec(line) ?? [];
      if (verb === undefined) continue;
      const { exitCode, text } = helps.has(verb)
        ? { exitCode: 0, text: helps.get(verb) ?? '' }
        : runSnippet(`node bin/assay.js ${verb} --help`);
      assert.equal(exitCode, 0, `${line}: ${text}`);
      helps.set(verb, text);
      for (const [option] of rest.matchAll(/--[a-z-]+/g)) assert.ok(text.includes(option), `${verb} has no ${option}`);
    }
  });

  it('links to files that exist', () => {
    const text = readFileSync(join(projectRoot(), page), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    assert.deepEqual(
      targets.filter((target) => !existsSync(join(projectRoot(), dirname(page), target))),
      [],
    );
  });
}
