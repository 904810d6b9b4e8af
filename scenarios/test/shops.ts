/**
 * Runs an example of `examples/` twice over real sockets, the shop with its bug and its corrected
 * twin, through the same bad minute. What the machine lacks is a skip with its reason.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { loadScenario, loadTarget, onTarget, runScenario, type RunResult } from '../index.ts';

const EXAMPLES = join(projectRoot(), 'examples');

export interface Shop {
  /** Folder in `examples/`. */
  folder: string;
  /** What must work before the shop can be built, run in its folder; else the proof is skipped. */
  needs: string;
  /** The two files that hold all of its logic. */
  files: readonly [withBug: string, corrected: string];
  /** Invariants that the bug must violate. */
  violates: readonly string[];
}

/** The longest of the corrections, in lines that were added or taken away. */
const MOST_CHANGED_LINES = 12;

export function proveShop(what: string, shop: Shop): void {
  describe(what, () => {
    let runs: Promise<[RunResult, RunResult]>;
    before(function () {
      const lacks = whatIsLacking(shop);
      if (lacks !== undefined) {
        for (const test of this.test?.parent?.tests ?? []) Object.assign(test, { skipReason: lacks });
        this.skip();
      }
      runs = Promise.all([play(shop, 'target'), play(shop, 'target-corrected')]);
      // Each test looks at one of them; none may end the process before it is looked at.
      runs.catch(() => undefined);
    });

    it(`with the bug is caught by ${shop.violates.join(' and ')}`, async () => {
      const [{ verdict, invariants }] = await runs;
      const violated = invariants.filter((one) => one.verdict === 'fail').map(({ id }) => id);
      assert.equal(verdict, 'fail');
      for (const id of shop.violates) assert.ok(violated.includes(id), `${id} is not among ${violated.join(', ')}`);
    });

    it('corrected comes through all of it', async () => {
      const [, { judged }] = await runs;
      const open = judged.invariants.filter(({ verdict }) => verdict === 'fail' || verdict === 'unknown');
      const unmet = judged.expectations.filter(({ met }) => !met).map(({ text }) => text);
      assert.deepEqual([...open.map(({ id, reason, violations }) => [id, reason, violations]), ...unmet], []);
      assert.equal(judged.verdict, 'pass');
    });

    it('is corrected by a few lines', () => {
      const [withBug, corrected] = shop.files.map((file) => linesOf(join(EXAMPLES, shop.folder, file)));
      const changed = [...onlyIn(withBug ?? [], corrected ?? []), ...onlyIn(corrected ?? [], withBug ?? [])];
      assert.ok(changed.length > 0 && changed.length <= MOST_CHANGED_LINES, changed.join('\n'));
    });
  });
}

function play(shop: Shop, file: string): Promise<RunResult> {
  const target = loadTarget(join(EXAMPLES, shop.folder, `${file}.yaml`));
  const told = onTarget(loadScenario(join(EXAMPLES, 'bad-minute.yaml')), target);
  if (told.kind === 'not-applicable') throw new Error(told.reason);
  return runScenario({ scenario: told.scenario, seed: '1', driver: 'http', target });
}

function whatIsLacking({ folder, needs }: Shop): string | undefined {
  const tried = spawnSync('/bin/sh', ['-c', needs], { cwd: join(EXAMPLES, folder), encoding: 'utf8' });
  if (tried.status === 0) return undefined;
  return `\`${needs}\` fails: ${tried.stderr.trim().split('\n').at(-1) ?? ''}`;
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

function onlyIn(these: readonly string[], those: readonly string[]): string[] {
  const left = [...those];
  return these.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
