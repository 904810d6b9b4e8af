#!/usr/bin/env node
/**
 * The entry of the command line: plain JavaScript, so that it starts without any compiler.
 * It runs the compiled sources in `dist/`; in a checkout it first rebuilds them when a source
 * is newer than the build. It knows no verb: those live in `cli/`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, 'dist', '.build.json');
const sourceFolders = [
  'kernel',
  'psp-simulator',
  'reference-service',
  'scenarios',
  'contracts',
  'cli',
  'openapi/generated',
  'load',
];

function fail(exitCode, sentence) {
  process.stderr.write(`assay: ${sentence}\n`);
  process.exit(exitCode);
}

/** The first source file that is newer than the build, or undefined. */
function newerThanBuild() {
  const builtAt = statSync(stamp).mtimeMs;
  const isNewer = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        const found = entry.name === 'test' ? undefined : isNewer(path);
        if (found) return found;
      } else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') && statSync(path).mtimeMs > builtAt) {
        return path;
      }
    }
    return undefined;
  };
  for (const folder of sourceFolders) {
    const found = existsSync(join(root, folder)) ? isNewer(join(root, folder)) : undefined;
    if (found) return found;
  }
  return undefined;
}

function build(reason) {
  process.stderr.write(`assay: ${reason}, building…\n`);
  const run = spawnSync(process.execPath, ['--import', 'tsx', join(root, 'scripts', 'build.ts')], {
    cwd: root,
    encoding: 'utf8',
  });
  if (!existsSync(stamp))
    fail(255, `the build failed; run \`npm run build\` to see why. ${run.stderr.trim().split('\n').at(-1) ?? ''}`);
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    254,
    `Node ${process.versions.node} is too old; Assay needs 20.19 or newer. Install a newer Node and run it again.`,
  );
}
module.enableCompileCache?.();

const canBuild = existsSync(join(root, 'tsconfig.build.json')) && existsSync(join(root, 'node_modules', 'typescript'));
if (!existsSync(stamp)) {
  if (!canBuild) fail(254, 'not built yet; run `npm ci` in the project folder first.');
  build('not built yet');
} else if (canBuild) {
  const newer = newerThanBuild();
  if (newer) build(`${newer.slice(root.length + 1)} is newer than the build`);
}
const { errors } = JSON.parse(readFileSync(stamp, 'utf8'));
if (errors > 0)
  process.stderr.write(
    `assay: this build has ${errors} type error(s), see \`npm run typecheck\`; running it all the same\n`,
  );

// A reader that closes early (`assay … | head`) is no error.
process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 255));
const { main } = await import(pathToFileURL(join(root, 'dist', 'cli', 'assay.js')).href);
const exitCode = await main(process.argv.slice(2));
process.stdout.write('', () => process.exit(exitCode));
