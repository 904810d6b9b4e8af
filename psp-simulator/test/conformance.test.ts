/** Every dialect passes the conformance suite, spoken to by its own probe. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../kernel/index.ts';
import { conformanceSuite } from '../conformance/suite.ts';
import type { DialectProbe } from '../conformance/probe.ts';
import { DIALECTS } from '../dialects/index.ts';

for (const name of Object.keys(DIALECTS)) {
  const file = join(projectRoot(), 'psp-simulator', 'dialects', name, 'test', 'probe.ts');
  if (!existsSync(file)) {
    it(`${name} has a probe`, () => assert.fail(`${name} has no test/probe.ts`));
    continue;
  }
  const { probe } = (await import(pathToFileURL(file).href)) as { probe: DialectProbe };
  conformanceSuite(probe);
}
