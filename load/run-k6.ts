/**
 * Runs one journey in k6 and hands over its operations as they end. k6 prints one line per
 * operation into a file, which is read while it grows.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, UserError, type Clock } from '../kernel/index.ts';
import type { K6 } from './find-k6.ts';
import type { OperationLine } from './lib/k6/operation-line.ts';
import type { JourneyPlan } from './lib/k6/profile.ts';

const K6_OK = 0;
const K6_THRESHOLDS_MISSED = 99;
const LOOK_EVERY_MS = 200;
const READ_AT_ONCE = 1 << 20;

export interface RunK6Options {
  k6: K6;
  journey: string;
  plan: JourneyPlan;
  apiKey: string;
  /** An existing folder for the plan, the operations and the summary. */
  folder: string;
  clock: Clock;
  environment: Record<string, string | undefined>;
  /** Which part of the load this is: the `part`-th of `parts`. */
  segment?: { part: number; parts: number };
  onLine: (line: OperationLine) => void;
  onText: (text: string) => void;
  signal?: AbortSignal;
}

/**
 * Whether all thresholds were met.
 * @throws UserError (255) when k6 itself could not run the script; its text went to `onText`.
 */
export async function runK6(options: RunK6Options): Promise<{ thresholdsMet: boolean }> {
  const { k6, journey, plan, folder, clock, segment, signal } = options;
  const planFile = join(folder, 'plan.json');
  const linesFile = join(folder, 'operations.ndjson');
  writeFileSync(planFile, JSON.stringify(plan));
  writeFileSync(linesFile, '');
  const args = ['run', '--no-usage-report', '--quiet', '--log-format', 'raw', '--console-output', linesFile];
  const script = join(projectRoot(), 'load', 'journeys', `${journey}.ts`);
  const child = spawn(k6.path, [...args, ...segmentArguments(segment), script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A Ctrl-C reaches a whole group: k6 would hear it twice, and end without its summary.
    detached: true,
    env: {
      ...options.environment,
      PLAN: planFile,
      API_KEY: options.apiKey,
      OUT_DIR: folder,
      K6_NO_USAGE_REPORT: 'true',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    },
  });
  const stop = (): void => void child.kill('SIGINT');
  const end = (): void => void child.kill('SIGKILL');
  process.once('exit', end);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted === true) stop();
  const say = (chunk: Buffer): void => options.onText(chunk.toString().replaceAll(/^Request Failed\n?/gm, ''));
  child.stdout.on('data', say);
  // Each request that failed says only that it did; how many and why is in the report.
  child.stderr.on('data', say);
  let code: number | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (given) => {
      code = given ?? -1;
      resolve();
    });
  });
  ended.catch(() => undefined);
  const reader = lineReader(linesFile, options.onLine);
  try {
    while (code === undefined) {
      await Promise.race([ended, clock.sleep(LOOK_EVERY_MS)]);
      reader.read();
    }
    reader.read();
  } finally {
    reader.close();
    signal?.removeEventListener('abort', stop);
    process.off('exit', end);
  }
  if (code !== K6_OK && code !== K6_THRESHOLDS_MISSED)
    throw new UserError(
      `k6 could not run the journey ${journey} (its exit code is ${code})`,
      'Its own message is above; try `k6 inspect` on the journey.',
      255,
    );
  return { thresholdsMet: code === K6_OK };
}

/** `0:1/3` and the sequence of all parts, as k6 wants them. */
export function segmentArguments(segment: RunK6Options['segment']): string[] {
  if (segment === undefined) return [];
  const { part, parts } = segment;
  const edge = (n: number): string => (n === 0 ? '0' : n === parts ? '1' : `${n}/${parts}`);
  const sequence = Array.from({ length: parts + 1 }, (_, n) => edge(n)).join(',');
  return ['--execution-segment', `${edge(part - 1)}:${edge(part)}`, '--execution-segment-sequence', sequence];
}

/** Reads the whole lines that a growing file has got since the last time. */
function lineReader(path: string, onLine: (line: OperationLine) => void): { read(): void; close(): void } {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(READ_AT_ONCE);
  let rest = '';
  return {
    read: () => {
      for (;;) {
        const length = readSync(file, buffer, 0, READ_AT_ONCE, null);
        if (length === 0) return;
        const lines = (rest + buffer.toString('utf8', 0, length)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line.startsWith('{')) onLine(JSON.parse(line) as OperationLine);
      }
    },
    close: () => closeSync(file),
  };
}
