/**
 * A running `assay psp` as a person or a script starts it: the real process, on free ports, in a
 * folder of its own.
 */
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, projectRoot } from '../kernel/index.ts';

export const BIN = join(projectRoot(), 'bin', 'assay.js');

export interface Started {
  control: string;
  proxy: string | null;
  ca: string | null;
  psps: { name: string; dialect: string; url: string; https: string | null; credentials: Record<string, string> }[];
}

export interface RunningPsps {
  started: Started;
  /** Everything printed after the first line, one object per line. */
  events(): Record<string, unknown>[];
  /** Resolves with the first event that fits; rejects when the process ends before. */
  event(fits: (event: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  stop(): Promise<number | null>;
}

export interface Finished {
  exitCode: number | null;
  out: string;
  err: string;
}

/** A folder that is gone after the test. */
export function scratchFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'assay-psp-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function assayIn(cwd: string, args: string[], env: Record<string, string> = {}): Finished {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { exitCode: status, out: stdout, err: stderr };
}

/** Ports for PSPs whose address must be known before they start. */
export async function portsFor(dialects: readonly string[]): Promise<string[]> {
  const choices: string[] = [];
  for (const dialect of dialects) choices.push('--psp', `${dialect}:${await freePort()}`);
  return [...choices, '--control-port', String(await freePort()), '--proxy-port', String(await freePort())];
}

/** Starts `assay psp --json` and waits until it says where everything listens. */
export async function startPsps(
  cwd: string,
  args: string[],
  command: readonly string[] = [process.execPath, BIN],
): Promise<RunningPsps> {
  const [program = '', ...before] = command;
  const child: ChildProcessWithoutNullStreams = spawn(program, [...before, 'psp', ...args, '--json'], { cwd });
  let out = '';
  let err = '';
  const ended = once(child, 'close');
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const more = async (): Promise<void> => {
    const over = await Promise.race([once(child.stdout, 'data').then(() => false), ended.then(() => true)]);
    if (over) throw new Error(`assay psp ended:\n${err}`);
  };
  while (!out.includes('\n')) await more();
  if (out.startsWith('{"error"')) throw new Error(out);
  const lines = (): Record<string, unknown>[] =>
    out
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    started: lines()[0] as unknown as Started,
    events: () => lines().slice(1),
    event: async (fits) => {
      for (;;) {
        const found = lines().slice(1).find(fits);
        if (found !== undefined) return found;
        await more();
      }
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      await ended;
      return child.exitCode;
    },
  };
}
