/**
 * The pages below `docs/` and the page for partners tell the truth: see `snippets.ts`. The guide
 * to validating a service and the README have tests of their own beside this.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';
import { snippetsAreTrue, snippetsOf } from './snippets.ts';

const OWN_TEST = ['VALIDATE-YOUR-SERVICE.md'];

const pages = [
  ...readdirSync(join(projectRoot(), 'docs'))
    .filter((name) => name.endsWith('.md') && !OWN_TEST.includes(name))
    .sort()
    .map((name) => `docs/${name}`),
  'contracts/PARTNERS.md',
  'scenarios/README.md',
];

describe('the pages for users', () => {
  it('have snippets to execute', () => {
    assert.ok(pages.flatMap(snippetsOf).filter(({ ends }) => ends !== undefined).length >= 4);
  });

  for (const page of pages) describe(page, () => snippetsAreTrue(page));
});
