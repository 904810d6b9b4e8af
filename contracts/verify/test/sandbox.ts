/** A simulated Stripe as somebody's sandbox, known to the partner command by nothing but a partner.yaml. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createRealClock, createTcpNetwork, freePort, type Network } from '../../../kernel/index.ts';
import type { Control } from '../../provider/control.ts';
import { startSimulator } from '../../provider/simulator-process.ts';
import type { Result } from '../check.ts';
import { runVerify, type RunOptions } from '../run.ts';
import { readyControl } from '../simulated-partner.ts';
import type { Summary } from '../reports/summary.ts';

export interface Sandbox {
  folder: string;
  url: string;
  credentials: Record<string, string>;
  control: Control;
  network: Network;
  /** The file of the example, with these fields instead. @returns its path */
  configure(fields?: Record<string, unknown>): string;
  verify(fields: Record<string, unknown>, only: readonly string[], more?: Partial<RunOptions>): Promise<Summary>;
  /** Text of a report of the latest run. */
  report(name: string): string;
  close(): Promise<void>;
}

export const verdictsOf = ({ stages }: Summary): Record<string, string> =>
  Object.fromEntries(resultsOf(stages).map(({ id, finding }) => [id, finding.verdict]));

export const resultsOf = (stages: Summary['stages']): Result[] => stages.flatMap(({ results }) => results);

export async function startSandbox(): Promise<Sandbox> {
  const clock = createRealClock();
  const network = createTcpNetwork({ clock });
  const folder = mkdtempSync(join(tmpdir(), 'assay-sandbox-'));
  const port = await freePort();
  const simulator = await startSimulator(clock, ['stripe'], `http://127.0.0.1:${port}/hooks`);
  const [psp] = simulator.psps;
  if (psp === undefined) throw new Error('the simulator started no PSP');
  const { url, credentials } = psp;
  const control = await readyControl({ network, clock, url: simulator.control, psp: psp.name });
  process.env['SANDBOX_API_KEY'] = credentials['apiKey'] ?? '';
  process.env['SANDBOX_WEBHOOK_SECRET'] = credentials['webhookSecret'] ?? '';

  const configure = (fields: Record<string, unknown> = {}): string => {
    const path = join(folder, 'partner.yaml');
    const file = {
      partner: 'Example Payments',
      dialect: 'stripe',
      base_url: url,
      credentials: { apiKey: { env: 'SANDBOX_API_KEY' }, webhookSecret: { env: 'SANDBOX_WEBHOOK_SECRET' } },
      webhooks: { source: 'receive', listen: `127.0.0.1:${port}`, wait_seconds: 30, retry_wait_seconds: 30 },
      ...fields,
    };
    writeFileSync(path, stringify(file));
    return path;
  };
  const outDir = join(folder, 'out');
  return {
    folder,
    url,
    credentials,
    control,
    network,
    configure,
    verify: async (fields, only, more = {}) =>
      (await runVerify({ config: configure(fields), only, lastFailed: false, outDir, ...more })).summary,
    report: (name) => readFileSync(join(outDir, name), 'utf8'),
    close: async () => {
      await simulator.stop();
      await network.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
