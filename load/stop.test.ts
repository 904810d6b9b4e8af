/**
 * A load run that a person stops, in each of its phases: nothing is left running, what was
 * measured until then is told, and nothing is judged. k6 is played by a few lines of shell.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RunStopped } from '../scenarios/index.ts';
import type { OperationLine } from './lib/k6/operation-line.ts';
import type { LoadResult } from './result.ts';
import { runLoad } from './run.ts';

const LINE: OperationLine = {
  ...{ kind: 'deposit', op: 'dep-1', psp: 'acme', method: 'card', token: 'card_ok', player: 'player-1', key: 'k' },
  ...{ minor: 1000, at: 1, http: 0, id: '', txn: '', redirect: '', error: 'no answer', status: '', done: false },
  ...{ initMs: 1, observedMs: 15_000 },
};

/** Prints one operation; then it ends, or goes on until it is told to stop. */
function playedK6(folder: string, goesOn: boolean): string {
  const path = join(folder, 'k6');
  const after = goesOn ? 'trap "exit 105" INT\nwhile :; do sleep 0.05; done' : 'exit 0';
  const find = 'while [ "$1" != "--console-output" ]; do shift; done';
  const text = `#!/bin/sh\necho $$ > "$PID_FILE"\n${find}\necho '${JSON.stringify(LINE)}' >> "$2"\n${after}\n`;
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

describe('stopping a load run', () => {
  /** Stops as soon as `when` is what is done. */
  async function stopped(when: 'start' | 'traffic' | 'settle'): Promise<{ result: LoadResult; pidFile: string }> {
    const folder = mkdtempSync(join(tmpdir(), 'assay-stop-'));
    const pidFile = join(folder, 'pid');
    const stop = new AbortController();
    if (when === 'start') stop.abort();
    const result = await runLoad({
      ...{ journey: 'deposit', profile: 'smoke', seconds: 1, outDir: join(folder, 'runs'), runId: 'r', replay: 'r' },
      k6: { path: playedK6(folder, when === 'traffic'), version: 'k6 (played)' },
      environment: { ...process.env, PID_FILE: pidFile },
      onText: () => undefined,
      onProgress: (phase, ended) => {
        if (phase === when && ended > 0) stop.abort();
      },
      signal: stop.signal,
    });
    return { result, pidFile };
  }

  it('before the load began leaves nothing to report', async () => {
    await assert.rejects(stopped('start'), RunStopped);
  });

  for (const phase of ['traffic', 'settle'] as const)
    it(`during ${phase} ends k6 and tells what was measured until then`, async () => {
      const { result, pidFile } = await stopped(phase);
      assert.deepEqual([result.stopped, result.verdict, result.exitCode], [true, 'unknown', 2]);
      assert.equal(result.measurement.groups[0]?.started, 1);
      assert.deepEqual(result.invariants, []);
      assert.ok(existsSync(join(result.outDir, 'operations.ndjson')));
      const pid = Number(readFileSync(pidFile, 'utf8'));
      assert.throws(() => process.kill(pid, 0), /ESRCH/, `k6 (${pid}) is still running`);
    });
});
