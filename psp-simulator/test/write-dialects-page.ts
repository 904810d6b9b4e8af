/** Writes `docs/DIALECTS.md` from the results of the SDK suites; run them first: `npx mocha 'psp-simulator/test/sdk-*.test.ts'`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { projectRoot } from '../../kernel/index.ts';
import { dialectsPage, sdkResults, SDKS } from './dialects-page.ts';

const results = sdkResults();
const missing = SDKS.filter((sdk) => !results.some((result) => result.sdk === sdk));
if (missing.length > 0) {
  process.stderr.write(
    `No results of ${missing.join(', ')}. Run the SDK suites first: npx mocha 'psp-simulator/test/sdk-*.test.ts'\n`,
  );
  process.exit(1);
}
const file = join(projectRoot(), 'docs', 'DIALECTS.md');
writeFileSync(file, await format(await dialectsPage(results), { ...(await resolveConfig(file)), filepath: file }));
process.stdout.write(`${file}\n`);
