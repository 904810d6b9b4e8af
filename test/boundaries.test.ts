/**
 * The import rules of the house can fail: each is broken on purpose in a scratch tree, and the
 * boundary check must name exactly the rule that was broken. The real tree must be clean.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';

interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

const CLEAN: Record<string, string> = {
  'kernel/index.ts': 'export type Clock = number;\nexport const now = 1;\n',
  'kernel/clock.ts': 'export const clock = 1;\n',
  'openapi/generated/payments.ts': 'export type Payment = string;\n',
  'psp-simulator/index.ts': "export { bank } from './core/bank.ts';\n",
  'psp-simulator/core/bank.ts': "import type { Clock } from '../../kernel/index.ts';\nexport const bank: Clock = 1;\n",
  'psp-simulator/dialects/dialect.ts': 'export const dialect = 1;\n',
  'psp-simulator/dialects/acme/index.ts': "export { dialect } from '../dialect.ts';\n",
  'psp-simulator/dialects/stripe/index.ts': 'export const stripe = 1;\n',
  'psp-simulator/faults/latency.ts': 'export const latency = 1;\n',
  'reference-service/index.ts': "export { app } from './app.ts';\n",
  'reference-service/app.ts': "import { store } from './adapters/postgres/store.ts';\nexport const app = store;\n",
  'reference-service/domain/money.ts': 'export const money = 1;\n',
  'reference-service/ports/store.ts': "export { money } from '../domain/money.ts';\n",
  'reference-service/application/initiate.ts': "export { money } from '../ports/store.ts';\n",
  'reference-service/adapters/postgres/store.ts': "export { money as store } from '../../ports/store.ts';\n",
  'reference-service/http/routes.ts': "export { money } from '../application/initiate.ts';\n",
  'scenarios/index.ts': 'export const scenarios = 1;\n',
  'scenarios/drivers/virtual.ts':
    "export { bank } from '../../psp-simulator/index.ts';\nexport { app } from '../../reference-service/index.ts';\n",
  'scenarios/mutants/credit-early.ts': "export { app } from '../../reference-service/index.ts';\n",
  'scenarios/runner/run.ts':
    "import type { Payment } from '../../openapi/generated/payments.ts';\nexport const run: Payment = '';\n",
  'load/run.ts': 'export const load = 1;\n',
  'contracts/verify/verify.ts': 'export const verify = 1;\n',
  'cli/assay.ts': "export { scenarios } from '../scenarios/index.ts';\n",
};

const BREAKS: { rule: string; breaks: string; file: string; text: string }[] = [
  {
    rule: 'door',
    breaks: 'entering a folder past its index.ts',
    file: 'cli/run.ts',
    text: "export { run } from '../scenarios/runner/run.ts';\n",
  },
  {
    rule: 'door',
    breaks: 'entering the kernel past its index.ts',
    file: 'scenarios/runner/time.ts',
    text: "export { clock } from '../../kernel/clock.ts';\n",
  },
  {
    rule: '1-products-apart',
    breaks: 'a simulator that imports the service',
    file: 'psp-simulator/webhooks/x.ts',
    text: "export { app } from '../../reference-service/index.ts';\n",
  },
  {
    rule: '1-service-apart',
    breaks: 'a service that imports the simulator',
    file: 'reference-service/workers/x.ts',
    text: "export { bank } from '../../psp-simulator/index.ts';\n",
  },
  {
    rule: '1-simulator-without-sdk',
    breaks: "a simulator that signs with the PSP's own SDK",
    file: 'psp-simulator/dialects/stripe/signature.ts',
    text: "export { default } from 'stripe';\n",
  },
  {
    rule: '2-kernel-knows-no-payments',
    breaks: 'a kernel that imports a product',
    file: 'kernel/x.ts',
    text: "export { scenarios } from '../scenarios/index.ts';\n",
  },
  {
    rule: '3-products-only-in-drivers',
    breaks: 'a runner that imports the service',
    file: 'scenarios/runner/x.ts',
    text: "export { app } from '../../reference-service/index.ts';\n",
  },
  {
    rule: '3-mutants-swap-service-parts',
    breaks: 'a mutant that imports the simulator',
    file: 'scenarios/mutants/x.ts',
    text: "export { bank } from '../../psp-simulator/index.ts';\n",
  },
  {
    rule: '3-load-speaks-http',
    breaks: 'a load run that imports the service',
    file: 'load/x.ts',
    text: "export { app } from '../reference-service/index.ts';\n",
  },
  {
    rule: '3-k6-is-not-node',
    breaks: 'a journey that imports what runs in Node',
    file: 'load/journeys/x.ts',
    text: "export { load } from '../run.ts';\n",
  },
  {
    rule: '3-verify-ships-to-partners',
    breaks: 'a partner command that imports the simulator',
    file: 'contracts/verify/x.ts',
    text: "export { bank } from '../../psp-simulator/index.ts';\n",
  },
  {
    rule: '4-domain-is-pure',
    breaks: 'a domain that imports a package',
    file: 'reference-service/domain/x.ts',
    text: "export { default } from 'pg';\n",
  },
  {
    rule: '4-domain-is-pure',
    breaks: 'a domain that imports Node',
    file: 'reference-service/domain/x.ts',
    text: "export { readFileSync } from 'node:fs';\n",
  },
  {
    rule: '4-core-is-pure',
    breaks: 'a core that imports a fault',
    file: 'psp-simulator/core/x.ts',
    text: "export { latency } from '../faults/latency.ts';\n",
  },
  {
    rule: '4-kernel-types-only',
    breaks: 'a domain that calls the kernel',
    file: 'reference-service/domain/x.ts',
    text: "export { now } from '../../kernel/index.ts';\n",
  },
  {
    rule: '4-application-knows-ports',
    breaks: 'an application that imports an adapter',
    file: 'reference-service/application/x.ts',
    text: "export { store } from '../adapters/postgres/store.ts';\n",
  },
  {
    rule: '4-ports-are-contracts',
    breaks: 'a port that imports the application',
    file: 'reference-service/ports/x.ts',
    text: "export { money } from '../application/initiate.ts';\n",
  },
  {
    rule: '4-adapters-implement-ports',
    breaks: 'an adapter that imports the application',
    file: 'reference-service/adapters/postgres/x.ts',
    text: "export { money } from '../../application/initiate.ts';\n",
  },
  {
    rule: '4-only-app-composes',
    breaks: 'a route that imports an adapter',
    file: 'reference-service/http/x.ts',
    text: "export { store } from '../adapters/postgres/store.ts';\n",
  },
  {
    rule: '5-dialects-apart',
    breaks: 'a dialect that imports another',
    file: 'psp-simulator/dialects/acme/x.ts',
    text: "export { stripe } from '../stripe/index.ts';\n",
  },
  {
    rule: '5-faults-are-neutral',
    breaks: 'a fault that knows a dialect',
    file: 'psp-simulator/faults/x.ts',
    text: "export { stripe } from '../dialects/stripe/index.ts';\n",
  },
  {
    rule: 'no-cycles',
    breaks: 'a file that needs its own user',
    file: 'scenarios/runner/cycle.ts',
    text: "export * from './cycle-N.ts';\n",
  },
  {
    rule: 'declared',
    breaks: 'production code on a development package',
    file: 'scenarios/runner/x.ts',
    text: "export { version } from 'typescript';\n",
  },
  {
    rule: 'resolvable',
    breaks: 'an import of nothing',
    file: 'scenarios/runner/x.ts',
    text: "export { nothing } from './nothing.ts';\n",
  },
];

describe('import rules', () => {
  const root = projectRoot();
  let scratch = '';

  before(() => {
    scratch = mkdtempSync(join(tmpdir(), 'assay-boundaries-'));
    for (const name of ['stripe', 'pg', 'typescript']) {
      write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
      write(`node_modules/${name}/index.js`, 'exports.version = 1;\n');
    }
    for (const file of ['tsconfig.json', 'package.json', '.dependency-cruiser.cjs'])
      copyFileSync(join(root, file), join(scratch, file));
    for (const [file, text] of Object.entries(CLEAN)) write(file, text);
    // One file per break, so that a single check sees them all.
    for (const [index, { file, text }] of BREAKS.entries()) {
      write(numbered(file, index), text.replaceAll('-N.ts', `-${index}.ts`));
    }
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  function write(file: string, text: string): void {
    const path = join(scratch, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  const numbered = (file: string, index: number): string => file.replace(/\.ts$/, `-${index}.ts`);

  function violations(folder: string): Violation[] {
    const depcruise = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    const run = spawnSync(
      process.execPath,
      [depcruise, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', '.'],
      {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 1e9,
      },
    );
    assert.ok(run.stdout.startsWith('{'), run.stderr);
    return (JSON.parse(run.stdout) as { summary: { violations: Violation[] } }).summary.violations;
  }

  it('name exactly the rule that is broken, for every rule', () => {
    const found = violations(scratch);
    for (const [index, { file, rule, breaks }] of BREAKS.entries()) {
      const rules = found
        .filter((violation) => violation.from === numbered(file, index))
        .map((violation) => violation.rule.name);
      assert.ok(rules.includes(rule), `${breaks}: expected ${rule}, found ${rules.join(', ') || 'nothing'}`);
    }
    const innocent = found.filter((violation) => Object.hasOwn(CLEAN, violation.from));
    assert.deepEqual(innocent, [], 'a rule accuses a file that keeps it');
  });

  it('are all broken by this test', () => {
    const config = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string }[];
    };
    const covered = new Set(BREAKS.map(({ rule }) => rule));
    assert.deepEqual(
      config.forbidden.map(({ name }) => name).filter((name) => !covered.has(name)),
      [],
    );
  });

  it('hold in the whole tree', () => {
    assert.deepEqual(
      violations(root).map((violation) => `${violation.rule.name}: ${violation.from} → ${violation.to}`),
      [],
    );
  });
});
