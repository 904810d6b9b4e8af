/**
 * Schemathesis, a second opinion that shares no code with ours: it reads the documents and tries the
 * running service and the control API. Needs Python: `pip install schemathesis==4.25.0`, or what
 * `scripts/install-schemathesis.sh` puts into `.assay/tools`.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { conformanceConfig } from './config.ts';
import { openService, PLATFORM_KEY, type ServiceWorld } from './world.ts';

const INSTALLED = join(projectRoot(), '.assay', 'tools', 'schemathesis', 'bin', 'st');

/**
 * What is not asked of the answers. Rules beyond a schema (a currency must exist, a summary covers 92
 * days) refuse what fits it; a query parameter that nobody knows is left aside, as those are that PSPs
 * and browsers add to an address; and `traffic: null` of a dry run counts as left out.
 */
const NOT_ASKED = ['positive_data_acceptance', 'negative_data_rejection'];

/** The program that there is, or null. */
function findSchemathesis(): string | null {
  const found = [INSTALLED, 'st'].find(
    (program) => (program !== INSTALLED || existsSync(program)) && spawnSync(program, ['--version']).status === 0,
  );
  return found ?? null;
}

describe('Schemathesis', () => {
  let world: ServiceWorld;
  let program: string;

  before(async function () {
    const found = findSchemathesis();
    if (found === null) {
      for (const test of this.test?.parent?.tests ?? [])
        Object.assign(test, { skipReason: 'Schemathesis was not found; scripts/install-schemathesis.sh installs it' });
      this.skip();
    }
    program = found;
    world = await openService();
  });
  after(() => world?.close());

  async function run(document: string, url: string, more: readonly string[]): Promise<void> {
    const child = spawn(
      program,
      [
        ...['run', join(projectRoot(), 'openapi', document), '--url', url, '--no-color'],
        ...['--phases', 'examples,coverage', '--seed', String(conformanceConfig().seed), '--request-timeout', '30'],
        ...['--exclude-checks', NOT_ASKED.join(',')],
        ...more,
      ],
      { cwd: mkdtempSync(join(tmpdir(), 'assay-schemathesis-')), stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    assert.equal(code, 0, said.slice(-6_000));
  }

  it('finds nothing wrong with the control API', () =>
    run('simulator-control.yaml', world.controlUrl, ['--exclude-operation-id', 'reset']));

  it('finds nothing wrong with the service', () =>
    run('payments.yaml', world.service.url, ['--header', `Authorization: Bearer ${PLATFORM_KEY}`]));
});
