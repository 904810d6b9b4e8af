import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { libraryScenarios, scenarioSchema } from './index.ts';

describe('the README of the scenarios', () => {
  const readme = readFileSync(join(projectRoot(), 'scenarios', 'README.md'), 'utf8');

  it('lists exactly the scenarios of the library with their titles', () => {
    const table = readme.slice(readme.indexOf('## The library'), readme.indexOf('## What it does not do'));
    const listed = [...table.matchAll(/^\| `([a-z0-9-]+)` \| (.+?)(?: \((?:http|virtual) only\))? \|$/gm)].map(
      (row) => `${row[1]}: ${row[2]}`,
    );
    assert.deepEqual(
      listed,
      libraryScenarios().map(({ scenario }) => `${scenario.name}: ${scenario.title}`),
    );
  });

  it('names every field of the file format', () => {
    const schema = scenarioSchema() as { properties: object; $defs: Record<string, { properties?: object }> };
    const parts = [
      schema,
      ...['deposits', 'payouts', 'refunds', 'fault', 'client', 'psp'].map((name) => schema.$defs[name]),
    ];
    const fields = new Set(parts.flatMap((part) => Object.keys(part?.properties ?? {})));
    const missing = [...fields].filter((field) => !new RegExp(`\`[^\`]*\\b${field}\\b[^\`]*\``).test(readme));
    assert.deepEqual(missing, []);
  });
});
