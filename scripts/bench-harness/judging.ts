/**
 * How long a large history takes to be read and judged, and how much memory: in a process of its
 * own, so that nothing else is counted. The history is that of the three days, told again and
 * again with other names until it has as many events as asked for.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HISTORY_SCHEMA_VERSION, type HistoryEvent } from '../../kernel/index.ts';
import { runScenario } from '../../scenarios/index.ts';
import { THREE_DAYS } from './days.ts';
import type { Measured } from './run.ts';

/** Names of things: `pay_…`, `att_…`, `player-3`, `dep-17`. */
const NAMES = /\b((?:[a-z]{2,8}_[A-Za-z0-9]{8,})|(?:player|dep)-[0-9]+)\b/g;

export async function measureJudging(events: number): Promise<Measured[]> {
  const { history } = await runScenario({ scenario: THREE_DAYS, seed: 'judge', driver: 'virtual' });
  const dir = mkdtempSync(join(tmpdir(), 'assay-judge-'));
  const file = join(dir, 'history.ndjson');
  const written = writeMany(file, history, events);
  const program = fileURLToPath(new URL('./judge-file.ts', import.meta.url));
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', program, file], {
    encoding: 'utf8',
  });
  rmSync(dir, { recursive: true, force: true });
  if (status !== 0) throw new Error(`judging ended with ${String(status)}: ${stderr}`);
  const seen = JSON.parse(stdout) as { wallMs: number; cpuMs: number; peakMib: number; verdict: string };
  const details = { ...seen, events: written };
  return [
    {
      what: `a history of ${written.toLocaleString('en')} events read and judged`,
      value: Math.round(seen.wallMs / 100) / 10,
      unit: 's',
      goal: 20,
      details,
    },
    { what: 'its memory at the most', value: Math.round(seen.peakMib), unit: 'MiB', goal: 1024, details: {} },
  ];
}

/** @returns how many events were written. */
function writeMany(file: string, history: readonly HistoryEvent[], wanted: number): number {
  const out = openSync(file, 'w');
  writeSync(out, `${JSON.stringify({ schema: HISTORY_SCHEMA_VERSION })}\n`);
  let written = 0;
  for (let copy = 0; written < wanted; copy += 1) {
    const offset = written;
    const renamed =
      copy === 0 ? history : (JSON.parse(JSON.stringify(history).replace(NAMES, `$1x${copy}`)) as HistoryEvent[]);
    const lines = renamed.map((event) =>
      JSON.stringify({
        ...event,
        i: event.i + offset,
        ...(event.cause === undefined ? {} : { cause: event.cause + offset }),
      }),
    );
    writeSync(out, `${lines.join('\n')}\n`);
    written += lines.length;
  }
  closeSync(out);
  return written;
}
