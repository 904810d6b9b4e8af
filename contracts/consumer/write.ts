/**
 * `npm run contracts`: lets the adapters write the committed pacts anew, then verifies the
 * simulator against them. What changed is then to be read in the diff: it is what the service
 * asks of a PSP from now on.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../kernel/index.ts';

function mocha(files: string, environment: Record<string, string>): boolean {
  const program = join(projectRoot(), 'node_modules', 'mocha', 'bin', 'mocha.js');
  const { status } = spawnSync(process.execPath, [program, files], {
    cwd: projectRoot(),
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
  return status === 0;
}

// One after the other: the provider tests read the files that the consumer tests write.
const ok =
  mocha('contracts/consumer/**/*.test.ts', { WRITE_PACTS: '1' }) && mocha('contracts/{,provider/**/}*.test.ts', {});
process.exitCode = ok ? 0 : 1;
