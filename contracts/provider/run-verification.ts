/** Runs a verification (by default `verify.ts`) as a process and brings its findings back. What it prints is shown only when it dies. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';
import type { Finding } from './verify.ts';

/** @throws Error when the process ends without findings */
export function runVerification(paths: readonly string[], name = 'verify.ts'): Promise<Finding[]> {
  const program = join(projectRoot(), 'contracts', 'provider', name);
  const child = fork(program, paths, {
    cwd: projectRoot(),
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const endChild = (): void => void child.kill();
  process.once('exit', endChild);
  const printed: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => printed.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => printed.push(chunk));
  return new Promise((resolve, reject) => {
    let findings: Finding[] | undefined;
    child.on('message', (message) => {
      findings = message as Finding[];
    });
    child.once('error', reject);
    child.once('close', () => {
      process.off('exit', endChild);
      if (findings !== undefined) resolve(findings);
      else reject(new Error(`the verification died:\n${Buffer.concat(printed).toString('utf8')}`));
    });
  });
}
