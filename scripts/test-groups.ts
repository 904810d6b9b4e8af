/**
 * Which test files run in one mocha process. Every file that ends in `.test.ts` is in exactly one
 * group: the first whose pattern fits, and the last takes what no other does, so a new folder is
 * never forgotten. The slowest groups come first, which keeps two lanes busy to the end.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface TestGroup {
  name: string;
  files: string[];
}

const GROUPS: readonly { name: string; fits: RegExp }[] = [
  { name: 'reconciliation with seven PSPs', fits: /^test\/reconciliation/ },
  { name: 'scenarios over HTTP', fits: /^scenarios\/test\/http/ },
  { name: 'scenarios in virtual time', fits: /^scenarios\/test\// },
  { name: 'flows of the service', fits: /^reference-service\/test\// },
  { name: 'the whole product', fits: /^test\// },
  { name: 'flows of the simulator', fits: /^psp-simulator\/test\// },
  { name: 'dialects', fits: /^psp-simulator\/dialects\// },
  { name: 'adapters of the service', fits: /^reference-service\/adapters\// },
  { name: 'everything else', fits: /./ },
];

/** Folders in which nobody looks for tests. */
const NOT_OURS = new Set(['node_modules', 'dist', 'runs']);

/** All groups with at least one file; paths are relative to `root`, in alphabetical order. */
export function testGroups(root: string): TestGroup[] {
  const files = testFiles(root, '');
  const groupOf = (file: string): string => GROUPS.find(({ fits }) => fits.test(file))?.name ?? '';
  return GROUPS.map(({ name }) => ({ name, files: files.filter((file) => groupOf(file) === name) })).filter(
    (group) => group.files.length > 0,
  );
}

function testFiles(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !NOT_OURS.has(name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return testFiles(root, path);
      return entry.name.endsWith('.test.ts') ? [path] : [];
    });
}
