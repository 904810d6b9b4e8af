/** How long `assay run` takes until its first scenario begins: the whole command less the run itself. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import { percentile } from './meter.ts';
import type { Measured } from './run.ts';

const TIMES = 5;

export function measureStart(): Promise<Measured[]> {
  const starts: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    const out = mkdtempSync(join(tmpdir(), 'assay-start-'));
    const began = performance.now();
    const args = ['bin/assay.js', 'run', 'happy-day', '--json', '--out', out];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: projectRoot(), encoding: 'utf8' });
    const wholeMs = performance.now() - began;
    rmSync(out, { recursive: true, force: true });
    if (status !== 0) throw new Error(`assay run happy-day ended with ${String(status)}`);
    const { runs } = JSON.parse(stdout) as { runs: { wallMs: number }[] };
    starts.push(wholeMs - (runs[0]?.wallMs ?? 0));
  }
  return Promise.resolve([
    {
      what: `start of assay run: median of ${TIMES}`,
      value: Math.round(percentile(starts, 0.5)),
      unit: 'ms',
      goal: 3_000,
      details: { slowestMs: Math.round(Math.max(...starts)) },
    },
  ]);
}
