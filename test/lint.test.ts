/**
 * Lint can fail: every way around the kernel's clock, chance, ids and network is tried in a
 * file that may not use it, and in the one place that may.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { projectRoot } from '../kernel/index.ts';

const FORBIDDEN: Record<string, string> = {
  'the time of day': 'export const t = Date.now();',
  'a date of now': 'export const t = new Date();',
  'a date as text': 'export const t = Date();',
  'the monotonic clock': 'export const t = performance.now();',
  'process.hrtime': 'export const t = process.hrtime();',
  'a timer': 'setTimeout(() => {}, 1);',
  'a timer through the global object': 'globalThis.setInterval(() => {}, 1);',
  'a turn of the event loop': 'setImmediate(() => {});',
  'the timers module': "import { setTimeout as sleep } from 'node:timers/promises';\nawait sleep(1);",
  'a signal with a time-out': 'export const s = AbortSignal.timeout(1);',
  chance: 'export const r = Math.random();',
  'a random id': 'export const id = crypto.randomUUID();',
  'a random id by import': "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();",
  'random bytes by import': "import { randomBytes } from 'crypto';\nexport const id = randomBytes(8);",
  'global fetch': "export const answer = await fetch('http://127.0.0.1');",
  'fetch through the global object': "export const answer = await globalThis.fetch('http://127.0.0.1');",
  'the environment': 'export const home = process.env.HOME;',
};

const ALLOWED: [file: string, text: string][] = [
  ['reference-service/domain/x.ts', 'export const t = new Date(0).toISOString();'],
  [
    'reference-service/application/x.ts',
    "import { createHash } from 'node:crypto';\nexport const h = createHash('sha256');",
  ],
  ['kernel/clock/x.ts', 'export const t = Date.now() + performance.now();'],
  ['kernel/random/x.ts', "import { randomUUID } from 'node:crypto';\nexport const id = randomUUID();"],
  ['reference-service/config.ts', 'export const url = process.env.DATABASE_URL;'],
  ['cli/x.ts', 'export const url = process.env.DATABASE_URL;'],
  ['psp-simulator/test/x.test.ts', "export const answer = await fetch('http://127.0.0.1');"],
];

describe('lint', () => {
  const eslint = new ESLint({
    cwd: projectRoot(),
    // The tried files do not exist, so the rules that need types cannot run on them.
    overrideConfig: [{ files: ['**/*.ts'], ...tseslint.configs.disableTypeChecked }],
  });

  async function complaints(file: string, text: string): Promise<(string | null)[]> {
    const [result] = await eslint.lintText(text, { filePath: join(projectRoot(), file) });
    return (result?.messages ?? []).map((message) => message.ruleId);
  }

  for (const [what, text] of Object.entries(FORBIDDEN)) {
    it(`keeps ${what} out of the products`, async () => {
      for (const file of ['reference-service/application/x.ts', 'psp-simulator/core/x.ts', 'scenarios/runner/x.ts']) {
        const found = await complaints(file, text);
        assert.ok(
          found.some((rule) => rule?.startsWith('no-restricted-')),
          `${file}: ${found.join(', ') || 'no complaint'}`,
        );
      }
    });
  }

  for (const [file, text] of ALLOWED) {
    it(`lets ${file} say: ${text.replaceAll('\n', ' ')}`, async () => {
      assert.deepEqual(await complaints(file, text), []);
    });
  }
});
