/**
 * Carries out one verb of Assay in a process of its own and reads its JSON: a part of the battery
 * that breaks cannot take the others with it, and the dossier can name the command of each.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createRealClock, projectRoot } from '../../kernel/index.ts';
import { EXIT } from '../support/exit-codes.ts';

export interface ChildResult {
  exitCode: number;
  /** The one JSON object of `--json`; empty when the verb printed none. */
  json: Record<string, unknown>;
  wallMs: number;
}

/** The child's own progress goes to our standard error. Stopped by a SIGTERM, which the verb ends cleanly on. */
export async function runAssay(args: readonly string[], signal: AbortSignal): Promise<ChildResult> {
  const clock = createRealClock();
  const began = clock.elapsed();
  const child = spawn(process.execPath, [join(projectRoot(), 'bin', 'assay.js'), ...args, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? EXIT.internal));
  }).finally(() => signal.removeEventListener('abort', stop));
  return { exitCode, json: readJson(text), wallMs: Math.round(clock.elapsed() - began) };
}

function readJson(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
