/**
 * Starts simulator and service as the process `assay up` and learns from its one line of JSON
 * where they listen.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot, UserError } from '../kernel/index.ts';

export interface Stack {
  service: { url: string; apiKey: string };
  /** Base URL of the simulator's control API, without `/v1`. */
  control: string;
  psps: { name: string; dialect: string }[];
  /** Ends the process and waits for its end. */
  stop(): Promise<void>;
}

export interface StartStackOptions {
  environment: Record<string, string | undefined>;
  onText: (text: string) => void;
  signal?: AbortSignal;
}

/** @throws UserError when `assay up` ended before it was ready; its own message went to `onText`. */
export function startStack({ environment, onText, signal }: StartStackOptions): Promise<Stack> {
  const child = spawn(process.execPath, [join(projectRoot(), 'bin', 'assay.js'), 'up', '--json', '--any-port'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  signal?.addEventListener('abort', () => void stop(), { once: true });
  child.stderr.on('data', (chunk: Buffer) => onText(chunk.toString()));

  return new Promise((resolve, reject) => {
    let text = '';
    child.once('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      const before = text;
      text += chunk.toString();
      if (before.includes('\n') || !text.includes('\n')) return;
      const { service, control, psps } = JSON.parse(text.slice(0, text.indexOf('\n'))) as Omit<Stack, 'stop'>;
      resolve({ service, control, psps, stop });
    });
    void ended.then((code) =>
      reject(
        new UserError(
          `simulator and service did not start (assay up ended with ${code ?? 'a signal'})`,
          'Its message is above; try `node bin/assay.js up` by itself.',
          255,
        ),
      ),
    );
  });
}
