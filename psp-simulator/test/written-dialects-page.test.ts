/** `docs/DIALECTS.md` says what the suites of the official SDKs did in this very run; its name lets it run after them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../../kernel/index.ts';
import { dialectsPage, sdkResults, SDKS } from './dialects-page.ts';

describe('docs/DIALECTS.md', () => {
  it('is what the results of the SDK suites make of it, and no capability failed', async () => {
    const results = sdkResults();
    const missing = SDKS.filter((sdk) => !results.some((result) => result.sdk === sdk));
    assert.deepEqual(missing, [], "run the SDK suites before: npx mocha 'psp-simulator/test/sdk-*.test.ts'");
    for (const { sdk, capabilities } of results)
      for (const [name, result] of Object.entries(capabilities)) assert.notEqual(result, 'failed', `${sdk}: ${name}`);
    const file = join(projectRoot(), 'docs', 'DIALECTS.md');
    const expected = await format(await dialectsPage(results), { ...(await resolveConfig(file)), filepath: file });
    assert.equal(readFileSync(file, 'utf8'), expected, 'run: npx tsx psp-simulator/test/write-dialects-page.ts');
  });
});
