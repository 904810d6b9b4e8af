/**
 * Compiles the sources to `dist/` (same layout) and leaves a stamp, `dist/.build.json`, by
 * which `bin/assay.js` sees that a source is newer than the build. Outputs whose source is
 * gone are removed, so that a renamed file cannot live on in `dist/`.
 *
 * Type errors do not stop the output (the stamp counts them and the exit code is 1): a person
 * in the middle of an edit can still run the rest.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

/** Every compiled file below `dist/`, as a path relative to it. */
function compiledFiles(): string[] {
  if (!existsSync(dist)) return [];
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => relative(dist, join(entry.parentPath, entry.name)));
}

function removeOrphans(): void {
  for (const file of compiledFiles()) {
    if (!existsSync(join(root, file.replace(/\.js$/, '.ts')))) rmSync(join(dist, file));
  }
}

function compile(): { errors: number; text: string } {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const run = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.build.json'), '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  });
  const text = run.stdout + run.stderr;
  const errors = text.split('\n').filter((line) => /\berror TS\d+:/.test(line)).length;
  return { errors: run.status === 0 ? 0 : Math.max(errors, 1), text };
}

mkdirSync(dist, { recursive: true });
removeOrphans();
// tsc trusts its incremental record: without any output the record would make it emit nothing.
if (compiledFiles().length === 0) rmSync(join(dist, '.tsbuildinfo'), { force: true });
const { errors, text } = compile();
writeFileSync(join(dist, '.build.json'), `${JSON.stringify({ errors })}\n`);
if (errors > 0) {
  process.stderr.write(text);
  process.stderr.write(`build: ${errors} type error${errors === 1 ? '' : 's'}; see \`npm run typecheck\`\n`);
  process.exitCode = 1;
}
