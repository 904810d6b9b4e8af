/**
 * `npm run lint:openapi`: Redocly's rules over the documents in `openapi/` (`redocly.yaml`), with
 * everything off that would speak to the network: usage statistics and the look for a newer version.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../kernel/index.ts';

const root = projectRoot();
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules', '@redocly', 'cli', 'bin', 'cli.js'), 'lint', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      REDOCLY_TELEMETRY: 'off',
      REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
      // What Redocly will need one day is no finding of ours.
      REDOCLY_SUPPRESS_NOTIFICATIONS: 'true',
    },
  },
);
process.exitCode = status ?? 255;
